"""Is this PostgreSQL fit for the registry? One question, asked at start, by the checks and by /readyz."""

import importlib.util

OLDEST_VERSION = 150000

# ``isalpha`` of LC_CTYPE decides what pg_trgm takes for a letter: in a C locale every Korean,
# Greek or Cyrillic name has no trigrams at all, and searches quietly find nothing.
_QUESTION = """
    SELECT current_setting('server_version_num')::int,
           pg_encoding_to_char(encoding), datctype
    FROM pg_database WHERE datname = current_database()
"""


def database_problems(connection) -> list[str]:
    """Return what is wrong with the connected database, each with its remedy; empty when fit.

    Args:
        connection: a Django database connection.

    Raises:
        django.db.Error: the database does not answer.
    """
    with connection.cursor() as cursor:
        cursor.execute(_QUESTION)
        version, encoding, ctype = cursor.fetchone()
    problems = []
    if version < OLDEST_VERSION:
        problems.append(f"PostgreSQL {version // 10000} is too old: use PostgreSQL 15 or newer.")
    if encoding != "UTF8":
        problems.append(f"The database's encoding is {encoding}: {_remedy('ENCODING UTF8')}")
    if ctype.upper() in {"C", "POSIX"}:
        problems.append(
            f"The database's LC_CTYPE is {ctype}, in which names outside ASCII cannot be searched: "
            + _remedy("LC_CTYPE 'C.UTF-8'")
        )
    return problems


def _remedy(option: str) -> str:
    return (
        f"dump it, create it anew with CREATE DATABASE … {option} TEMPLATE template0, and restore the dump."
    )


def driver_problem() -> str | None:
    """Return a sentence when psycopg 3 is importable, because Django would silently prefer it."""
    if importlib.util.find_spec("psycopg") is None:
        return None
    return "psycopg 3 is installed, and Django would use it in place of psycopg2: pip uninstall psycopg."
