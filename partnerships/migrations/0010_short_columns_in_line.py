"""Short columns of the cards stay in line, in the sample as well: counting looks at them of very many cards."""

from django.db import migrations

_SHORT = ("title", "statuses", "status_days")
_LONG = ("names", "topics", "words")


def _alter(table: str, storage: dict[str, tuple[str, ...]]) -> str:
    return "".join(
        f"ALTER TABLE partnerships_{table} ALTER COLUMN {column} SET STORAGE {kind};"
        for kind, columns in storage.items()
        for column in columns
    )


class Migration(migrations.Migration):
    dependencies = [
        ("partnerships", "0009_partnership_counts"),
    ]

    operations = [
        migrations.RunSQL(
            "ALTER TABLE partnerships_sampledcard SET (toast_tuple_target = 512);"
            + _alter("indexcard", {"MAIN": _SHORT})
            + _alter("sampledcard", {"MAIN": (*_SHORT, "keys"), "EXTERNAL": _LONG}),
            "ALTER TABLE partnerships_sampledcard RESET (toast_tuple_target);"
            + _alter("indexcard", {"EXTENDED": _SHORT})
            + _alter("sampledcard", {"EXTENDED": (*_SHORT, "keys", *_LONG)}),
        ),
    ]
