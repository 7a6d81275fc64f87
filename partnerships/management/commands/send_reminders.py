"""``manage.py send_reminders``: send what is due now, or say what would be."""

from datetime import date

from django.core.management.base import BaseCommand
from django.db import transaction
from django.utils import timezone

from partnerships.services.reminders.planning import plan_reminders
from partnerships.services.reminders.sending import send_reminders
from partnerships.services.reminders.writing import entries_of


class Command(BaseCommand):
    """May run as often as one likes: each reminder is sent once."""

    help = "Sends reminders of deadlines by e-mail."

    def add_arguments(self, parser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="say what would be sent, and send nothing")
        parser.add_argument(
            "--on", type=date.fromisoformat, default=None, metavar="DATE", help="as if it were this day"
        )

    def handle(self, *args, dry_run: bool, on: date | None, **options) -> None:
        on = on or timezone.localdate()
        if not dry_run:
            print(f"{send_reminders(on=on)} mails sent.")
            return
        with transaction.atomic():
            for mail in plan_reminders(on=on):
                for entry in entries_of(mail, on):
                    print(f"{mail.recipient.email}: {entry.agreement.title}: {entry.what}")
            transaction.set_rollback(True)
