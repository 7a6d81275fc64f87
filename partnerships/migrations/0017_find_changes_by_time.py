"""An index by time of who changed something and why: the desk asks what others changed since a moment."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("partnerships", "0016_owners_and_reminders"),
        ("pghistory", "0001_initial"),
    ]

    operations = [
        migrations.RunSQL(
            "CREATE INDEX IF NOT EXISTS history_context_by_time ON pghistory_context (created_at)",
            "DROP INDEX IF EXISTS history_context_by_time",
        )
    ]
