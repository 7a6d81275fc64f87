from django.core.management.base import BaseCommand, CommandError

from partnerships.services.demo import FactsError, load_demo


class Command(BaseCommand):
    help = "Add the demo agreements and what they name; those that were loaded before are left alone."

    def handle(self, *args, **options):
        try:
            report = load_demo()
        except FactsError as error:
            raise CommandError(f"{error} Nothing was loaded.") from error
        if options["verbosity"]:
            self.stdout.write("\n".join(report.lines()))
