"""The view from which partnerships are derived, and the countries of ISO 3166-1."""

import pycountry
from django.db import migrations

from partnerships.models.sql import PARTY_PAIRS

#: Assigned by users of the standard, and in use by GeoNames and so by ROR.
KOSOVO = ("XK", "Kosovo", "")


def seed_countries(apps, schema_editor):
    country = apps.get_model("partnerships", "Country")
    rows = [
        (found.alpha_2, getattr(found, "common_name", found.name), getattr(found, "official_name", ""))
        for found in pycountry.countries
    ]
    country.objects.bulk_create(
        country(code=code, name=name, official_name=official) for code, name, official in [*rows, KOSOVO]
    )


class Migration(migrations.Migration):
    dependencies = [("partnerships", "0002_registry")]
    operations = [
        migrations.RunSQL(PARTY_PAIRS, "DROP VIEW partnerships_partypair"),
        migrations.RunPython(seed_countries, migrations.RunPython.noop),
    ]
