"""The way by which PostgreSQL answers eight requests: every large table is entered by an index.

A small table would be read whole, and rightly so. With that forbidden, the plan shows whether there is
another way at all. By which index each request goes stands in ``tests/plans.json``;
``ENTENTE_PLANS=write`` writes that file.
"""

import json
import os
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core.management import call_command
from django.db import connection

from partnerships.models import Agreement, FocusArea
from partnerships.search.answers import COUNTED
from partnerships.search.tsquery import compile_clauses

pytestmark = pytest.mark.django_db

PLANS = Path(__file__).parents[2] / "plans.json"
FACETS = "facets=country,type,status,focus_area,activity"
AGREEMENTS = 1_500


@pytest.fixture
def registry(monkeypatch):
    """Enough records that going through a whole index is dearer than entering one."""
    with connection.cursor() as cursor:
        # Which cards are in the sample hangs on their numbers.
        cursor.execute("ALTER SEQUENCE partnerships_agreement_id_seq RESTART WITH 1000000")
    call_command("make_synthetic", agreements=AGREEMENTS, seed=1, verbosity=0)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
        cursor.execute("SET LOCAL enable_seqscan = off")
    monkeypatch.setattr("partnerships.search.answers._known_cards", lambda: AGREEMENTS)


def plans_of(read) -> dict[str, list[str]]:
    """The nodes that enter a table, by table, of every statement that ``read`` sends."""
    asked = []

    def note(execute, sql, params, many, context):
        asked.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        read()
    entered: dict[str, set[str]] = {}
    with connection.cursor() as cursor:
        for sql, params in asked:
            if sql.lstrip().startswith(("SELECT", "WITH")):
                cursor.execute(f"EXPLAIN (FORMAT JSON) {sql}", params)
                for node in nodes(cursor.fetchone()[0][0]["Plan"]):
                    if "Relation Name" in node:
                        entered.setdefault(node["Relation Name"], set()).update(ways_into(node))
    return {table: sorted(ways) for table, ways in sorted(entered.items())}


def nodes(plan: dict):
    yield plan
    for part in plan.get("Plans", ()):
        yield from nodes(part)


def ways_into(node: dict) -> set[str]:
    """The indexes by which a node enters its table; its kind where there is none."""
    indexes = {
        part["Index Name"] + ("" if "Index Cond" in part else ", in its order")
        for part in nodes(node)
        if "Index Name" in part
    }
    return indexes or {node["Node Type"]}


def word_on(fewest: int, most: int) -> str:
    """A word that so many cards carry."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT word FROM ts_stat('SELECT words FROM partnerships_indexcard') "
            "WHERE ndoc BETWEEN %s AND %s AND word ~ '^[a-z]{6,}$' ORDER BY word LIMIT 1",
            [fewest, most],
        )
        return cursor.fetchone()[0]


def three_filters() -> str:
    agreement = Agreement.objects.filter(subjects__isnull=False).order_by("pk").first()
    country = agreement.parties.exclude(institution__country=None).first().institution.country_id
    subject = FocusArea.objects.filter(uses__agreement=agreement).first()
    return f"country={country}&status=ended&focus_area={subject.uid}"


def questions(api) -> dict[str, str]:
    cursor = parse_qs(urlsplit(api.read("agreements/?cursor=&page_size=25")["next"]).query)["cursor"][0]
    # In quotation marks: stems that no card has count for more in a small table than in a large one.
    narrow, broad = f'"{word_on(3, 6)}"', word_on(200, 400)
    return {
        "newest": "",
        "three filters": f"?{three_filters()}",
        "search, narrow": f"?q={narrow}",
        "search, broad": f"?q={broad}",
        "search and facets, narrow": f"?q={narrow}&{FACETS}",
        "search and facets, broad": f"?q={broad}&{FACETS}",
        "record": f"{Agreement.objects.order_by('pk').first().uid}/",
        "deep": f"?cursor={cursor}",
    }


def test_every_large_table_is_entered_by_an_index(api, registry, monkeypatch):
    plans = {}
    for name, path in questions(api).items():
        # As if what is broad were more than is counted one by one.
        counted = 0 if "broad" in name else COUNTED
        monkeypatch.setattr("partnerships.search.answers.COUNTED", counted)
        monkeypatch.setattr("partnerships.search.samples.COUNTED", counted)
        api.read(f"agreements/{path}")  # which makes the records ready
        compile_clauses.cache_clear()
        plans[name] = plans_of(lambda: api.read(f"agreements/{path}"))  # noqa: B023
    whole = {
        f"{name}: {table}" for name, ways in plans.items() for table in ways if "Seq Scan" in ways[table]
    }
    assert not whole
    if os.environ.get("ENTENTE_PLANS") == "write":
        PLANS.write_text(json.dumps(plans, indent=2) + "\n")
    assert plans == json.loads(PLANS.read_text())
