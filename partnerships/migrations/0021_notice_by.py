"""The last day to give notice, as a function of the database."""

from django.db import migrations

from partnerships.deadlines import NOTICE_BY


class Migration(migrations.Migration):
    dependencies = [("partnerships", "0020_owners_and_deadlines")]

    operations = [migrations.RunSQL(NOTICE_BY, "DROP FUNCTION notice_by(date, integer, text)")]
