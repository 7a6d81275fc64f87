"""What is amended shows in records: their cards and ready bodies follow a change of an amendment."""

from django.db import migrations

from partnerships.search import cards


class Migration(migrations.Migration):
    dependencies = [
        ("partnerships", "0014_lifecycle"),
    ]

    operations = [migrations.RunSQL(install, remove) for install, remove in cards.AMENDMENTS]
