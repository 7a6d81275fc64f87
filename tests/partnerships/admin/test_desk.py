"""The desk: every number is that of the list behind it, and nobody reads there what the gate hides."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from partnerships.choices import EndKind, RelationKind, Renewal
from partnerships.models import Agreement, AgreementRelation, Document
from partnerships.services.publication import send_back, submit_for_review
from people.access import Visibility
from people.models import Visit
from tests.factories import AgreementFactory, MembershipFactory, OfficeFactory, SourceFactory, publish_now

pytestmark = pytest.mark.django_db
DESK = "admin:index"
TODAY = date.today()


def ending(days: int, **facts) -> Agreement:
    ends_on = (TODAY + timedelta(days=days)).isoformat()
    return AgreementFactory(**{"end_kind": EndKind.DATE, "ends_on": ends_on} | facts)


@pytest.fixture
def office():
    return OfficeFactory()


@pytest.fixture
def reviewer(client, office):
    person = MembershipFactory(role="reviewer", office=office).user
    client.force_login(person)
    return person


def desk(client, **question):
    response = client.get(reverse(DESK), question)
    assert response.status_code == 200
    return response


def numbers(response) -> dict[str, tuple[int, str]]:
    """By words: the number, and the address of its list."""
    shown = response.context["desk"]
    lines = [line for line, _ in shown.waiting]
    for group in ("ends", "notices", "late", "gaps"):
        lines += getattr(shown, group)
    if response.context["changed"]:
        lines.append(response.context["changed"][0])
    return {line.address: line.number for line in lines}


def test_every_number_is_that_of_its_list(client, office, reviewer):
    mine = {"office": office, "owner": reviewer}
    ending(10, **mine)
    ending(40, **mine, notice_amount=2, notice_unit="weeks")
    ending(80, office=office, signed_on="2020", type="consortium")
    ending(300, office=office, notice_amount=10, notice_unit="months", renewal=Renewal.AUTOMATIC)
    ending(30, office=office, notice_amount=2, notice_unit="months", renewal=Renewal.AUTOMATIC)
    over = ending(-200, office=office)
    publish_now(over)
    ending(-800, office=office)
    followed = ending(-300, office=office)
    publish_now(followed)
    renewal = AgreementFactory(office=office)
    AgreementRelation.objects.create(agreement=renewal, kind=RelationKind.RENEWS, target=followed)
    AgreementFactory(title="of somebody else")
    waiting = AgreementFactory(office=office)
    submit_for_review(agreement=waiting, by=reviewer)
    Visit.objects.create(user=reviewer, seen_at=timezone.now(), before=timezone.now() - timedelta(days=1))
    for scope in ("mine", "offices", "everything"):
        found = numbers(desk(client, scope=scope))
        assert len(found) >= 10
        assert sum(found.values()) >= 5
        for address, number in found.items():
            assert client.get(address).context["cl"].result_count == number, address


def test_what_waits_is_named(client, office, reviewer):
    draft = AgreementFactory(title="My draft", office=office, owner=reviewer)
    AgreementFactory(title="Her draft", office=office)
    elsewhere = AgreementFactory(title="In review elsewhere", office=OfficeFactory())
    for agreement in (elsewhere, AgreementFactory(title="In review here", office=office)):
        agreement.publication_state = "in_review"
        agreement.save()
    named = {line.label: [str(row) for row in rows] for line, rows in desk(client).context["desk"].waiting}
    assert named == {"To review": ["In review here"], "Sent back to you": [], "Your drafts": [str(draft)]}


def test_what_was_sent_back_stands_there_with_the_comment(client, office, reviewer):
    editor = MembershipFactory(role="editor", office=office).user
    record = AgreementFactory(office=office, title="Ours")
    submit_for_review(agreement=record, by=editor)
    send_back(agreement=record, by=reviewer, reason="The date is missing.")
    client.force_login(editor)
    response = desk(client)
    assert "The date is missing." in response.content.decode()
    named = {line.label: [str(row) for row in rows] for line, rows in response.context["desk"].waiting}
    assert named["Sent back to you"] == ["Ours"]
    client.force_login(reviewer)
    assert "The date is missing." not in desk(client).content.decode(), "it waits for its editor"


def test_an_automatic_renewal_whose_day_for_notice_has_passed_is_told(client, office, reviewer):
    ending(30, office=office, notice_amount=2, notice_unit="months", renewal=Renewal.AUTOMATIC)
    ending(30, office=office, notice_amount=2, notice_unit="months")
    [line] = desk(client).context["desk"].late
    assert (line.label, line.number) == ("Renews by itself: the day for notice has passed", 1)


def test_the_next_deadlines_come_in_their_order(client, office, reviewer):
    late, soon = ending(60, office=office, title="late"), ending(5, office=office, title="soon")
    notice = ending(200, office=office, notice_amount=28, notice_unit="weeks", title="notice")
    shown = [(str(one.agreement), one.deadline.kind) for one in desk(client).context["desk"].next_deadlines]
    assert shown == [("notice", "notice"), ("soon", "end"), ("late", "end")]
    assert {late, soon, notice} == set(Agreement.objects.all())


def test_gaps_close(client, office, reviewer):
    record = AgreementFactory(office=office, signed_on=None)
    record.sources.all().delete()
    labels = {line.label for line in desk(client).context["desk"].gaps}
    assert labels == {"No source", "End not known", "Date of signing not known", "No document"}
    SourceFactory(agreement=record)
    Document.objects.create(
        agreement=record, title="x", filename="x", media_type="text/plain", size=1, sha256="a" * 64
    )
    Agreement.objects.filter(pk=record.pk).update(signed_on="2020", end_kind=EndKind.OPEN_ENDED)
    assert "Every record has a source" in desk(client).content.decode()


def test_what_changed_counts_from_the_visit_before(client, office, reviewer):
    AgreementFactory(office=office)
    assert "This is your first visit" in desk(client).content.decode()
    Visit.objects.update(seen_at=timezone.now() - timedelta(days=2))
    AgreementFactory(title="New meanwhile", office=office)
    assert "New meanwhile" in desk(client).content.decode()
    # Looking again at once is the same visit.
    assert "New meanwhile" in desk(client).content.decode()


def test_nothing_of_another_office_that_is_restricted_is_counted(client, office, reviewer):
    other = OfficeFactory()
    ending(10, office=other, visibility=Visibility.RESTRICTED, title="secret ending")
    publish_now(over := ending(-100, office=office))
    hidden = AgreementFactory(office=other, visibility=Visibility.RESTRICTED)
    AgreementRelation.objects.create(agreement=hidden, kind=RelationKind.RENEWS, target=over)
    response = desk(client, scope="everything")
    assert response.context["desk"].ends[0].number == 0
    assert "secret" not in response.content.decode()
    assert [line.number for line in response.context["desk"].late] == [1], "a hidden successor does not show"


def test_an_empty_desk_says_what_to_do(client, office, reviewer):
    page = desk(client).content.decode()
    assert "Nothing waits for you" in page
    assert "Record your first agreement" in page


def test_a_viewer_is_not_told_to_record(client, office):
    client.force_login(MembershipFactory(role="viewer", office=office).user)
    assert "Record your first agreement" not in desk(client).content.decode()


def test_a_bad_scope_is_the_usual_one(client, reviewer):
    assert desk(client, scope="x" * 5000).context["desk"].scope == "offices"


def test_many_are_not_counted_to_the_last(client, office, reviewer, monkeypatch):
    monkeypatch.setattr("partnerships.admin.desk.MOST", 1)
    ending(5, office=office)
    ending(6, office=office)
    assert desk(client).context["desk"].ends[0].shown == "1+"


def test_statements_do_not_grow_with_records(client, office, reviewer, counted_queries):
    for days in range(1, 9):
        ending(days, office=office, owner=reviewer)
    desk(client)
    with counted_queries("GET /admin/"):
        desk(client)
