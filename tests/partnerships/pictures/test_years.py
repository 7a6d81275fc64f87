"""The trend: what was signed, what ended, what was in force, year by year; each number that of its list."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import QueryDict
from django.utils import timezone

from partnerships.pictures import years
from partnerships.pictures.crossings import chosen_of
from partnerships.pictures.headings import DIMENSIONS
from partnerships.pictures.narrowing import ending_in, in_force_on, narrowed_to, signed_in
from partnerships.search import samples
from partnerships.search.answers import Count
from tests.factories import AgreementFactory
from tests.partnerships.pictures.registry import SCOPES, agreement, filters, furnish, ids_drawn, listed

pytestmark = pytest.mark.django_db

ASKED = ["", "country=GB", "signed_after=2019-03&signed_before=2020-06", "end_year=2022&end_year=2018"]


def trends(query: str, user=None, by: str = "", **options):
    asked = filters(query, user or AnonymousUser())
    dimension = DIMENSIONS[by] if by else None
    return years.trends(asked.question, dimension, chosen=chosen_of(asked), **options)


@pytest.mark.parametrize("scope", SCOPES)
def test_a_year_counts_what_its_list_finds(scope):
    user = furnish()[scope]
    for query in ASKED:
        found, asked = trends(query, user, "type"), QueryDict(query)
        whole = found.whole
        assert whole.total.value == listed(query, user)
        for one in whole.years:
            for number, own in (
                (one.signed, signed_in(asked, one.year)),
                (one.ended, ending_in(asked, one.year)),
                (one.in_force, in_force_on(asked, one.day.isoformat())),
            ):
                # A number of nothing has no list.
                assert not number.value or number.value == listed(own, user), (query, one, own)
        signed = sum(one.signed.value for one in whole.years)
        assert signed + whole.unsigned.value + whole.before.value == whole.total.value
        ended = sum(number.value for _, number in found.ends)
        assert ended + whole.endless.value == whole.total.value
        for trend in found.groups:
            own = narrowed_to(asked, DIMENSIONS["type"], trend.line.value)
            last = trend.years[-1]
            assert last.in_force.value == listed(in_force_on(own, last.day.isoformat()), user)


def test_a_termination_ends_before_the_term_does():
    agreement("KR GB", [], effective_from="2015", end_kind="date", ends_on="2030", terminated_on="2018-05")
    found = {one.year: one.ended.value for one in trends("").whole.years}
    assert (found[2018], sum(found.values())) == (1, 1)
    assert listed("end_year=2018", None) == 1
    assert listed("end_year=2030", None) == 0


def test_the_running_year_is_counted_today():
    today = timezone.localdate()
    agreement("KR GB", [], effective_from="2015", end_kind="date", ends_on=str(today.year + 1))
    last = trends("").whole.years[-1]
    assert (last.year, last.day, last.in_force.value) == (today.year, today, 1)


def test_what_is_not_known_is_in_no_year_and_told():
    agreement("KR GB", [])
    agreement("KR GB", [], signed_on="1950-01-01")
    whole = trends("").whole
    assert (whole.unsigned.value, whole.before.value, whole.endless.value) == (1, 1, 2)
    assert not any(one.signed.value for one in whole.years)


def test_groups_are_the_most_frequent_and_say_that_there_are_more():
    for code in ("FR", "DE", "DE", "GB"):
        agreement(f"KR {code}", [], signed_on="2020")
    found = trends("", by="country", most=2)
    assert [trend.line.value for trend in found.groups] == ["KR", "DE"]
    assert found.more_groups


def test_an_empty_registry_has_a_year_and_no_numbers():
    found = trends("", by="subject")
    assert [(one.signed.value, one.in_force.value) for one in found.whole.years] == [(0, 0)]
    assert (found.groups, found.ends, found.whole.total.value) == ([], [], 0)


def test_of_very_many_the_tally_knows_what_is_in_force(monkeypatch):
    for key in ids_drawn("hashint8(id) & 15 = 0", 3):
        AgreementFactory(
            id=key, published=True, effective_from="2020", signed_on="2019", end_kind="open_ended"
        )
    monkeypatch.setattr(samples, "COUNTED", -1)
    found = trends("")
    by_year = {one.year: one for one in found.whole.years}
    assert by_year[2019].signed == Count.estimated(3)
    assert by_year[2020].in_force == Count.exact(3)
    assert found.whole.total == Count.exact(3)
    assert trends("country=GB&country=KR").whole.total == Count.estimated(3)
