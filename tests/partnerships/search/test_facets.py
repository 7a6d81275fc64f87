"""Facets and counts: what stands under each heading, for whom, and how sure that is."""

import random

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.http import QueryDict

from partnerships.filtersets import AgreementFilterSet
from partnerships.models import AgreementRelation, IndexCard, SampledCard
from partnerships.search import answers, facets, samples
from partnerships.search.answers import Count
from partnerships.search.facets import facets_of
from tests.factories import (
    ActivityFactory,
    AgreementFactory,
    FocusAreaFactory,
    InstitutionFactory,
    SubjectFactory,
    UserFactory,
    publish_now,
)

pytestmark = pytest.mark.django_db


def question(query: str, user=None):
    user = user or AnonymousUser()
    filters = AgreementFilterSet(QueryDict(query), IndexCard.objects.visible_to(user), user=user)
    assert filters.is_valid(), filters.errors
    return filters.question


def counted(query: str, facet: str, user=None) -> dict[str, int]:
    found = facets_of(question(query, user), [facet])[facet]
    assert all(one.count.is_exact for one in found)
    return {one.value: one.count.value for one in found}


def between(*countries: str, **kwargs):
    parties = [InstitutionFactory(country_id=code) for code in countries]
    return AgreementFactory(parties=parties, published=True, **kwargs)


@pytest.mark.parametrize("narrowed", ["", "&type=exchange&type=memorandum_of_understanding"])
def test_each_agreement_counts_once_under_a_heading(narrowed):
    between("KR", "KR", "GB")
    between("KR", "FR")
    assert counted(narrowed, "country") == {"KR": 2, "GB": 1, "FR": 1}


def test_a_facet_ignores_its_own_choice_and_no_other():
    between("KR", "GB", type="exchange")
    between("FR", "DE", type="framework")
    assert counted("country=KR", "country") == {"KR": 1, "GB": 1, "FR": 1, "DE": 1}
    assert counted("country=KR", "type") == {"exchange": 1}
    assert counted("country=KR&type=framework", "country") == {"FR": 1, "DE": 1}


def test_a_subject_counts_for_those_above_it():
    above = FocusAreaFactory()
    below = FocusAreaFactory(parent=above)
    record = AgreementFactory()
    SubjectFactory(agreement=record, focus_area=below)
    publish_now(record)
    assert counted("", "focus_area") == {str(above.pk): 1, str(below.pk): 1}
    assert counted("year=2024", "focus_area") == {}


def test_status_and_year_and_activity():
    record = AgreementFactory(signed_on="2019-05", announced_on="2018")
    ActivityFactory(agreement=record, kind="events")
    ActivityFactory(agreement=record, kind="events")
    publish_now(record)
    for query in ("", "type=memorandum_of_understanding"):
        assert counted(query, "status") == {"signed": 1}
        assert counted(query, "year") == {"2019": 1}
        assert counted(query, "activity") == {"events": 1}


def test_a_hidden_agreement_counts_for_nobody_who_may_not_see_it():
    between("KR", "GB")
    AgreementFactory(parties=[InstitutionFactory(country_id="MN"), InstitutionFactory(country_id="KR")])
    assert counted("", "country") == {"KR": 1, "GB": 1}
    assert counted("q=agreement", "country") == {"KR": 1, "GB": 1}
    assert counted("", "country", UserFactory()) == {"KR": 2, "GB": 1, "MN": 1}


def test_a_hidden_successor_changes_the_status_of_those_who_see_it_alone():
    older = AgreementFactory(published=True, signed_on="2010")
    newer = AgreementFactory(signed_on="2020", visibility="internal")
    AgreementRelation.objects.create(agreement=newer, kind="supersedes", target=older)
    publish_now(newer)
    assert counted("", "status") == {"signed": 1}
    assert counted("", "status", UserFactory()) == {"superseded": 1, "signed": 1}
    assert question("status=signed").count.value == 1
    assert question("status=superseded").count.value == 0


def test_a_tally_and_counting_one_by_one_agree():
    for year in ("2019", "2020", "2020"):
        between("KR", "GB", signed_on=year)
    for query in ("", "country=KR", "year=2020", "status=signed", "type=memorandum_of_understanding"):
        asked = question(query)
        assert asked.count.value == asked.cards().count()


def test_what_is_estimated_says_how_sure_it_is(monkeypatch):
    monkeypatch.setattr(answers, "COUNTED", -1)
    for _ in range(3):
        between("KR", "GB")
    count = question("country=KR&country=GB").count
    assert not count.is_exact
    assert count.low <= 3 <= count.high


def ids_drawn(condition: str, number: int) -> list[int]:
    """Ids that no agreement has, of which a sample would hold each."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT id FROM generate_series(1000000, 1010000) AS id WHERE {condition} LIMIT %s",  # noqa: S608
            [number],
        )
        return [key for (key,) in cursor.fetchall()]


def test_facets_of_very_many_are_counted_on_a_smaller_sample(monkeypatch):
    in_both = ids_drawn("hashint8(id) & 63 = 0", 3)
    in_larger = ids_drawn("hashint8(id) & 15 = 0 AND hashint8(id) & 63 <> 0", 5)
    for key in [*in_both, *in_larger]:
        between("KR", "GB", id=key)
    monkeypatch.setattr(samples, "COUNTED", 7)
    monkeypatch.setattr(facets, "ENOUGH", 2)
    asked = question("country=KR")
    assert asked.in_sample == 8
    [value] = facets_of(asked, ["type"])["type"]
    assert value.count == Count.estimated(3, share=64)


@pytest.mark.parametrize(
    ("words", "left"),
    [("-quantum", 2), ("-quantum -energy", 1), ('-"quantum one"', 3), ("-quantum energy", 1), ("-zzz", 4)],
)
def test_what_a_search_leaves_out_is_taken_from_the_rest(words, left):
    titles = ("Quantum one", "Quantum 100 %", "Energy", "Something else")
    for key, title in zip(ids_drawn("hashint8(id) & 15 = 0", 4), titles, strict=True):
        AgreementFactory(id=key, title=title)
    asked = question(f"q={words}", UserFactory(is_staff=True))
    assert asked.in_sample == asked.cards(SampledCard).count() == left
    assert asked.count == Count.exact(left)


@pytest.mark.parametrize("share", [16, 64, 256])
def test_the_interval_holds_the_true_number_95_times_in_100(share):
    chance = random.Random(1)
    held = 0
    for _ in range(2_000):
        true = int(share * 10 ** chance.uniform(0.8, 3.3))
        sampled = sum(chance.random() < 1 / share for _ in range(true)) if true < 3_000 else round(
            chance.gauss(true / share, (true / share * (1 - 1 / share)) ** 0.5)
        )  # fmt: skip
        count = Count.estimated(sampled, share)
        held += count.low <= true <= count.high
    assert 0.94 <= held / 2_000 <= 0.97
