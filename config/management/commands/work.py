"""``manage.py work``: do the jobs that pages hand over, and tell what changes, until told to stop."""

import threading

from django_tasks_db.management.commands.db_worker import Command as WorkerCommand

from config.parent import end_with_parent
from partnerships.services.feed.waiting import keep_telling


class Command(WorkerCommand):
    """The queue's own worker, which ends when ``serve`` does, and beside it who tells the change feed."""

    help = "Does jobs (imports, texts of documents, reminders) and tells changes until SIGTERM or Ctrl-C."

    def handle(self, **options) -> None:
        end_with_parent()
        stop = threading.Event()
        # A job may take an hour; the feed must not wait for it. What is cut off is told by the next worker.
        threading.Thread(target=keep_telling, args=[stop], daemon=True, name="teller").start()
        try:
            super().handle(**options)
        finally:
            stop.set()
