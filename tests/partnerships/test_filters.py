"""One query string, one answer."""

from urllib.parse import quote

import pytest
from django.http import QueryDict

from partnerships.filtersets import AgreementFilterSet, InstitutionFilterSet, PersonFilterSet
from partnerships.models import IndexCard, Institution, InstitutionLink, InstitutionName, Period
from people.models import Person, PersonName
from tests.factories import (
    ActivityFactory,
    AgreementFactory,
    EventFactory,
    FocusAreaFactory,
    InstitutionFactory,
    PersonFactory,
    SignatoryFactory,
    StatementFactory,
    SubjectFactory,
    UserFactory,
    make_public,
)

pytestmark = pytest.mark.django_db


def found(query: str, user=None) -> list[str]:
    """Titles of the agreements that the query string finds; the errors' fields where it is bad."""
    filters = AgreementFilterSet(QueryDict(query), IndexCard.objects.visible_to(user), user=user)
    assert filters.is_valid(), filters.errors
    return [card.title for card in filters.result]


def errors(query: str) -> set[str]:
    filters = AgreementFilterSet(QueryDict(query), IndexCard.objects.all(), user=None)
    assert not filters.is_valid()
    assert not list(filters.result), "a bad value finds nothing, never everything"
    return set(filters.errors)


def published(title, **kwargs):
    return AgreementFactory(title=title, published=True, **kwargs)


def test_nothing_asked_finds_everything_visible():
    published("A")
    AgreementFactory(title="draft")
    assert found("") == ["A"]


def test_repeated_parameter_means_any_of():
    published("A", type="framework")
    published("B", type="exchange")
    published("C", type="consortium")
    assert sorted(found("type=framework&type=exchange")) == ["A", "B"]


def test_different_parameters_mean_all_of():
    published("A", type="framework", signed_on="2024")
    published("B", type="framework", signed_on="2020")
    assert found("type=framework&signed_after=2023") == ["A"]


def test_empty_values_ask_nothing():
    published("A")
    assert found("country=&q=&status=&institution=&signed_after=&ordering=") == ["A"]


class TestInstitution:
    @pytest.fixture
    def school(self):
        university = InstitutionFactory(
            name="University", ror_id="05apxxy63", country_id="KR", visibility="public"
        )
        faculty = InstitutionFactory(name="Faculty")
        school = InstitutionFactory(name="School")
        InstitutionLink.objects.create(institution=faculty, kind="parent", target=university)
        InstitutionLink.objects.create(institution=school, kind="parent", target=faculty)
        published("with the school", parties=[school, InstitutionFactory()])
        published("without", parties=InstitutionFactory.create_batch(2))
        return school

    @pytest.mark.parametrize(
        "written",
        ["05apxxy63", "https://ror.org/05apxxy63", "http://www.ror.org/05APXXY63/", "ror.org/05apxxy63"],
    )
    def test_any_written_form_of_a_ror_id_with_sub_units(self, school, written):
        assert found(f"institution={written}") == ["with the school"]

    def test_own_id(self, school):
        assert found(f"institution={school.uid}") == ["with the school"]

    @pytest.mark.parametrize("written", ["zzz", "05apxxy64", "2222222222", "%00", "' OR 1=1 --"])
    def test_unknown_institution_is_an_error(self, school, written):
        assert errors(f"institution={written}") == {"institution"}

    def test_a_hidden_institution_is_as_unknown_as_any(self):
        hidden = InstitutionFactory()
        assert errors(f"institution={hidden.uid}") == {"institution"}
        assert found(f"institution={hidden.uid}", UserFactory()) == []

    def test_relatives_are_no_sub_units(self, school):
        other = InstitutionFactory(ror_id="035dkdb55", visibility="public")
        InstitutionLink.objects.create(institution=school, kind="related", target=other)
        assert found("institution=035dkdb55") == []


