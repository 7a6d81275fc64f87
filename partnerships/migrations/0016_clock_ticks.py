"""What moves the clock: a trigger on each table from which answers are made."""

from django.db import migrations

from partnerships.search import clock


class Migration(migrations.Migration):
    dependencies = [("partnerships", "0015_feed_triggers")]

    operations = [migrations.RunSQL(install, remove) for install, remove in (clock.FUNCTION, *clock.TRIGGERS)]
