from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from people.management.days import expiry
from people.models import Office, Scope
from people.services.tokens import LASTS, issue_token


class Command(BaseCommand):
    help = "Issue an API token for a named system and print it once."

    def add_arguments(self, parser):
        parser.add_argument("name", help="the system that will use the token")
        parser.add_argument(
            "--scope", action="append", required=True, choices=Scope.values, help="may be given several times"
        )
        parser.add_argument("--office", help="name of the office on whose behalf the token acts")
        parser.add_argument(
            "--days",
            type=int,
            default=LASTS.days,
            help="how long it works (default: %(default)s); 0: for ever",
        )
        parser.add_argument(
            "--network",
            action="append",
            default=[],
            help="from where it may be used, like 192.0.2.0/24; several times; none: from everywhere",
        )
        parser.add_argument("--contact", default="", help="who looks after the system")
        parser.add_argument(
            "--limit", type=int, help="units a minute; 0: no limit; unless given, as RATE_LIMIT_TOKEN says"
        )

    def handle(self, *args, **options):
        office = None
        if options["office"] and not (office := Office.objects.filter(name=options["office"]).first()):
            raise CommandError(f"There is no office named “{options['office']}”.")
        try:
            token, secret = issue_token(
                name=options["name"],
                scopes=sorted(set(options["scope"])),
                office=office,
                expires_at=expiry(options["days"], timezone.now()),
                networks=options["network"],
                contact=options["contact"],
                rate_limit=options["limit"],
            )
        except ValidationError as error:
            raise CommandError("; ".join(error.messages)) from error
        self.stdout.write(secret)
        if token.expires_at:
            # Beside the secret, which a script takes from the standard output.
            self.stderr.write(f"It works until {token.expires_at:%Y-%m-%d %H:%M} UTC.")