class TestPartnership:
    @pytest.fixture
    def sides(self):
        """Three institutions of which the first has a faculty, and what they agreed."""
        one, other, third = (
            InstitutionFactory(ror_id=ror, visibility="public") for ror in ("05apxxy63", "035dkdb55", None)
        )
        faculty = InstitutionFactory(visibility="public")
        InstitutionLink.objects.create(institution=faculty, kind="parent", target=one)
        published("of the two", parties=[one, other])
        published("of all three", parties=[third, other, one])
        published("of the faculty", parties=[faculty, other])
        published("within", parties=[faculty, one])
        published("of others", parties=[one, third])
        AgreementFactory(title="draft", parties=[one, other])
        return one, other, third, faculty

    def test_both_are_parties_themselves(self, sides):
        one, other, *_ = sides
        expected = ["of all three", "of the two"]
        for written in (
            f"{one.uid}-{other.uid}",
            f"{other.uid}-{one.uid}",
            f" {one.uid} - {other.uid} ",
            "05apxxy63-https://ror.org/035dkdb55",
        ):
            assert sorted(found(f"partnership={quote(written)}")) == expected

    def test_any_of_several(self, sides):
        one, other, third, _ = sides
        asked = f"partnership={one.uid}-{other.uid}&partnership={third.uid}-{one.uid}"
        assert sorted(found(asked)) == ["of all three", "of others", "of the two"]
        assert found(f"{asked}&q=faculty") == []

    def test_sub_units_count_where_asked(self, sides):
        one, other, third, faculty = sides
        asked = f"partnership={one.uid}-{other.uid}&sub_units=1"
        assert sorted(found(asked)) == ["of all three", "of the faculty", "of the two"]
        # A part counts for itself, not for the whole with which it agreed.
        assert found(f"partnership={one.uid}-{faculty.uid}&sub_units=1") == ["within"]
        both = f"{asked}&partnership={third.uid}-{one.uid}"
        assert sorted(found(both)) == ["of all three", "of others", "of the faculty", "of the two"]

    def test_sub_units_alone_ask_nothing(self, sides):
        assert len(found("sub_units=1")) == len(found("")) == 5

    def test_in_the_query_box(self, sides):
        one, other, *_ = sides
        assert sorted(found(f"q=partnership:{one.uid}-{other.uid}")) == ["of all three", "of the two"]

    def test_two_that_share_nothing(self, sides):
        _, other, _, _ = sides
        stranger = InstitutionFactory(visibility="public")
        assert found(f"partnership={other.uid}-{stranger.uid}") == []
        assert found(f"partnership={other.uid}-{stranger.uid}&sub_units=1") == []

    @pytest.mark.parametrize("written", [
        "{0}", "{0}-", "-{0}", "-", "{0}-{0}", "{0}-05apxxy63", "{0}-{1}-{2}", "{0},{1}", "{0}-zzz",
        "{0}-%00", "{0}-' OR 1=1 --",
    ])  # fmt: skip
    def test_what_names_no_two_institutions(self, sides, written):
        assert errors("partnership=" + written.format(*(side.uid for side in sides))) == {"partnership"}

    def test_a_hidden_institution_is_as_unknown_as_any(self, sides):
        one, hidden = sides[0], InstitutionFactory()
        AgreementFactory(title="not public yet", parties=[one, hidden])
        assert errors(f"partnership={one.uid}-{hidden.uid}") == {"partnership"}
        assert found(f"partnership={one.uid}-{hidden.uid}", UserFactory()) == ["not public yet"]

    def test_statements_do_not_depend_on_the_number_of_pairs(self, sides, django_assert_num_queries):
        others = [InstitutionFactory(visibility="public") for _ in range(20)]
        asked = "&".join(f"partnership={sides[0].uid}-{other.uid}" for other in (sides[1], *others))
        with django_assert_num_queries(4):
            assert len(found(f"{asked}&sub_units=1&ordering=title")) == 3


