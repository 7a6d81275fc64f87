from django.core.management.base import BaseCommand, CommandError

from partnerships.api.prepared import records
from partnerships.models import IndexCard
from partnerships.services.cards import differences

_SHOWN = 50


class Command(BaseCommand):
    help = "Hold everything that lists and searches read against the tables; fails where it differs."

    def handle(self, *args, **options):
        found = 0
        for sentence in differences(records):
            found += 1
            if found <= _SHOWN:
                self.stderr.write(sentence)
        if found:
            raise CommandError(f"{found:,} differences; manage.py rebuild_search writes the cards anew.")
        self.stdout.write(f"{IndexCard.objects.count():,} cards are what the tables say.")
