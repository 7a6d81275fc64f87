"""The lexemes of documents, behind those of their agreement's card; what stands already waits to be read."""

from django.db import migrations

from partnerships.search.cards import documents


class Migration(migrations.Migration):
    dependencies = [("partnerships", "0017_document_texts")]

    operations = [
        migrations.RunSQL(*documents.STORAGE),
        *(migrations.RunSQL(install, remove) for install, remove in documents.FUNCTIONS),
        *(migrations.RunSQL(install, remove) for install, remove in documents.TRIGGERS),
        migrations.RunSQL(documents.FILL, migrations.RunSQL.noop),
    ]
