"""The list is read from index cards, and finds what the agreements themselves would say."""

from datetime import date, timedelta

import pytest
from django.contrib.admin import site
from django.urls import reverse

from partnerships.choices import EndKind, PublicationState, RelationKind, Status
from partnerships.models import Agreement, AgreementRelation, Period
from partnerships.search import answers
from people.access import Visibility
from tests.factories import (
    AgreementFactory,
    FocusAreaFactory,
    InstitutionFactory,
    MembershipFactory,
    OfficeFactory,
    SubjectFactory,
    publish_now,
)

pytestmark = pytest.mark.django_db
LIST = "admin:partnerships_agreement_changelist"
TODAY = date.today()


def partial(days: int) -> str:
    return (TODAY + timedelta(days=days)).isoformat()


@pytest.fixture
def registry(django_user_model):
    """Records of every kind that a filter tells apart, one superseded by what only staff see."""
    office = OfficeFactory()
    school = InstitutionFactory(country_id="KR")
    area = FocusAreaFactory()
    common = {"office": office, "effective_from": "2015"}
    for number, facts in enumerate(
        (
            {"end_kind": EndKind.DATE, "ends_on": partial(20)},
            {"end_kind": EndKind.DATE, "ends_on": partial(20), "visibility": Visibility.INTERNAL},
            {"end_kind": EndKind.DATE, "ends_on": str(TODAY.year)},
            {"end_kind": EndKind.DATE, "ends_on": "2019-05"},
            {"end_kind": EndKind.OPEN_ENDED, "signed_on": "2014-12-01"},
            {"end_kind": EndKind.UNKNOWN, "announced_on": "2014"},
            {"end_kind": EndKind.DATE, "ends_on": partial(30), "terminated_on": "2020"},
            {"signed_on": "2021", "effective_from": None},
            {"announced_on": "2021", "effective_from": None},
            {"effective_from": None, "type": "consortium", "visibility": Visibility.RESTRICTED},
        )
    ):
        AgreementFactory(title=f"record {number}", parties=[school, InstitutionFactory()], **common | facts)
    renewed = AgreementFactory(end_kind=EndKind.OPEN_ENDED, title="renewed", **common)
    Period.objects.create(agreement=renewed, number=1, end_kind=EndKind.DATE, ends_on=partial(10))
    vague = AgreementFactory(end_kind=EndKind.DATE, ends_on="2020", title="renewed, end not known", **common)
    Period.objects.create(agreement=vague, number=1, end_kind=EndKind.UNKNOWN)
    SubjectFactory(agreement=vague, focus_area=area)
    for visibility in (Visibility.PUBLIC, Visibility.INTERNAL):
        newer = AgreementFactory(title=f"newer, {visibility}", visibility=visibility, effective_from="2016")
        older = AgreementFactory(title=f"older, {visibility}", effective_from="2015")
        AgreementRelation.objects.create(agreement=newer, kind=RelationKind.SUPERSEDES, target=older)
        publish_now(newer)
    return office, school, area


def questions(registry) -> list[dict]:
    office, school, area = registry
    asked = [{}, {"q": "renewed"}, {"q": "record", "ends": "soon"}, {"country": "KR", "status": "in_force"}]
    asked += [{"status": status} for status in Status.values]
    asked += [{"ends": ends} for ends in ("this_year", "soon", "past", EndKind.OPEN_ENDED, EndKind.UNKNOWN)]
    asked += [{"publication_state__exact": state} for state in PublicationState.values]
    asked += [{"visibility__exact": value} for value in Visibility.values]
    asked += [{"office__id__exact": office.pk}, {"institution": school.pk}, {"focus_area": area.pk}]
    return [*asked, {"type__exact": "consortium"}, {"country": "JP"}, {"q": "+"}]


@pytest.mark.parametrize("role", ["viewer", "superuser", "elsewhere"])
@pytest.mark.parametrize("many", [False, True], ids=["few", "many"])
def test_cards_and_agreements_answer_alike(rf, registry, role, many, monkeypatch):
    if many:
        # As if every question had very many answers: pages are then read along an index.
        monkeypatch.setattr(answers, "COUNTED", -1)
    member = MembershipFactory(role="viewer", office=OfficeFactory() if role == "elsewhere" else registry[0])
    member.user.is_superuser = role == "superuser"
    member.user.save()
    for question in questions(registry):
        # The list without its page: drawing it takes four fifths of the time.
        request = rf.get(reverse(LIST), question)
        request.user = member.user
        shown = site.get_model_admin(Agreement).get_changelist_instance(request)
        assert hasattr(shown, "_search"), "this question was not asked of the cards"
        expected = set(shown.queryset.values_list("title", flat=True))
        assert {row.title for row in shown.result_list} == expected, question
        assert many or shown.result_count == len(expected), question


@pytest.mark.parametrize("down", ["", "-"])
@pytest.mark.parametrize(
    ("shown", "column"),
    [("title", "title"), ("shown_signing", "signed_on"), ("shown_end", "current_ends_on")],
)
def test_what_is_not_known_comes_last_in_every_order(client, registry, shown, column, down):
    client.force_login(MembershipFactory(role="viewer", office=registry[0]).user)
    place = client.get(reverse(LIST)).context["cl"].list_display.index(shown)
    rows = client.get(reverse(LIST), {"o": f"{down}{place}"}).context["cl"].result_list
    values = [getattr(row, column) for row in rows]
    known = [value if column == "title" else value.first_day for value in values if value]
    assert len(known) > 1
    assert not any(values[len(known) :])
    assert known == sorted(known, reverse=bool(down))


def test_a_search_shows_first_what_carries_the_words_in_its_title(client):
    AgreementFactory(title="Quantum computing")
    AgreementFactory(title="Something else", summary="It touches on quantum computing.")
    client.force_login(MembershipFactory(role="viewer").user)
    rows = client.get(reverse(LIST), {"q": "quantum"}).context["cl"].result_list
    assert [row.title for row in rows] == ["Quantum computing", "Something else"]


def test_an_estimated_number_is_called_one(client, registry, monkeypatch):
    client.force_login(MembershipFactory(role="viewer").user)
    assert "estimated" not in client.get(reverse(LIST)).content.decode()
    monkeypatch.setattr(answers, "COUNTED", -1)
    assert "their number is estimated" in client.get(reverse(LIST)).content.decode()
