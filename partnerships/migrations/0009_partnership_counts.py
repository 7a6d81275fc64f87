"""Partnerships from the read model: pairs of institutions, and how many agreements each two share."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

import partnerships.fields
from partnerships.models.sql import PARTY_PAIRS
from partnerships.search.cards import pairs


class Migration(migrations.Migration):
    dependencies = [
        ("partnerships", "0008_no_index_of_summaries"),
    ]

    operations = [
        migrations.CreateModel(
            name="CardPair",
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
                ("rolled_up", models.BooleanField()),
                ("one", models.BigIntegerField()),
                ("other", models.BigIntegerField()),
            ],
            options={
                "db_table": "partnerships_cardpair",
                "managed": False,
            },
        ),
        migrations.CreateModel(
            name="PartnershipCount",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "first_id", "second_id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("agreements", models.IntegerField()),
                ("rolled_up", models.IntegerField()),
                (
                    "first",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="partnerships.institution",
                    ),
                ),
                (
                    "second",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="partnerships.institution",
                    ),
                ),
            ],
        ),
        migrations.RunSQL("DROP VIEW partnerships_partypair", PARTY_PAIRS),
        migrations.DeleteModel(
            name="PartyPair",
        ),
        migrations.AlterModelOptions(
            name="indexcard",
            options={"ordering": ["-updated_at", "-pk"]},
        ),
        migrations.AddIndex(
            model_name="partnershipcount",
            index=models.Index(
                condition=models.Q(("agreements__gt", 0)),
                fields=["-agreements", "-first", "-second"],
                name="partnerships_by_number",
            ),
        ),
        migrations.AddIndex(
            model_name="partnershipcount",
            index=models.Index(
                condition=models.Q(("rolled_up__gt", 0)),
                fields=["-rolled_up", "-first", "-second"],
                name="partnerships_rolled_up",
            ),
        ),
        migrations.AddIndex(
            model_name="partnershipcount",
            index=models.Index(
                condition=models.Q(("agreements", 0), ("rolled_up", 0)),
                fields=["first"],
                name="partnerships_empty",
            ),
        ),
        *(migrations.RunSQL(install, remove) for install, remove in pairs.SQL),
        migrations.RunSQL("SELECT recount_partnerships()", migrations.RunSQL.noop),
    ]
