"""Rate limits are written at every request: without the log of the database, and in place.

With half of each page left free a changed row stays on its page, and no index is touched.
"""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0005_tokens_and_limits"),
    ]

    operations = [
        migrations.RunSQL(
            """
            ALTER TABLE people_allowance SET UNLOGGED;
            ALTER TABLE people_allowance SET (fillfactor = 50);
            """,
            """
            ALTER TABLE people_allowance RESET (fillfactor);
            ALTER TABLE people_allowance SET LOGGED;
            """,
        ),
    ]
