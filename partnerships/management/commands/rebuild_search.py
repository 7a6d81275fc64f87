import sys
import time

from django.core.management.base import BaseCommand

from partnerships.services.cards import catch_up, rebuild


class Command(BaseCommand):
    help = "Write the cards that lists and searches read anew, while the registry is in use."

    def add_arguments(self, parser):
        parser.add_argument(
            "--waiting", action="store_true", help="only those that wait because too many changed at once"
        )

    def handle(self, *args, waiting, **options):
        if waiting:
            written = 0
            while done := catch_up():
                written += done
            self.stdout.write(f"{written:,} cards written.")
            return
        self.started = time.monotonic()
        number = rebuild(self.tell)
        self.clear()
        self.stdout.write(f"{number:,} cards written in {time.monotonic() - self.started:.0f} s.")

    def tell(self, done: int, total: int) -> None:
        """Move the bar on a terminal."""
        if sys.stderr.isatty():
            filled = 40 * done // max(total, 1)
            bar = "█" * filled + "·" * (40 - filled)
            self.stderr.write(f"\r{bar} {done:,} of {total:,}", ending="")

    def clear(self) -> None:
        if sys.stderr.isatty():
            self.stderr.write("\r" + " " * 80 + "\r", ending="")
