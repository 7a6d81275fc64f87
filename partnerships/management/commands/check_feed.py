import sys

from django.core.management.base import BaseCommand

from partnerships.services.feed import tell_all
from partnerships.services.feed.checking import differences, look_again


class Command(BaseCommand):
    help = "Hold what the change feed told last against the tables; fails, and says where, if it differs."

    def add_arguments(self, parser):
        parser.add_argument(
            "--again",
            action="store_true",
            help="have every record looked at anew first",
        )

    def handle(self, *args, again: bool, **options):
        if again:
            look_again()
        tell_all()
        wrong = False
        for sentence in differences():
            wrong = True
            self.stdout.write(sentence)
        if wrong:
            sys.exit(1)
        self.stdout.write("The feed says what the tables say.")
