"""Counting what a search finds by its index: the same number, and nothing left behind on the connection."""

import pytest
from django.db import connection, transaction

from partnerships.models import IndexCard
from partnerships.search.answers import _counted_by_index
from tests.factories import AgreementFactory

pytestmark = pytest.mark.django_db(transaction=True)


def setting() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SHOW enable_seqscan")
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
