"""``manage.py work``: do the jobs that pages hand over, until told to stop."""

from django_tasks_db.management.commands.db_worker import Command as WorkerCommand

from config.parent import end_with_parent


class Command(WorkerCommand):
    """The queue's own worker, which ends when ``serve`` does."""

    help = "Does jobs (imports, texts of documents, reminders) until SIGTERM or Ctrl-C."

    def handle(self, **options) -> None:
        end_with_parent()
        super().handle(**options)
