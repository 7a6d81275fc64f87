"""``manage.py run_due``: hand over what is due, for installations that do not use ``serve``."""

from django.core.management.base import BaseCommand

from partnerships.tasks import hand_over_due


class Command(BaseCommand):
    """Let a timer call this every minute; a second call at the same time does no harm."""

    help = "Hands jobs that are due to the worker (manage.py work)."

    def handle(self, *args, **options) -> None:
        print(f"{hand_over_due()} jobs handed over.")
