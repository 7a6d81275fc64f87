"""How long a list takes, against the plain way of asking the same.

    DATA_DIR=/tmp/entente-bench .venv/bin/python -m benchmarks.lists --agreements 100000

The baseline is what a Django developer writes first: conditions over joined tables, ``distinct()``
and ``icontains``. Both ask the same rows of the same data in one run; what counts is the ratio.
The database of ``DATA_DIR`` is overwritten with a synthetic registry.
"""

import argparse
import os
import statistics
import time
from collections.abc import Callable

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--agreements", type=int, default=100_000)
    parser.add_argument("--institutions", type=int, default=20_000)
    parser.add_argument("--runs", type=int, default=7)
    options = parser.parse_args()

    from config.commands import database_for

    with database_for(["manage.py", "migrate"]):
        import django

        django.setup()
        from django.core.management import call_command

        from benchmarks.registry import write_registry

        call_command("migrate", verbosity=0)
        write_registry(agreements=options.agreements, institutions=options.institutions)
        print(
            f"{options.agreements:,} agreements, {options.institutions:,} institutions; medians of {options.runs}"
        )
        print(f"{'question':<34}{'baseline':>12}{'entente':>12}{'ratio':>9}")
        for name, plain, ours in questions():
            before, after = (median(ask, options.runs) for ask in (plain, ours))
            print(f"{name:<34}{before:>9.1f} ms{after:>9.1f} ms{before / after:>8.1f}x")


def questions() -> list[tuple[str, Callable, Callable]]:
    """Each question twice: the plain way, and through the filter set that pages and API use."""
    from django.contrib.auth.models import AnonymousUser
    from django.db.models import Q
    from django.http import QueryDict

    from partnerships.filtersets import AgreementFilterSet
    from partnerships.models import Agreement

    stranger = AnonymousUser()
    public = Agreement.objects.filter(publication_state="published", visibility="public")

    def page_and_count(rows):
        return rows.count(), list(rows.order_by("-updated_at", "-pk").values_list("pk", flat=True)[:25])

    def ours(query: str) -> Callable:
        def ask():
            filters = AgreementFilterSet(
                QueryDict(query), Agreement.objects.visible_to(stranger), user=stranger
            )
            return page_and_count(filters.result)

        return ask

    def plain(condition: Q) -> Callable:
        return lambda: page_and_count(public.filter(condition).distinct())

    def words(text: str) -> Q:
        fields = ["title", "summary", "parties__institution__name", "parties__institution__names__value",
                  "statements__person__name", "focus_areas__name"]  # fmt: skip
        condition = Q()
        for field in fields:
            condition |= Q(**{f"{field}__icontains": text})
        return condition

    return [
        ("everything", plain(Q()), ours("")),
        ("country", plain(Q(parties__institution__country="KR")), ours("country=KR")),
        ("activity", plain(Q(activities__kind="secondments")), ours("activity=secondments")),
        ("a frequent word", plain(words("quantum")), ours("q=quantum")),
        ("a rare word", plain(words("no. 4711")), ours('q="no. 4711"')),
        ("a rare name", plain(words("Bkelg")), ours("q=Bkelg")),
    ]


def median(ask: Callable, runs: int) -> float:
    """Median milliseconds of ``ask`` over ``runs`` runs, after one to warm up."""
    ask()
    times = []
    for _ in range(runs):
        started = time.perf_counter()
        ask()
        times.append((time.perf_counter() - started) * 1000)
    return statistics.median(times)


if __name__ == "__main__":
    main()
