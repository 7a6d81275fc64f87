"""Counting what a search finds by its index: the same number, and nothing left behind on the connection."""

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from partnerships.models import IndexCard
from partnerships.search.alternatives import _counts
from partnerships.search.answers import _counted_by_index
from tests.factories import AgreementFactory

pytestmark = pytest.mark.django_db(transaction=True)


def setting(name: str = "enable_seqscan") -> str:
    with connection.cursor() as cursor:
        cursor.execute(f"SHOW {name}")
        return cursor.fetchone()[0]


def test_the_number_is_the_same_in_and_out_of_a_transaction():
    for title in ("Quantum one", "Quantum 100 %", "Something else"):
        AgreementFactory(title=title)
    found = IndexCard.objects.filter(words__answers="'quantum'")
    assert _counted_by_index(found) == 2
    assert setting() == "on"
    with transaction.atomic():
        assert _counted_by_index(found) == 2
        assert setting() == "on"


def test_what_cannot_find_anything_is_not_asked():
    assert _counted_by_index(IndexCard.objects.none()) == 0


def test_whether_a_word_stands_anywhere_is_asked_of_its_index():
    """Left to itself PostgreSQL reads a million texts for a word that nobody wrote: 15 seconds and more."""
    AgreementFactory(title="Quantum one")
    with CaptureQueriesContext(connection) as asked:
        assert _counts(["'quantum'", "'nowhere'"], IndexCard.objects.order_by(), most=1) == {0: 1}
    [statement] = asked.captured_queries
    assert "enable_seqscan = off" in statement["sql"] and "enable_indexscan = off" in statement["sql"]
    assert setting() == setting("enable_indexscan") == "on"
    assert _counts([], IndexCard.objects.all()) == {}
    assert _counts(["'quantum'"], IndexCard.objects.none()) == {}
