"""The matrix: each number is that of the list to which its cell leads, whoever looks."""

import itertools

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import QueryDict

from partnerships.pictures.crossings import chosen_of, crossing
from partnerships.pictures.headings import DIMENSIONS
from partnerships.pictures.narrowing import narrowed_to
from partnerships.search import samples
from partnerships.search.answers import Count
from tests.factories import AgreementFactory, FocusAreaFactory, InstitutionFactory
from tests.partnerships.pictures.registry import SCOPES, agreement, filters, furnish, ids_drawn, listed

pytestmark = pytest.mark.django_db

SIDES = [
    ("country", "country"),
    ("subject", "year"),
    ("type", "year"),
    ("status", "country"),
    ("activity", "status"),
    ("event", "subject"),
]
ASKED = [
    "",
    "country=KR",
    "country=GB&country=DE",
    "type=memorandum_of_understanding&activity=events",
    "together=GB,FR",
    "within=KR&within=GB",
    "year=2019&status=in_force&status=ended",
]


def crossed(query: str, user, rows: str, columns: str, **options):
    asked = filters(query, user)
    chosen = chosen_of(asked)
    return crossing(asked.question, DIMENSIONS[rows], DIMENSIONS[columns], chosen=chosen, **options)


@pytest.mark.parametrize("scope", SCOPES)
def test_a_cell_counts_what_its_list_finds(scope):
    user = furnish()[scope]
    walked = 0
    for query, (rows, columns) in itertools.product(ASKED, SIDES):
        picture = crossed(query, user, rows, columns)
        asked = QueryDict(query)
        assert picture.is_exact
        assert picture.total.value == listed(query, user), query
        for row, column in itertools.product(picture.rows.lines, picture.columns.lines):
            number = picture.cell(row, column).value
            if not number and query:
                continue  # what is empty of all is enough to walk
            found = listed(picture.asked(asked, row, column), user)
            assert number == found, (query, rows, row, columns, column)
            walked += bool(number)
        for side in (picture.rows, picture.columns) if query in ASKED[:3] else ():
            for line in side.lines:
                assert line.count.value == listed(narrowed_to(asked, side.dimension, line.value), user)
    assert walked > 100, "there was something to walk"


def test_the_diagonal_is_one_country_alone():
    agreement("KR KR", [])
    agreement("KR GB", [])
    agreement("KR", [])  # and a party of which no country is known
    picture = crossed("", AnonymousUser(), "country", "country")
    assert numbers(picture) == {("KR", "KR"): 2, ("KR", "GB"): 1, ("GB", "KR"): 1}


def test_what_stands_under_no_heading_is_told():
    agreement("KR GB", [FocusAreaFactory()], signed_on="2020")
    agreement("KR GB", [])
    picture = crossed("", AnonymousUser(), "subject", "year")
    assert (picture.rows.without.value, picture.columns.without.value) == (1, 1)
    assert picture.total.value == 2


def test_many_rows_are_cut_to_the_most_frequent_and_years_to_the_last():
    for year, code in (("2018", "FR"), ("2019", "DE"), ("2020", "DE"), ("2021", "GB")):
        agreement(f"KR {code}", [], signed_on=year)
    picture = crossed("", AnonymousUser(), "country", "year", most=2)
    assert [line.value for line in picture.rows.lines] == ["KR", "DE"]
    assert [line.value for line in picture.columns.lines] == ["2020", "2021"]
    assert (picture.rows.left_out, picture.columns.left_out) == (2, 2)


def test_a_subject_that_is_asked_for_shows_what_stands_below_it():
    above, aside = FocusAreaFactory(name="Above"), FocusAreaFactory(name="Aside")
    below = FocusAreaFactory(name="Below", parent=above)
    agreement("KR GB", [below, aside], signed_on="2020")
    picture = crossed(f"focus_area={above.uid}", AnonymousUser(), "subject", "year")
    assert [(line.name, line.depth) for line in picture.rows.lines] == [("Above", 0), ("Below", 1)]


def test_hidden_subjects_are_no_rows():
    secret = FocusAreaFactory(name="Secret")
    agreement("KR GB", [secret], visibility="internal", signed_on="2020")
    agreement("KR GB", [FocusAreaFactory(name="Open")], signed_on="2020")
    picture = crossed("", AnonymousUser(), "subject", "year")
    assert [line.name for line in picture.rows.lines] == ["Open"]
    assert picture.rows.left_out == 0


def test_an_empty_registry_has_no_cells():
    picture = crossed("", AnonymousUser(), "country", "country")
    assert (picture.rows.lines, picture.cells, picture.total.value, picture.highest) == ([], {}, 0, 0)


def test_only_countries_cross_themselves():
    with pytest.raises(ValueError, match="countries"):
        crossed("", AnonymousUser(), "year", "year")


def test_of_very_many_a_sample_is_counted_with_its_margin(monkeypatch):
    parties = [InstitutionFactory(country_id="KR"), InstitutionFactory(country_id="GB")]
    for key in ids_drawn("hashint8(id) & 15 = 0", 3):
        AgreementFactory(id=key, parties=parties, published=True, type="framework", signed_on="2020")
    monkeypatch.setattr(samples, "COUNTED", 2)
    picture = crossed("country=KR&country=GB", AnonymousUser(), "type", "year")
    assert not picture.is_exact
    assert picture.cells == {("framework", "2020"): Count.estimated(3)}
    assert picture.total == Count.estimated(3)


def numbers(picture) -> dict:
    return {keys: number.value for keys, number in picture.cells.items()}
