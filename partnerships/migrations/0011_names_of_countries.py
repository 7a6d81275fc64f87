"""What countries are called, in other languages too, and those names among the findable ones."""

import gettext
from collections.abc import Iterator

import django.contrib.postgres.indexes
import django.db.models.deletion
import pycountry
from django.db import migrations, models

from partnerships.search import sql

#: Languages in which a country can be asked for: our tag, and the catalogue of pycountry.
LANGUAGES = {
    tag: tag
    for tag in ("ar", "bn", "de", "el", "es", "fa", "fr", "he", "hi", "id", "it", "ja", "ko", "nl", "pl", "pt",
                "ru", "th", "tr", "uk", "ur", "vi")
} | {"zh-Hans": "zh_CN", "zh-Hant": "zh_TW"}  # fmt: skip

#: Names in use that neither ISO 3166-1 nor the catalogues know, by language.
IN_USE = {
    "en": {
        "AE": ["UAE"],
        "BN": ["Brunei"],
        "CD": ["DR Congo", "Congo-Kinshasa"],
        "CG": ["Congo-Brazzaville"],
        "CI": ["Ivory Coast"],
        "CV": ["Cape Verde"],
        "GB": ["UK", "Great Britain", "Britain"],
        "KP": ["DPRK"],
        "KR": ["Korea", "Republic of Korea", "ROK"],
        "MK": ["Macedonia"],
        "MM": ["Burma"],
        "MO": ["Macau"],
        "NL": ["Holland", "The Netherlands"],
        "RU": ["Russia"],
        "SZ": ["Swaziland"],
        "TL": ["East Timor"],
        "TR": ["Turkey"],
        "US": ["USA", "America"],
        "VA": ["Vatican"],
    },
    "ko": {"KR": ["한국"], "KP": ["북한"], "RU": ["러시아"], "TR": ["터키"], "TW": ["대만"]},
    "ru": {"RU": ["Россия"]},
}


def seed_names(apps, schema_editor):
    """Write the names of all countries that stand; those that are there already stay."""
    standing = set(apps.get_model("partnerships", "Country").objects.values_list("code", flat=True))
    name = apps.get_model("partnerships", "CountryName")
    rows = [
        name(country_id=code, value=value, kind=kind, language=language)
        for code, value, kind, language in [*_in_english(), *_in_use(), *_in_other_languages()]
        if code in standing
    ]
    name.objects.bulk_create(rows, ignore_conflicts=True)


def _in_english() -> Iterator[tuple[str, str, str, str]]:
    for country in pycountry.countries:
        if hasattr(country, "common_name"):
            yield country.alpha_2, country.name, "alias", "en"


def _in_use() -> Iterator[tuple[str, str, str, str]]:
    for language, countries in IN_USE.items():
        for code, names in countries.items():
            yield from ((code, name, "alias", language) for name in names)


def _in_other_languages() -> Iterator[tuple[str, str, str, str]]:
    for tag, catalogue in LANGUAGES.items():
        translated = gettext.translation("iso3166-1", pycountry.LOCALES_DIR, [catalogue]).gettext
        for country in pycountry.countries:
            known = {getattr(country, part, "") for part in ("name", "common_name")} - {""}
            # What nobody has translated comes back as it is.
            for value in sorted({translated(name) for name in known} - known):
                yield country.alpha_2, value, "label", tag


class Migration(migrations.Migration):
    dependencies = [
        ("partnerships", "0010_short_columns_in_line"),
    ]

    operations = [
        migrations.CreateModel(
            name="CountryName",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "country",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="names",
                        to="partnerships.country",
                    ),
                ),
                ("value", models.CharField(max_length=200, verbose_name="name")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("label", "In another language"),
                            ("alias", "Also known as"),
                        ],
                        default="label",
                        max_length=10,
                    ),
                ),
                ("language", models.CharField(blank=True, max_length=35)),
            ],
            options={
                "ordering": ["pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("country", "value", "kind", "language"), name="country_name_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["label", "alias"])),
                        name="country_name_kind_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("value__regex", "^\\s*$"), _negated=True),
                        name="country_name_not_empty",
                        violation_error_message="“value” must not be empty.",
                    ),
                ],
            },
        ),
        migrations.AlterField(
            model_name="findablename",
            name="kind",
            field=models.CharField(
                choices=[
                    ("institution", "Institution"),
                    ("person", "Person"),
                    ("focusarea", "Focus Area"),
                    ("event", "Event"),
                    ("country", "Country"),
                ],
                max_length=12,
            ),
        ),
        *(migrations.RunSQL(install, remove) for install, remove in sql.COUNTRY_TRIGGERS),
        migrations.RunSQL(sql.COUNTRY_FILL, sql.COUNTRY_CLEAR),
        migrations.RunPython(seed_names, migrations.RunPython.noop),
        # Last: an index is made faster than it is kept.
        migrations.AddIndex(
            model_name="findablename",
            index=django.contrib.postgres.indexes.GinIndex(
                django.contrib.postgres.indexes.OpClass("folded", "gin_trgm_ops"),
                condition=models.Q(("kind", "country")),
                fastupdate=False,
                name="findable_country_begins",
            ),
        ),
        migrations.AddIndex(
            model_name="findablename",
            index=django.contrib.postgres.indexes.GinIndex(
                condition=models.Q(("kind", "country")),
                fastupdate=False,
                fields=["words"],
                name="findable_country_words",
            ),
        ),
    ]
