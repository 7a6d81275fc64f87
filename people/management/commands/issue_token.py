from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from people.models import Office, Scope
from people.services.tokens import issue_token


class Command(BaseCommand):
    help = "Issue an API token for a named system and print it once."

    def add_arguments(self, parser):
        parser.add_argument("name", help="the system that will use the token")
        parser.add_argument(
            "--scope", action="append", required=True, choices=Scope.values, help="may be given several times"
        )
        parser.add_argument("--office", help="name of the office on whose behalf the token acts")

    def handle(self, *args, **options):
        office = None
        if options["office"] and not (office := Office.objects.filter(name=options["office"]).first()):
            raise CommandError(f"There is no office named “{options['office']}”.")
        try:
            _, secret = issue_token(name=options["name"], scopes=sorted(set(options["scope"])), office=office)
        except ValidationError as error:
            raise CommandError("; ".join(error.messages)) from error
        self.stdout.write(secret)
