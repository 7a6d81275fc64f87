from datetime import timedelta

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from people.management.days import expiry
from people.models import ApiToken
from people.services.tokens import OVERLAP, UNCHANGED, rotate_token


class Command(BaseCommand):
    help = "Give an API token a new secret and print it once; the old one works on for a while."

    def add_arguments(self, parser):
        parser.add_argument("name", help="the name of the token")
        parser.add_argument(
            "--overlap",
            type=float,
            default=OVERLAP.total_seconds() / 3600,
            metavar="HOURS",
            help="how long the old secret works on (default: %(default)s); 0: it ends now",
        )
        parser.add_argument(
            "--days",
            type=int,
            help="how long the token works from now on; 0: for ever; as it stands unless given",
        )

    def handle(self, *args, **options):
        token = ApiToken.objects.filter(name=options["name"]).first()
        if token is None:
            raise CommandError(f"There is no token named “{options['name']}”.")
        if not 0 <= options["overlap"] <= 24 * 366:
            raise CommandError("Give the overlap as hours, from 0.")
        now = timezone.now()
        until = now + timedelta(hours=options["overlap"])
        ends = UNCHANGED if options["days"] is None else expiry(options["days"], now)
        try:
            secret = rotate_token(token=token, old_works_until=until, expires_at=ends)
        except ValidationError as error:
            raise CommandError("; ".join(error.messages)) from error
        self.stdout.write(secret)
        token.refresh_from_db()
        if token.old_works():
            self.stderr.write(f"{token.old_prefix}… works until {token.old_works_until:%Y-%m-%d %H:%M} UTC.")
        else:
            self.stderr.write(f"{token.old_prefix}… opens nothing any more.")
