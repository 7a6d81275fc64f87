"""Emptying the database after a test that commits, by the rows that stand instead of by the tables.

Django truncates every table and makes content types and permissions anew, which takes longer than most
tests. Here only tables with rows are emptied, and what the migrations brought stays. Where a test changed
the countries, Django's way is taken.
"""

from django.core.management import call_command
from django.db import connection
from django.test import TransactionTestCase

#: What the migrations brought, and no test adds to.
_STAYS = {
    "django_migrations",
    "django_content_type",
    "auth_permission",
    "partnerships_country",
    "partnerships_countryname",
}
#: What they brought, and tests add to: which rows a test leaves behind.
_LEFT = {
    "partnerships_findablename": "kind <> 'country'",
    "partnerships_heading": "facet <> 'status'",
    "partnerships_findableword": "NOT EXISTS (SELECT FROM seeded_word WHERE seeded_word.word = row.word)",
}
_PRINT = """
    SELECT (SELECT md5(string_agg(country::text, '' ORDER BY code)) FROM partnerships_country AS country),
           (SELECT count(*) FROM partnerships_countryname)
"""
_seeded: tuple = ()


def remember_seed() -> None:
    """Note what a new database holds; call before the first test."""
    global _seeded
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE IF NOT EXISTS seeded_word AS SELECT word FROM partnerships_findableword")
        cursor.execute(_PRINT)
        _seeded = cursor.fetchone()


def _empty(case) -> None:
    with connection.cursor() as cursor:
        whole = []
        for table in _with_rows(cursor):
            if left := _LEFT.get(table):
                cursor.execute(f'DELETE FROM "{table}" AS row WHERE {left}')  # noqa: S608
            else:
                whole.append(f'"{table}"')
        if whole:
            # With what points there, which is empty: nothing that stays does.
            cursor.execute(f"TRUNCATE {', '.join(whole)} CASCADE")
        cursor.execute(_PRINT)
        if cursor.fetchone() == _seeded:
            return
    call_command("flush", verbosity=0, interactive=False, reset_sequences=False)


def _with_rows(cursor) -> list[str]:
    tables = set(connection.introspection.table_names(cursor)) - _STAYS - {"seeded_word"}
    asked = " UNION ALL ".join(
        f"SELECT '{table}' WHERE EXISTS (SELECT FROM \"{table}\")"  # noqa: S608
        for table in sorted(tables)
    )
    cursor.execute(asked)
    return [table for (table,) in cursor.fetchall()]


TransactionTestCase._fixture_teardown = _empty
