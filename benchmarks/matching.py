"""How often a name leads to its institution, as it is asked while typing and importing.

    DATA_DIR=/tmp/entente-bench .venv/bin/python -m benchmarks.matching FILE [--sample N] [--seed S]

Names of a ROR dump are drawn at random and changed as people change them: one slip of the fingers,
accents dropped, the acronym instead, the name in another language. Each is asked with the country of
its institution and without. Acronyms that several institutions carry are told apart from the others:
without a country nobody could say which is meant. The dump is imported into the database of ``DATA_DIR``.
"""

import argparse
import os
import random
import statistics
import time
from collections import defaultdict
from typing import NamedTuple

from benchmarks.suggestions import plain, slip

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")


class Question(NamedTuple):
    """What is asked, in which country, and every institution that would be a right answer."""

    typed: str
    country: str | None
    right: frozenset[int]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("file")
    parser.add_argument("--sample", type=int, default=2_000, help="names of each kind")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--no-import", action="store_true", help="the dump is in the database already")
    options = parser.parse_args()

    from config.commands import database_for

    with database_for(["manage.py", "migrate"]):
        import django

        django.setup()
        from django.core.management import call_command
        from django.db import connection

        call_command("migrate", verbosity=0)
        if not options.no_import:
            call_command("import_ror", options.file)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        report(options.sample, random.Random(options.seed))  # noqa: S311


def report(sample: int, chance: random.Random) -> None:
    """Print a line for each kind of question, with the country and without."""
    print(
        f"{'asked by':<28}{'country':>9}{'names':>7}{'first':>8}{'in five':>9}{'median':>10}{'95 of 100':>12}"
    )
    for kind, questions in drawn(sample, chance).items():
        for given in (False, True):
            first, five, median, most = measured(questions, given)
            print(f"{kind:<28}{'given' if given else '—':>9}{len(questions):>7}{first:>8.1%}{five:>9.1%}"
                  f"{median:>7.1f} ms{most:>9.1f} ms", flush=True)  # fmt: skip


def drawn(sample: int, chance: random.Random) -> dict[str, list[Question]]:
    """Questions of each kind."""
    from partnerships.models import FindableName, Institution

    rows = FindableName.objects.filter(kind="institution").order_by("pk")
    names = list(rows.values_list("value", "folded", "name_kind", "language", "target"))
    chance.shuffle(names)
    owners = defaultdict(set)
    for _, folded, *_, target in names:
        owners[folded].add(target)
    countries = dict(Institution.objects.values_list("pk", "country_id"))
    shown = {target: folded for _, folded, kind, _, target in names if kind == "name"}

    def asked(found, change=lambda text: text):
        return [
            Question(change(value), countries[target], frozenset(owners[folded]))
            for value, folded, _, _, target in found[:sample]
        ]

    whole = [row for row in names if row[2] != "acronym"]
    acronyms = [row for row in names if row[2] == "acronym"]
    return {
        "one typo": asked(whole, lambda text: slip(text, chance)),
        "dropped accents": asked([row for row in whole if plain(row[0]) != row[0]], plain),
        "another language": asked([row for row in whole if row[2] == "label" and row[1] != shown[row[4]]]),
        "acronym, of one": asked([row for row in acronyms if len(owners[row[1]]) == 1]),
        "acronym, of several": [
            # The very institution is wanted, whoever else carries the acronym.
            Question(value, countries[target], frozenset({target}))
            for value, folded, _, _, target in [row for row in acronyms if len(owners[row[1]]) > 1][:sample]
        ],
    }


def measured(questions: list[Question], given: bool) -> tuple[float, float, float, float]:
    """Share of right answers in first place and in the first five, median and 95th percentile of ms."""
    from django.contrib.auth.models import AnonymousUser

    from partnerships.services.candidates import candidates

    first = five = 0
    times = []
    for typed, country, right in questions:
        started = time.perf_counter()
        found = candidates(name=typed, user=AnonymousUser(), country=country if given else None)
        times.append((time.perf_counter() - started) * 1000)
        keys = [one.institution.pk for one in found]
        first += bool(right & set(keys[:1]))
        five += bool(right & set(keys[:5]))
    number = len(questions)
    return first / number, five / number, statistics.median(times), statistics.quantiles(times, n=20)[-1]


if __name__ == "__main__":
    main()
