"""What the database itself does for the workbench: the last day for notice, words of documents, amended cards."""

from django.db import migrations

from partnerships.deadlines import NOTICE_BY
from partnerships.search import cards
from partnerships.search.cards import documents


class Migration(migrations.Migration):
    dependencies = [("partnerships", "0012_workbench")]

    operations = [
        migrations.RunSQL(NOTICE_BY, "DROP FUNCTION notice_by(date, integer, text)"),
        *(migrations.RunSQL(install, remove) for install, remove in cards.AMENDMENTS),
        migrations.RunSQL(*documents.STORAGE),
        *(migrations.RunSQL(install, remove) for install, remove in documents.FUNCTIONS),
        *(migrations.RunSQL(install, remove) for install, remove in documents.TRIGGERS),
        # What stands already waits to be read.
        migrations.RunSQL(documents.FILL, migrations.RunSQL.noop),
    ]
