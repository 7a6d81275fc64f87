"""The list answers what staff are asked: what do we have with them, what ends when."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from partnerships.models import InstitutionLink
from tests.factories import (
    AgreementFactory,
    FocusAreaFactory,
    InstitutionFactory,
    MembershipFactory,
    OfficeFactory,
    PersonFactory,
    StatementFactory,
    SubjectFactory,
    publish_now,
)

pytestmark = pytest.mark.django_db
LIST = "admin:partnerships_agreement_changelist"


@pytest.fixture
def viewer(client):
    client.force_login(MembershipFactory(role="viewer").user)
    return client


def listed(client, **question) -> list[str]:
    response = client.get(reverse(LIST), question)
    assert response.status_code == 200, response
    return sorted(row.title for row in response.context["cl"].result_list)


class TestWhatDoWeHaveWith:
    @pytest.fixture
    def kaist(self):
        kaist = InstitutionFactory(name="Korea Advanced Institute of Science and Technology")
        kaist.names.create(value="KAIST", kind="acronym")
        kaist.names.create(value="한국과학기술원", language="ko")
        school = InstitutionFactory(name="Graduate School of AI")
        InstitutionLink.objects.create(institution=school, kind="parent", target=kaist)
        other = InstitutionFactory()
        AgreementFactory(title="with KAIST itself", parties=[kaist, other])
        AgreementFactory(title="with its school", parties=[school, other])
        AgreementFactory(title="with somebody else")
        return kaist

    @pytest.mark.parametrize("words", ["kaist", "한국과학기술원", "advanced institute"])
    def test_the_search_box_finds_parties_by_any_name(self, viewer, kaist, words):
        assert "with KAIST itself" in listed(viewer, q=words)
        assert "with somebody else" not in listed(viewer, q=words)

    def test_the_filter_counts_sub_units_in(self, viewer, kaist):
        assert listed(viewer, institution=kaist.pk) == ["with KAIST itself", "with its school"]

    @pytest.mark.parametrize("value", ["x", "-1", "9" * 30, "٣"])
    def test_a_bad_value_never_lists_everything(self, viewer, kaist, value):
        response = viewer.get(reverse(LIST), {"institution": value})
        assert response.status_code == 302
        assert response.url.endswith("?e=1")

    @pytest.mark.parametrize(
        "question", [{"ends": "zzz"}, {"status": "zzz"}, {"foo": "bar"}, {"country": "x"}]
    )
    def test_a_question_that_makes_no_sense_is_told_and_shows_nothing(self, viewer, kaist, question):
        response = viewer.get(reverse(LIST), question, follow=True)
        assert not list(response.context["cl"].result_list)
        if response.redirect_chain:
            assert "asks something that this list does not know" in response.content.decode()


class TestWhatEnds:
    @pytest.fixture
    def records(self):
        today = date.today()
        soon, last_year = today + timedelta(days=30), today.year - 1
        ends = {"end_kind": "date"}
        AgreementFactory(title="this year", ends_on=str(today.year), **ends)
        AgreementFactory(title="in a month", ends_on=soon.isoformat(), **ends)
        AgreementFactory(title="long gone", ends_on=str(last_year), **ends)
        AgreementFactory(title="far off", ends_on=str(today.year + 5), **ends)
        AgreementFactory(title="stopped", ends_on=str(today.year), terminated_on=str(last_year), **ends)
        AgreementFactory(title="for ever", end_kind="open_ended")
        AgreementFactory(title="who knows")
        renewed = AgreementFactory(title="renewed", ends_on=str(today.year), **ends)
        renewed.periods.create(number=1, end_kind="date", ends_on=str(today.year + 5))

    @pytest.mark.parametrize(
        ("choice", "expected"),
        [
            ("open_ended", {"for ever"}),
            ("unknown", {"who knows"}),
            ("past", {"long gone", "stopped"}),
        ],
    )
    def test_kinds_of_end(self, viewer, records, choice, expected):
        assert set(listed(viewer, ends=choice)) == expected

    def test_this_year(self, viewer, records):
        found = set(listed(viewer, ends="this_year"))
        in_a_month = {"in a month"} if (date.today() + timedelta(30)).year == date.today().year else set()
        assert found == {"this year"} | in_a_month

    def test_soon(self, viewer, records):
        found = set(listed(viewer, ends="soon"))
        assert "in a month" in found
        assert not found & {"long gone", "far off", "stopped", "for ever", "who knows", "renewed"}

    def test_the_question_is_one_click_away(self, viewer):
        assert 'href="?ends=this_year"' in viewer.get(reverse(LIST)).content.decode()


def test_further_filters(viewer):
    korean = AgreementFactory(title="Korean", parties=[InstitutionFactory(country_id="KR")])
    subject = FocusAreaFactory(parent=FocusAreaFactory())
    SubjectFactory(agreement=korean, focus_area=subject)
    office = OfficeFactory()
    AgreementFactory(title="Signed", signed_on="2020", type="exchange", office=office)
    publish_now(AgreementFactory(title="Published"))
    assert listed(viewer, country="KR") == ["Korean"]
    assert listed(viewer, focus_area=subject.parent.pk) == ["Korean"]
    assert listed(viewer, status="signed") == ["Signed"]
    assert listed(viewer, type__exact="exchange") == ["Signed"]
    assert listed(viewer, office__id__exact=office.pk) == ["Signed"]
    assert listed(viewer, publication_state__exact="published") == ["Published"]
    assert listed(viewer, visibility__exact="internal") == []


def test_people_are_found_too(viewer):
    StatementFactory(agreement__title="Hers", person=PersonFactory(name="Ada Lovelace"))
    AgreementFactory()
    assert listed(viewer, q="lovelace") == ["Hers"]


def test_rows_say_parties_end_and_states(viewer):
    parties = [InstitutionFactory(name=f"Party {number}") for number in range(6)]
    publish_now(AgreementFactory(parties=parties, end_kind="date", ends_on="2999"))
    page = viewer.get(reverse(LIST)).content.decode()
    assert "Party 0 · Party 1 · Party 2 · Party 3 and 2 more" in page
    assert "2999" in page
    assert "Published" in page


def test_the_gate_holds(viewer):
    AgreementFactory(title="Secret", visibility="restricted", office=OfficeFactory())
    assert listed(viewer) == []
    assert listed(viewer, q="secret") == []


def test_statements_do_not_grow_with_rows(viewer, counted_queries):
    AgreementFactory(office=OfficeFactory())
    viewer.get(reverse(LIST))
    with counted_queries("GET /admin/partnerships/agreement/"):
        viewer.get(reverse(LIST))
    for _ in range(5):
        AgreementFactory(office=OfficeFactory())
    with counted_queries("GET /admin/partnerships/agreement/"):
        viewer.get(reverse(LIST))


class TestHowItLooks:
    def test_a_date_is_not_broken_over_two_lines(self, viewer):
        AgreementFactory(title="T", signed_on="2024-05-21")
        page = viewer.get(reverse(LIST)).content.decode()
        assert '<span class="whitespace-nowrap">2024-05-21</span>' in page

    def test_a_list_that_leaves_nothing_out_offers_no_way_to_all(self, viewer):
        AgreementFactory(title="T")
        assert "Show all" not in viewer.get(reverse(LIST)).content.decode()
        assert "Show all" in viewer.get(reverse(LIST), {"q": "T"}).content.decode()
