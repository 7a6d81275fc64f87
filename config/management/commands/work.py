"""``manage.py work``: do jobs, tell what changes and deliver it to webhooks, until told to stop."""

import threading

from django_tasks_db.management.commands.db_worker import Command as WorkerCommand

from config.parent import end_with_parent
from partnerships.services.feed.waiting import keep_telling
from partnerships.services.webhooks.waiting import keep_delivering

#: How long deliveries under way may go on, in seconds: what is cut off is delivered twice.
_LAST_DELIVERIES = 8


class Command(WorkerCommand):
    """The queue's own worker, which ends when ``serve`` does; beside it, changes are told and delivered."""

    help = "Does jobs (imports, texts of documents, reminders) and tells changes until SIGTERM or Ctrl-C."

    def handle(self, **options) -> None:
        end_with_parent()
        stop = threading.Event()
        # A job may take an hour; the feed must not wait for it. What is cut off is told by the next worker.
        threading.Thread(target=keep_telling, args=[stop], daemon=True, name="teller").start()
        deliverer = threading.Thread(target=keep_delivering, args=[stop], daemon=True, name="deliverer")
        deliverer.start()
        try:
            super().handle(**options)
        finally:
            stop.set()
            deliverer.join(_LAST_DELIVERIES)
