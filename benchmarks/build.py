"""The data that is measured on: made once for a size and a seed, then used again."""

from pathlib import Path

from django.core.management import call_command
from django.db import connection

from benchmarks.plain.prepare import prepare


def build(agreements: int, seed: int, institutions: Path | None) -> None:
    """Fill the database of ``DATA_DIR``, unless it holds what is asked for.

    Args:
        institutions: a ROR dump; without one they are invented.
    """
    call_command("migrate", verbosity=0)
    wanted = [agreements, seed, str(institutions or "")]
    if _standing() == wanted:
        return
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS bench_built")
    call_command("make_synthetic", agreements=agreements, seed=seed, institutions=institutions, yes=True)
    prepare()
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE bench_built (agreements integer, seed integer, institutions text)")
        cursor.execute("INSERT INTO bench_built VALUES (%s, %s, %s)", wanted)


def _standing() -> list | None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('bench_built') IS NOT NULL")
        if not cursor.fetchone()[0]:
            return None
        cursor.execute("SELECT agreements, seed, institutions FROM bench_built")
        return list(cursor.fetchone())
