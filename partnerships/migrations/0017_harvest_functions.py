"""What harvesters are told follows the records; what stands already is told from the beginning."""

from django.db import migrations

from partnerships.search.cards import harvest


class Migration(migrations.Migration):
    dependencies = [("partnerships", "0016_clock_ticks")]

    operations = [
        *(migrations.RunSQL(install, remove) for install, remove in harvest.FUNCTIONS),
        *(migrations.RunSQL(install, remove) for install, remove in harvest.TRIGGERS),
        migrations.RunSQL(harvest.FILL, migrations.RunSQL.noop),
    ]
