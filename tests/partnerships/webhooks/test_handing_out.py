"""Exactly the changes of the feed that concern a subscription become deliveries, each once."""

import threading

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.utils import timezone

from partnerships.models import Change, WebhookDelivery, WebhookSubscription
from partnerships.services.feed import changes_after, tell_all
from partnerships.services.merging import merge_institutions
from partnerships.services.publication import withdraw
from partnerships.services.webhooks import handing_out, revise_subscription
from partnerships.services.webhooks.handing_out import hand_out_changes
from partnerships.services.webhooks.reading import principal_of
from people.services.tokens import revoke_token
from tests.factories import (
    AgreementFactory,
    InstitutionFactory,
    MembershipFactory,
    OfficeFactory,
    administrator,
    make_public,
    publish_now,
)

from .subscriptions import INTERNAL, bearer, handed_out, subscribed

pytestmark = pytest.mark.django_db


def change(record, **facts) -> None:
    type(record).objects.filter(pk=record.pk).update(**facts)


def test_the_life_of_a_record():
    hook = subscribed()
    record = AgreementFactory()
    assert handed_out(hook) == []
    publish_now(record)
    assert handed_out(hook) == ["agreement.created"]
    change(record, title="Another")
    withdraw(agreement=record, by=administrator(), reason="Wrong.")
    assert handed_out(hook) == ["agreement.created", "agreement.withdrawn"]


def test_each_entry_of_the_feed_once_and_nothing_else():
    hooks = [
        subscribed(resources=["agreements", "institutions", "people", "events", "focus-areas"]),
        subscribed(resources=["institutions"]),
        subscribed(resources=["agreements", "institutions"], reads=INTERNAL),
        subscribed(reads=INTERNAL, office=OfficeFactory()),
    ]
    AgreementFactory(published=True)
    AgreementFactory(visibility="internal", published=True)
    AgreementFactory(visibility="restricted", office=hooks[3].office, published=True)
    one, other = InstitutionFactory.create_batch(2)
    make_public(one, other)
    tell_all()
    hand_out_changes()
    merge_institutions(survivor=other, merged=one, by=administrator())
    for _ in range(3):
        tell_all()
        hand_out_changes()
    for hook in hooks:
        due = changes_after(0, principal_of(hook)).filter(resource__in=hook.resources)
        told = list(hook.deliveries.order_by("pk").values_list("change", flat=True))
        assert told == list(due.values_list("pk", flat=True))
        hook.refresh_from_db()
        assert hook.position == Change.objects.last_position()
    assert hooks[0].deliveries.filter(type="institution.merged").count() == 1
    assert hooks[3].deliveries.count() == 3, "its office reads what is restricted to it"


def test_it_begins_where_it_is_told_to():
    AgreementFactory.create_batch(2, published=True)
    tell_all()
    last = Change.objects.last_position()
    assert handed_out(subscribed()) == []
    assert handed_out(subscribed(after=0)) == ["agreement.created"] * 2
    for wrong in (-1, last + 1):
        with pytest.raises(ValidationError) as error:
            subscribed(after=wrong)
        assert "after" in error.value.message_dict


def test_many_changes_are_handed_out_in_pieces(monkeypatch):
    monkeypatch.setattr(handing_out, "_BATCH", 2)
    hook = subscribed()
    AgreementFactory.create_batch(5, published=True)
    assert handed_out(hook) == ["agreement.created"] * 5


def test_changes_wait_for_a_subscription_that_is_paused():
    hook = subscribed()
    revise_subscription(subscription=hook, by=administrator(), active=False)
    AgreementFactory(published=True)
    assert handed_out(hook) == []
    revise_subscription(subscription=hook, by=administrator(), active=True)
    assert handed_out(hook) == ["agreement.created"]


# --- filters -----------------------------------------------------------------------------------------


def test_a_record_enters_the_filter_stays_and_leaves():
    inside, outside = AgreementFactory.create_batch(2, type="exchange", published=True)
    change(outside, type="consortium")
    tell_all()
    hook = subscribed(question="type=exchange")
    change(outside, title="Still outside")
    assert handed_out(hook) == []
    change(inside, title="Still inside")
    change(outside, type="exchange")
    assert handed_out(hook) == ["agreement.updated", "agreement.entered"]
    change(inside, type="consortium")
    assert handed_out(hook)[2:] == ["agreement.left"]
    change(inside, title="Nobody’s business")
    withdraw(agreement=inside, by=administrator(), reason="Wrong.")
    assert len(handed_out(hook)) == 3
    withdraw(agreement=outside, by=administrator(), reason="Wrong.")
    assert handed_out(hook)[3:] == ["agreement.withdrawn"]
    AgreementFactory(type="exchange", published=True)
    AgreementFactory(type="consortium", published=True)
    assert handed_out(hook)[4:] == ["agreement.created"]


