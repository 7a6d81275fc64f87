"""The read model: an index card an agreement, and the functions and triggers that keep it in step."""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
from django.db import migrations, models

import partnerships.fields
from partnerships.search import cards

#: A card for every agreement that stands, some at a time.
FILL = """
DO $$
DECLARE
    chunk bigint[];
    behind bigint := 0;
BEGIN
    LOOP
        chunk := ARRAY(SELECT id FROM partnerships_agreement WHERE id > behind ORDER BY id LIMIT 500);
        EXIT WHEN chunk = '{}';
        PERFORM refresh_cards(chunk);
        behind := chunk[cardinality(chunk)];
    END LOOP;
END
$$
"""


class Migration(migrations.Migration):
    dependencies = [
        ("partnerships", "0006_findable_names"),
    ]

    operations = [
        migrations.CreateModel(
            name="PreparedRecord",
            fields=[
                (
                    "agreement",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        primary_key=True,
                        related_name="prepared",
                        serialize=False,
                        to="partnerships.agreement",
                    ),
                ),
                ("version", models.BigIntegerField()),
                ("passages", models.JSONField()),
                ("body", models.TextField(null=True)),
                ("good_until", models.DateField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="StaleCard",
            fields=[
                ("agreement_id", models.BigIntegerField(primary_key=True, serialize=False)),
            ],
        ),
        migrations.CreateModel(
            name="Heading",
            fields=[
                ("id", models.AutoField(primary_key=True, serialize=False)),
                (
                    "facet",
                    models.CharField(
                        choices=[
                            ("country", "Country"),
                            ("institution", "Institution"),
                            ("person", "Person"),
                            ("type", "Type"),
                            ("status", "Status today"),
                            ("focus_area", "Focus area"),
                            ("activity", "Activity"),
                            ("event", "Event"),
                            ("year", "Year"),
                        ],
                        max_length=15,
                    ),
                ),
                ("value", models.CharField(max_length=50)),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("facet", "value"), name="heading_once")],
            },
        ),
        migrations.CreateModel(
            name="IndexCard",
            fields=[
                ("publication_state", models.CharField(max_length=10)),
                ("visibility", models.CharField(max_length=10)),
                ("office_id", models.BigIntegerField(null=True)),
                ("created_at", models.DateTimeField()),
                ("updated_at", models.DateTimeField()),
                ("title", models.CharField(max_length=500)),
                ("announced_on", partnerships.fields.PartialDateField(null=True)),
                ("signed_on", partnerships.fields.PartialDateField(null=True)),
                ("effective_from", partnerships.fields.PartialDateField(null=True)),
                ("ends_on", partnerships.fields.PartialDateField(null=True)),
                ("dated_on", models.DateField()),
                (
                    "status_days",
                    django.contrib.postgres.fields.ArrayField(base_field=models.DateField(), size=None),
                ),
                (
                    "statuses",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=12), size=None
                    ),
                ),
                (
                    "keys",
                    django.contrib.postgres.fields.ArrayField(base_field=models.IntegerField(), size=None),
                ),
                (
                    "parties",
                    django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None),
                ),
                (
                    "roots",
                    django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None),
                ),
                ("names", partnerships.fields.LexemesField()),
                ("topics", partnerships.fields.LexemesField()),
                ("words", partnerships.fields.LexemesField()),
                (
                    "agreement",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        primary_key=True,
                        related_name="card",
                        serialize=False,
                        to="partnerships.agreement",
                    ),
                ),
            ],
            options={
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(
                        fastupdate=False, fields=["keys"], name="card_keys"
                    ),
                    django.contrib.postgres.indexes.GinIndex(
                        fastupdate=False, fields=["names"], name="card_names"
                    ),
                    django.contrib.postgres.indexes.GinIndex(
                        fastupdate=False, fields=["topics"], name="card_topics"
                    ),
                    django.contrib.postgres.indexes.GinIndex(
                        fastupdate=False, fields=["words"], name="card_words"
                    ),
                    models.Index(
                        models.OrderBy(models.F("updated_at"), descending=True),
                        models.OrderBy(models.F("agreement"), descending=True),
                        condition=models.Q(("publication_state", "published"), ("visibility", "public")),
                        name="card_by_change",
                    ),
                    models.Index(
                        models.OrderBy(models.F("dated_on"), descending=True),
                        models.OrderBy(models.F("agreement"), descending=True),
                        condition=models.Q(("publication_state", "published"), ("visibility", "public")),
                        name="card_by_date",
                    ),
                    models.Index(
                        models.OrderBy(models.F("signed_on"), descending=True, nulls_last=True),
                        models.OrderBy(models.F("agreement"), descending=True),
                        condition=models.Q(("publication_state", "published"), ("visibility", "public")),
                        name="card_by_signing",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SampledCard",
            fields=[
                ("publication_state", models.CharField(max_length=10)),
                ("visibility", models.CharField(max_length=10)),
                ("office_id", models.BigIntegerField(null=True)),
                ("created_at", models.DateTimeField()),
                ("updated_at", models.DateTimeField()),
                ("title", models.CharField(max_length=500)),
                ("announced_on", partnerships.fields.PartialDateField(null=True)),
                ("signed_on", partnerships.fields.PartialDateField(null=True)),
                ("effective_from", partnerships.fields.PartialDateField(null=True)),
                ("ends_on", partnerships.fields.PartialDateField(null=True)),
                ("dated_on", models.DateField()),
                (
                    "status_days",
                    django.contrib.postgres.fields.ArrayField(base_field=models.DateField(), size=None),
                ),
                (
                    "statuses",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=12), size=None
                    ),
                ),
                (
                    "keys",
                    django.contrib.postgres.fields.ArrayField(base_field=models.IntegerField(), size=None),
                ),
                (
                    "parties",
                    django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None),
                ),
                (
                    "roots",
                    django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None),
                ),
                ("names", partnerships.fields.LexemesField()),
                ("topics", partnerships.fields.LexemesField()),
                ("words", partnerships.fields.LexemesField()),
                (
                    "agreement",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="partnerships.agreement",
                    ),
                ),
            ],
            options={
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(
                        fastupdate=False, fields=["keys"], name="sample_keys"
                    ),
                    django.contrib.postgres.indexes.GinIndex(
                        fastupdate=False, fields=["names"], name="sample_names"
                    ),
                    django.contrib.postgres.indexes.GinIndex(
                        fastupdate=False, fields=["topics"], name="sample_topics"
                    ),
                    django.contrib.postgres.indexes.GinIndex(
                        fastupdate=False, fields=["words"], name="sample_words"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Tally",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("heading", models.IntegerField()),
                ("day", models.DateField()),
                ("change", models.IntegerField()),
            ],
            options={
                "indexes": [
                    models.Index(fields=["heading", "day"], include=("change",), name="tally_by_heading")
                ],
            },
        ),
        *(migrations.RunSQL(install, remove) for install, remove in cards.BEFORE),
        *(migrations.RunSQL(install, remove) for install, remove in cards.FUNCTIONS),
        *(migrations.RunSQL(install, remove) for install, remove in cards.TRIGGERS),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
    ]
