"""``manage.py deliver_webhooks``: deliver what waits, once or until told to stop."""

import time
from argparse import ArgumentParser

from django.core.management.base import BaseCommand

from partnerships.services.webhooks import deliver

#: How often a process that does nothing else looks for something to do, in seconds.
_EVERY = 1


class Command(BaseCommand):
    """The worker delivers as well; a process of its own does so while the worker is at a long import."""

    help = "Delivers to webhooks what waits; several at once, and beside the worker, do no harm."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--forever", action="store_true", help="go on until SIGTERM or Ctrl-C, for a process of its own"
        )

    def handle(self, *args, forever: bool, **options) -> None:
        made = deliver()
        if not forever:
            print(f"{made} attempts made.")
        while forever:
            try:
                time.sleep(_EVERY)
                deliver()
            except KeyboardInterrupt:
                return