def test_leaving_is_told_rather_once_too_often_of_what_happened_before_it_was_made():
    record = AgreementFactory(type="exchange", published=True)
    tell_all()
    before = Change.objects.last_position()
    change(record, type="consortium")
    tell_all()
    assert handed_out(subscribed(question="type=exchange", after=before)) == ["agreement.left"]


def test_from_the_beginning_on_nothing_leaves_that_was_not_told():
    inside, outside = AgreementFactory(type="exchange", published=True), AgreementFactory(published=True)
    tell_all()
    change(outside, title="Still outside")
    tell_all()
    hook = subscribed(question="type=exchange", after=0)
    assert handed_out(hook) == ["agreement.created"]
    change(inside, type="consortium")
    assert handed_out(hook) == ["agreement.created", "agreement.left"]


@pytest.mark.parametrize("resource", ["agreements", "institutions", "people", "events", "focus-areas"])
def test_every_list_has_its_filter(resource):
    subscribed(resources=[resource], question="q=Daejeon")


@pytest.mark.parametrize(
    "question, field",
    [
        ("type=marriage", "filter.type"),
        ("colour=blue", "filter.colour"),
        ("country=Atlantis", "filter.country"),
        ("page=2", "filter.page"),
        ("ordering=title", "filter.ordering"),
        ("fields=title", "filter.fields"),
        ("in_force_on=yesterday", "filter.in_force_on"),
        ("&".join(f"country={n}" for n in range(60)), "filter.country"),
        ("q=" + "x" * 2001, "filter"),
    ],
)
def test_a_bad_filter_is_refused_by_name(question, field):
    with pytest.raises(ValidationError) as error:
        subscribed(question=question)
    assert list(error.value.message_dict) == [field]
    assert not WebhookSubscription.objects.exists()


def test_a_filter_is_that_of_one_list():
    with pytest.raises(ValidationError) as error:
        subscribed(resources=["agreements", "people"], question="q=x")
    assert list(error.value.message_dict) == ["filter"]


def test_a_filter_finds_no_more_than_its_reader_sees():
    """That a hidden record answers to a filter is not told, not even by a delivery that comes or does not."""
    hidden = AgreementFactory(title="Quetzal", visibility="internal", published=True)
    tell_all()
    hooks = subscribed(question="q=quetzal"), subscribed(question="q=quetzal", reads=INTERNAL)
    change(hidden, summary="More")
    assert [handed_out(hook) for hook in hooks] == [[], ["agreement.updated"]]
    with pytest.raises(ValidationError):
        subscribed(question=f"institution={InstitutionFactory().uid}")


# --- as whom it reads -------------------------------------------------------------------------------


def test_a_subscription_of_a_token_ends_with_its_token():
    boss, principal = administrator(), bearer("webhooks", "read:internal")
    hook = subscribed(by=principal)
    AgreementFactory(visibility="internal", published=True)
    assert handed_out(hook) == ["agreement.created"]
    revoke_token(token=principal.token, by=boss)
    AgreementFactory(published=True)
    assert handed_out(hook) == ["agreement.created"]
    hook.refresh_from_db()
    assert not hook.active
    assert "revoked" in hook.paused_because


def test_a_token_that_may_only_have_webhooks_reads_what_is_public():
    hook = subscribed(by=bearer("webhooks"))
    AgreementFactory(visibility="internal", published=True)
    assert handed_out(hook) == []


def test_an_expired_token_reads_nothing():
    principal = bearer("webhooks")
    hook = subscribed(by=principal)
    change(principal.token, expires_at=timezone.now())
    AgreementFactory(published=True)
    assert handed_out(hook) == []


@pytest.mark.parametrize("scopes", [["read:internal"], ["write:agreements"]])
def test_a_token_without_the_scope_has_no_webhooks(scopes):
    with pytest.raises(PermissionDenied):
        subscribed(by=bearer(*scopes))


def test_staff_give_no_more_than_they_may():
    office = OfficeFactory()
    boss = MembershipFactory(office=office, role="administrator").user
    assert subscribed(by=boss, office=office, reads=INTERNAL)
    for facts in ({"office": OfficeFactory()}, {"office": None}):
        with pytest.raises(PermissionDenied):
            subscribed(by=boss, **facts)
    with pytest.raises(PermissionDenied):
        subscribed(by=MembershipFactory(office=office, role="reviewer").user, office=office)


# --- at once ----------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_several_workers_hand_out_each_change_once(monkeypatch):
    monkeypatch.setattr(handing_out, "_BATCH", 3)
    hook = subscribed()
    AgreementFactory.create_batch(20, published=True)
    tell_all()
    start, faults = threading.Barrier(4), []

    def job():
        try:
            start.wait()
            hand_out_changes()
        except Exception as error:
            faults.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=job) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    hand_out_changes()
    assert faults == []
    rows = WebhookDelivery.objects.filter(subscription=hook).order_by("pk")
    positions = list(rows.values_list("change", flat=True))
    assert positions == sorted(set(positions))
    assert len(positions) == 20
