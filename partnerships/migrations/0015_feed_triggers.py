"""The triggers that write down what waits to be told, and everything that stands already."""

from django.db import migrations

from partnerships.models import telling


class Migration(migrations.Migration):
    dependencies = [("partnerships", "0014_api"), ("people", "0006_allowances_unlogged")]

    operations = [
        *(migrations.RunSQL(install, remove) for install, remove in telling.SQL),
        *(migrations.RunSQL(statement, migrations.RunSQL.noop) for statement in telling.FILL.values()),
    ]