def test_country_of_a_party():
    korean = InstitutionFactory(country_id="KR")
    published("with Korea", parties=[korean, InstitutionFactory(country_id="GB")])
    assert found("country=KR") == found("country=kr") == found("country=GB") == ["with Korea"]
    assert found("country=FR") == []
    assert found("country=FR&country=KR") == ["with Korea"]
    assert errors("country=QQ") == errors("country=KOR") == {"country"}


def test_person_who_signed_or_spoke():
    signer, speaker = PersonFactory(orcid="0000-0002-1825-0097"), PersonFactory()
    first, second = AgreementFactory(title="signed by"), AgreementFactory(title="spoken of by")
    SignatoryFactory(party=first.parties.first(), person=signer)
    StatementFactory(agreement=second, person=speaker)
    boss = UserFactory()
    assert found("person=https://orcid.org/0000-0002-1825-0097", boss) == ["signed by"]
    assert found(f"person={speaker.uid}", boss) == ["spoken of by"]
    assert sorted(found(f"person={speaker.uid}&person={signer.uid}", boss)) == ["signed by", "spoken of by"]
    assert errors("person=nobody") == {"person"}


def test_focus_area_includes_what_stands_below():
    parent = FocusAreaFactory(name="Computing", visibility="public")
    child = FocusAreaFactory(name="AI", parent=parent, visibility="public")
    record = AgreementFactory(title="on AI")
    SubjectFactory(agreement=record, focus_area=child)
    staff = UserFactory()
    assert found(f"focus_area={parent.uid}", staff) == found(f"focus_area={child.uid}", staff) == ["on AI"]
    assert errors("focus_area=none") == {"focus_area"}


def test_activity_and_event():
    summit = EventFactory(visibility="public")
    record = AgreementFactory(title="A", event=summit)
    ActivityFactory(agreement=record, kind="secondments")
    ActivityFactory(agreement=record, kind="internships")
    staff = UserFactory()
    assert found("activity=secondments", staff) == found(f"event={summit.uid}", staff) == ["A"]
    assert found("activity=secondments&activity=internships", staff) == ["A"], "found once"
    assert found("activity=training", staff) == []
    assert errors("activity=juggling") == {"activity"}


@pytest.mark.parametrize(
    ("query", "hit"),
    [
        ("signed_after=2024", True), ("signed_after=2024-12-31", True), ("signed_after=2025", False),
        ("signed_before=2024", True), ("signed_before=2024-01-01", True), ("signed_before=2023-12", False),
        ("signed_after=2024-05&signed_before=2024-05", True),
    ],
)  # fmt: skip
def test_ranges_treat_a_year_as_an_interval(query, hit):
    published("in 2024", signed_on="2024")
    published("unknown")
    assert found(query) == (["in 2024"] if hit else [])


@pytest.mark.parametrize("name", ["signed_after", "signed_before", "in_force_on", "ends_before"])
@pytest.mark.parametrize("value", ["2024-13", "tomorrow", "2023-02-29", "%00"])
def test_impossible_dates_are_errors(name, value):
    assert errors(f"{name}={value}") == {name}


def test_in_force_on():
    published("A", effective_from="2020", end_kind="date", ends_on="2023-06-30")
    assert found("in_force_on=2022") == found("in_force_on=2023-06-30") == ["A"]
    assert found("in_force_on=2023") == found("in_force_on=2020-06-01") == [], "not certainly so"


def test_ends_before_asks_for_the_last_term():
    renewed = published("renewed", effective_from="2020", end_kind="date", ends_on="2021")
    Period.objects.create(agreement=renewed, starts_on="2022", end_kind="date", ends_on="2029")
    published("open", effective_from="2020", end_kind="open_ended")
    assert found("ends_before=2025") == []
    assert found("ends_before=2029-05") == ["renewed"]


def test_updated_since():
    published("A")
    assert found("updated_since=2000-01-01") == found("updated_since=2000-01-01T00:00:00Z") == ["A"]
    assert found("updated_since=2999-01-01T00:00:00+09:00") == []
    assert errors("updated_since=yesterday") == {"updated_since"}


