"""``manage.py deliver_webhooks``: deliver what waits now. The worker does so all the time."""

from django.core.management.base import BaseCommand

from partnerships.services.webhooks import deliver


class Command(BaseCommand):
    """Several at once, and beside the worker, do no harm."""

    help = "Delivers to webhooks what waits now, and ends."

    def handle(self, *args, **options) -> None:
        print(f"{deliver()} attempts made.")
