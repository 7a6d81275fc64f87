"""The index of names: tables, functions, triggers, and a row for every name that stands."""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
from django.contrib.postgres.operations import CreateExtension, UnaccentExtension
from django.db import migrations, models

from partnerships.search import sql


class Migration(migrations.Migration):
    dependencies = [
        ("partnerships", "0005_one_moment_a_transaction"),
        ("people", "0003_one_moment_a_transaction"),
    ]

    operations = [
        UnaccentExtension(),
        CreateExtension("fuzzystrmatch"),
        migrations.CreateModel(
            name="FindableName",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("institution", "Institution"),
                            ("person", "Person"),
                            ("focusarea", "Focus Area"),
                            ("event", "Event"),
                        ],
                        max_length=12,
                    ),
                ),
                ("target", models.BigIntegerField()),
                ("origin", models.CharField(max_length=40)),
                ("origin_row", models.BigIntegerField()),
                ("value", models.TextField()),
                ("name_kind", models.CharField(max_length=10)),
                ("language", models.CharField(max_length=35)),
                ("folded", models.TextField()),
                (
                    "words",
                    django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), size=None),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        django.contrib.postgres.indexes.OpClass("folded", "text_pattern_ops"),
                        name="findable_name_begins",
                    ),
                    django.contrib.postgres.indexes.GinIndex(
                        fastupdate=False, fields=["words"], name="findable_name_words"
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("origin", "origin_row"), name="findable_name_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="FindableWord",
            fields=[
                ("word", models.TextField(primary_key=True, serialize=False)),
                (
                    "variants",
                    django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), size=None),
                ),
            ],
            options={
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(
                        fastupdate=False, fields=["variants"], name="findable_word_variants"
                    )
                ],
            },
        ),
        *(migrations.RunSQL(create, drop) for create, drop in sql.FUNCTIONS),
        *(migrations.RunSQL(fill, migrations.RunSQL.noop) for fill in sql.FILL),
        *(migrations.RunSQL(install, remove) for install, remove in sql.TRIGGERS),
    ]
