import sys

from django.core.management.base import BaseCommand

from partnerships.services.feed import tell_all
from partnerships.services.feed.checking import differences


class Command(BaseCommand):
    help = "Hold what the change feed told last against the tables; fails, and says where, if it differs."

    def handle(self, *args, **options):
        tell_all()
        wrong = False
        for sentence in differences():
            wrong = True
            self.stdout.write(sentence)
        if wrong:
            sys.exit(1)
        self.stdout.write("The feed says what the tables say.")
