"""The desk: what it counts is what its lists hold, for whoever looks."""

from datetime import timedelta

import pytest
from django.contrib.admin.views.main import ChangeList
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from partnerships.models import Agreement, DeskVisit
from partnerships.services.publication import send_back, submit_for_review
from people.history import acting
from tests.factories import AgreementFactory, DocumentFactory, MembershipFactory, OfficeFactory, publish_now

pytestmark = pytest.mark.django_db


@pytest.fixture
def member():
    return MembershipFactory(role="reviewer")


@pytest.fixture
def client(member):
    client = Client()
    client.force_login(member.user)
    return client


def in_days(days: int) -> str:
    return str(timezone.localdate() + timedelta(days=days))


def fill(office, user) -> None:
    """A registry in which each question has an answer of its own size."""
    for days in (10, 40, 70, 70, 200):
        row = AgreementFactory(office=office, end_kind="date", ends_on=in_days(days), signed_on="2020")
        DocumentFactory(agreement=row)
    AgreementFactory(
        office=office, end_kind="date", ends_on=in_days(100), notice_amount=60, notice_unit="days"
    )
    AgreementFactory(
        office=office,
        end_kind="date",
        ends_on=in_days(20),
        notice_amount=2,
        notice_unit="months",
        renewal="automatic",
        owner=user,
    )
    publish_now(AgreementFactory(office=office, end_kind="date", ends_on=in_days(-9)))
    publish_now(AgreementFactory(office=office, end_kind="date", ends_on="2020"))
    AgreementFactory(office=office, sources=0, owner=user)
    returned = AgreementFactory(office=office, backup=user, title="Came back")
    submit_for_review(agreement=returned, by=user)
    send_back(agreement=returned, by=user, reason="Name the signatories.")
    submit_for_review(agreement=AgreementFactory(office=office), by=user)
    AgreementFactory(office=OfficeFactory(), sources=0, end_kind="date", ends_on=in_days(5))


def figures(client, scope: str) -> dict:
    context = client.get(reverse("admin:index"), {"scope": scope}).context
    shown = [*context["waits"], *context["ends"], *context["gaps"], context["changed"]]
    return {figure.address: figure.count for figure in shown}


@pytest.mark.parametrize("scope", ["mine", "office", "all"])
def test_every_number_is_that_of_its_list(client, member, scope):
    fill(member.office, member.user)
    counted = figures(client, scope)
    assert any(counted.values())
    for address, count in counted.items():
        changelist: ChangeList = client.get(address).context["cl"]
        assert changelist.result_count == count, address
        assert len(changelist.result_list) == count, address


def test_what_the_numbers_say(client, member):
    fill(member.office, member.user)
    told = {
        address.partition("?")[2].partition("&")[0]: n for address, n in figures(client, "office").items()
    }
    assert told == {
        "waiting=review": 1,
        "waiting=drafts": 3,
        "waiting=sent_back": 1,
        "deadline=end_30": 2,
        "deadline=end_60": 3,
        "deadline=end_90": 5,
        "deadline=notice_30": 0,
        "deadline=notice_60": 1,
        "deadline=notice_90": 1,
        "deadline=notice_passed": 1,
        "deadline=no_follow_up": 1,
        "gaps=source": 1,
        "gaps=end": 3,
        "gaps=document": 7,
        "gaps=signing": 7,
        **{key: n for key, n in told.items() if key.startswith("changed_since")},
    }


def test_what_was_sent_back_comes_with_the_comment(client, member):
    fill(member.office, member.user)
    page = client.get(reverse("admin:index")).content.decode()
    assert "Came back" in page and "Name the signatories." in page
    returned = Agreement.objects.get(title="Came back")
    submit_for_review(agreement=returned, by=member.user)
    assert "Name the signatories." not in client.get(reverse("admin:index")).content.decode()


def test_news_are_changes_by_others_since_the_last_visit(client, member):
    AgreementFactory(office=member.office, title="New hat")
    old = AgreementFactory(office=member.office, title="Old hat")
    Agreement.objects.filter(pk=old.pk).update(updated_at=timezone.now() - timedelta(hours=3))
    DeskVisit.objects.create(user=member.user, seen_at=timezone.now() - timedelta(hours=2))
    for _ in range(2):  # looking again is no new visit
        context = client.get(reverse("admin:index")).context
        assert [row.title for row in context["news"]] == ["New hat"]
        assert context["changed"].count == 1


def test_what_one_changed_oneself_is_no_news(client, member):
    with acting(user=member.user):
        AgreementFactory(office=member.office)
    assert client.get(reverse("admin:index")).context["changed"].count == 0


def test_the_desk_shows_nothing_restricted_to_others(client):
    AgreementFactory(restricted=True, title="Sesame", end_kind="date", ends_on=in_days(5))
    page = client.get(reverse("admin:index"), {"scope": "all"})
    assert "Sesame" not in page.content.decode()
    assert not any(figures(client, "all").values())


def test_an_empty_office_is_told_how_to_begin(client):
    page = client.get(reverse("admin:index")).content.decode()
    assert "Record your first agreement" in page


@pytest.mark.parametrize("scope", ["", "nonsense", "\x00"])
def test_an_unknown_scope_is_the_usual_one(client, scope):
    assert client.get(reverse("admin:index"), {"scope": scope}).context["scope"] == "office"


@pytest.mark.parametrize(
    "question",
    [
        "waiting=x",
        "deadline=end_7",
        "gaps=x",
        "scope=x",
        "changed_since=x",
        "changed_since=0001-01-01",
        "changed_since=9999-12-31T23:59:59-14:00",
        "changed_since=2024-01-01T00:00:00",
    ],
)
def test_lists_refuse_nonsense(client, question):
    AgreementFactory()
    response = client.get(f"{reverse('admin:partnerships_agreement_changelist')}?{question}", follow=True)
    assert response.context["cl"].result_count == 0
    assert "asks something that this list does not know" in response.content.decode()


def test_statements_do_not_grow_with_records(client, member, counted_queries):
    fill(member.office, member.user)
    with counted_queries("GET /admin/"):
        client.get(reverse("admin:index"))


def test_the_owner_is_whoever_records(client, member):
    form = client.get(reverse("admin:partnerships_agreement_add")).context["adminform"].form
    assert form.initial["owner"] == member.user.pk
    offered = form.fields["owner"].queryset
    assert member.user in offered
    assert MembershipFactory().user not in offered


def test_owners_are_told_to_nobody_outside(client, member):
    member.user.username = member.user.first_name = "gardenkeeper"
    member.user.save()
    row = AgreementFactory(office=member.office, owner=member.user, backup=member.user)
    publish_now(row)
    for path in (
        f"/agreements/{row.uid}/",
        f"/api/v1/agreements/{row.uid}/",
        "/api/v1/agreements/?format=csv",
        "/api/v1/agreements/?q=gardenkeeper",
        "/agreements.ics",
    ):
        response = Client().get(path)
        body = response.getvalue().decode()
        assert "gardenkeeper" not in body.replace("q=gardenkeeper", ""), path
        assert '"owner"' not in body and '"backup"' not in body, path
    assert Client().get("/api/v1/agreements/?q=gardenkeeper").json()["count"] == 0
