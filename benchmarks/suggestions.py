"""How often a suggestion is right, and how long it takes, on the names of a ROR dump.

    DATA_DIR=/tmp/entente-bench .venv/bin/python -m benchmarks.suggestions FILE

Names are drawn at random and changed as people change them: one slip (a letter missing, doubled,
wrong, or two exchanged), accents dropped, or asked for in another language than the one shown. The
baseline is ``icontains`` over all names, whole names first, as the admin's choices are found.
The institutions of the dump are imported into the database of ``DATA_DIR``.
"""

import argparse
import os
import random
import statistics
import time
import unicodedata
from collections.abc import Callable

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("file")
    parser.add_argument("--names", type=int, default=2_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()

    from config.commands import database_for

    with database_for(["manage.py", "migrate"]):
        import django

        django.setup()
        from django.core.management import call_command
        from django.db import connection

        call_command("migrate", verbosity=0)
        call_command("import_ror", options.file)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        report(options.names, random.Random(options.seed))  # noqa: S311


def report(number: int, chance: random.Random) -> None:
    """Print a line for each kind of question."""
    print(f"{'asked by':<22}{'names':>6}{'first':>8}{'in five':>9}{'median':>9}{'95 of 100':>11}"
          f"{'baseline: first':>17}{'in five':>9}{'median':>9}")  # fmt: skip
    for kind, questions in drawn(number, chance).items():
        ours, plain = measured(questions, suggested), measured(questions[:200], contained)
        print(f"{kind:<22}{len(questions):>6}{ours[0]:>8.1%}{ours[1]:>9.1%}{ours[2]:>6.1f} ms{ours[3]:>8.1f} ms"
              f"{plain[0]:>17.1%}{plain[1]:>9.1%}{plain[2]:>6.1f} ms")  # fmt: skip


def drawn(number: int, chance: random.Random) -> dict[str, list[tuple[str, set[int]]]]:
    """Questions of each kind: what is typed, and the institutions that carry the name it was made from."""
    from partnerships.models import FindableName

    names = FindableName.objects.filter(kind="institution").order_by("pk")
    owners: dict[str, set[int]] = {}
    for folded, target in names.values_list("folded", "target"):
        owners.setdefault(folded, set()).add(target)
    whole = list(names.exclude(name_kind="acronym").values_list("value", "folded", "name_kind"))
    chance.shuffle(whole)
    drawn = whole[:number]
    acronyms = list(names.filter(name_kind="acronym").values_list("value", "folded", "name_kind"))
    chance.shuffle(acronyms)
    found = {
        "one slip": [(slip(value, chance), owners[folded]) for value, folded, _ in drawn],
        "accents dropped": [(plain(value), owners[folded]) for value, folded, _ in drawn if plain(value) != value],
        "another name": [(value, owners[folded]) for value, folded, kind in drawn if kind != "name"],
        "acronym": [(value, owners[folded]) for value, folded, _ in acronyms[: number // 4]],
    }  # fmt: skip
    # Of each name one of the three, at random.
    changes = (slip, lambda text, _: plain(text), lambda text, _: text)
    found["one of these"] = [
        (chance.choice(changes)(value, chance), owners[folded]) for value, folded, _ in drawn
    ]
    return {f"{kind}, unique" if kind == "acronym" else kind: rows for kind, rows in found.items()} | {
        "acronym, unique": [row for row in found["acronym"] if len(row[1]) == 1]
    }


def slip(text: str, chance: random.Random) -> str:
    """Return ``text`` with one slip of the fingers."""
    place = chance.randrange(len(text))
    letter = chance.choice([one for one in text if one.isalpha()] or ["a"])
    return chance.choice(
        [
            text[:place] + text[place + 1 :],
            text[:place] + letter + text[place:],
            text[:place] + letter + text[place + 1 :],
            text[:place] + text[place + 1 : place + 2] + text[place : place + 1] + text[place + 2 :],
        ]
    )


def plain(text: str) -> str:
    """Return ``text`` without accents, as on a keyboard that has none."""
    decomposed = unicodedata.normalize("NFD", text)
    bare = "".join(one for one in decomposed if not "\u0300" <= one <= "\u036f")
    return unicodedata.normalize("NFC", bare)


def measured(questions: list, ask: Callable[[str], list[int]]) -> tuple[float, float, float, float]:
    """Share of right answers in first place and in the first five, median and 95th percentile of ms."""
    first = five = 0
    times = []
    for typed, right in questions:
        started = time.perf_counter()
        answer = ask(typed)
        times.append((time.perf_counter() - started) * 1000)
        first += bool(right & set(answer[:1]))
        five += bool(right & set(answer[:5]))
    number = len(questions)
    return first / number, five / number, statistics.median(times), statistics.quantiles(times, n=20)[-1]


def suggested(text: str) -> list[int]:
    from django.contrib.auth.models import AnonymousUser

    from partnerships.search.suggestions import suggest

    found = suggest(text, user=AnonymousUser(), resources=["institutions"], limit=5)
    return [one.record.pk for one in found]


def contained(text: str) -> list[int]:
    from django.contrib.auth.models import AnonymousUser

    from partnerships.models import Institution

    rows = Institution.objects.visible_to(AnonymousUser()).named_like(text).best_first(text)
    return list(rows.values_list("pk", flat=True)[:5])


if __name__ == "__main__":
    main()