def test_status_is_that_of_today():
    published("A", signed_on="2020")
    assert found("status=signed") == ["A"]
    assert found("status=in_force&status=ended") == []
    assert errors("status=zzz") == {"status"}


def test_ordering_puts_the_unknown_last_either_way():
    for title, signed in (("new", "2024"), ("old", "2001"), ("unknown", None)):
        published(title, signed_on=signed)
    assert found("ordering=signed_on") == ["old", "new", "unknown"]
    assert found("ordering=-signed_on") == ["new", "old", "unknown"]
    assert errors("ordering=colour") == {"ordering"}


def test_unknown_parameters_are_listed():
    filters = AgreementFilterSet(
        QueryDict("bogus=1&page=2&format=csv&q=x&stauts=signed"), IndexCard.objects.all()
    )
    assert filters.unknown_parameters == ["bogus", "stauts"]


class TestSearch:
    @pytest.fixture
    def record(self):
        kaist = InstitutionFactory(name="KAIST", city="Daejeon")
        InstitutionName.objects.create(institution=kaist, value="한국과학기술원", language="ko")
        InstitutionName.objects.create(institution=kaist, value="카이스트", kind="alias", language="ko")
        turing = InstitutionFactory(name="The Alan Turing Institute")
        record = AgreementFactory(
            title="Research together",
            parties=[kaist, turing],
            summary="Plans for 100% AI.",
            event=EventFactory(name="Seoul Summit"),
        )
        speaker = PersonFactory(name="Song Chong")
        PersonName.objects.create(person=speaker, value="정송", kind="native", language="ko")
        StatementFactory(agreement=record, person=speaker, summary="Spoke of responsibility.")
        SubjectFactory(agreement=record, focus_area=FocusAreaFactory(name="Data science"))
        AgreementFactory(title="Another", parties=[turing, InstitutionFactory(name="Elsewhere")])
        return record

    @pytest.mark.parametrize(
        "words",
        ["KAIST", "kaist", "카이스트", "한국과학기술원", "과학",
         "turing kaist", '"alan turing" kaist', "Research", "100%",
         "summit", "song", "정송", "data science", "responsibility", "daejeon",
         '"Plans for"', "together turing song"],
    )  # fmt: skip
    def test_finds_it_by(self, record, words):
        assert found(f"q={words.replace('%', '%25')}", UserFactory()) == ["Research together"]

    @pytest.mark.parametrize("words", ["kaist elsewhere", '"turing alan"', "%", "_", "\\", "nothing such"])
    def test_does_not_find_it_by(self, record, words):
        assert found(f"q={words.replace('%', '%25')}", UserFactory()) == [], "signs alone are no words"

    def test_hostile_words_are_words(self, record):
        assert found("q=" + "a" * 300) == []
        assert found("q='; DROP TABLE people_person; --") == []
        assert errors("q=" + "a" * 301) == errors("q=%00") == {"q"}


def test_institutions_by_any_name_and_whether_they_have_agreements():
    named, other = InstitutionFactory(name="Named"), InstitutionFactory(name="Other")
    InstitutionName.objects.create(institution=named, value="ALIAS", kind="acronym")
    make_public(named, other)
    published("A", parties=[named, InstitutionFactory(name="Third")])

    def institutions(query):
        filters = InstitutionFilterSet(QueryDict(query), Institution.objects.visible_to(None), user=None)
        assert filters.is_valid(), filters.errors
        return {row.name for row in filters.result}

    assert institutions("q=alias") == {"Named"}
    assert institutions("has_agreements=true") == institutions("has_agreements=1") == {"Named", "Third"}
    assert institutions("has_agreements=false") == {"Other"}


def test_people_by_any_name():
    person = PersonFactory(name="Song Chong", visibility="public")
    PersonName.objects.create(person=person, value="정송")
    filters = PersonFilterSet(QueryDict("q=정송"), Person.objects.visible_to(None), user=None)
    assert list(filters.result) == [person]
