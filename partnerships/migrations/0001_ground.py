"""What the tables stand on: extensions, the domain of partial dates, the rule of publication."""

from django.contrib.postgres.operations import TrigramExtension
from django.db import migrations

from partnerships.fields import CREATE_DOMAIN
from partnerships.models.sql import REQUIRE_PUBLISHABLE


class Migration(migrations.Migration):
    dependencies = []
    operations = [
        TrigramExtension(),
        migrations.RunSQL(CREATE_DOMAIN, "DROP DOMAIN partial_date"),
        migrations.RunSQL(REQUIRE_PUBLISHABLE, "DROP FUNCTION require_publishable(bigint)"),
    ]
