"""Whoever has a form open is named to the others, discreetly, and no longer than it is true."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from partnerships.tasks import hand_over_due
from people.models import Presence, Role
from people.services.presence import note_presence, others_present, sweep_presence
from tests.factories import AgreementFactory, MembershipFactory, OfficeFactory, UserFactory
from tests.partnerships.admin.forms import untouched

pytestmark = pytest.mark.django_db


@pytest.fixture
def office():
    return OfficeFactory()


@pytest.fixture
def record(office):
    return AgreementFactory(office=office)


def signed_in(office, name: str, role=Role.EDITOR) -> Client:
    client = Client()
    client.force_login(
        MembershipFactory(office=office, role=role, user__first_name=name, user__last_name="").user
    )
    return client


def page(record, name: str = "change") -> str:
    return reverse(f"admin:partnerships_agreement_{name}", args=[record.pk])


def told(client, record) -> str:
    return client.get(page(record)).context.get("presence_told", "")


def test_the_second_is_told_of_the_first_and_nobody_of_themselves(office, record):
    ada, kim = signed_in(office, "Ada"), signed_in(office, "Minji")
    assert told(ada, record) == ""
    assert "Ada opened this just now" in told(kim, record)
    assert "Minji opened this" in told(ada, record)
    assert "Ada opened this" in kim.get(page(record)).content.decode()


def test_a_sign_answers_who_else_is_there(office, record):
    ada, kim = signed_in(office, "Ada"), signed_in(office, "Minji")
    ada.get(page(record))
    assert "Ada opened this" in kim.post(page(record, "presence")).json()["told"]
    assert "Minji" in ada.post(page(record, "presence")).json()["told"]
    assert kim.post(page(record, "presence"), {"leave": "1"}).status_code == 204
    assert ada.post(page(record, "presence")).json()["told"] == ""


def test_saving_ends_it(office, record):
    ada = signed_in(office, "Ada")
    assert ada.post(page(record), untouched(ada, page(record))).status_code == 302
    assert not Presence.objects.exists()


def test_without_a_sign_it_is_forgotten_and_swept(record):
    now, user, other = timezone.now(), UserFactory(), UserFactory()
    note_presence(user=user, record=record, now=now - timedelta(minutes=6))
    assert others_present(user=other, record=record, now=now) == []
    note_presence(user=user, record=record, now=now)
    assert others_present(user=other, record=record, now=now)[0].since == now, "a new visit, not the old one"
    note_presence(user=user, record=record, now=now + timedelta(minutes=4))
    stands = Presence.objects.get()
    assert (stands.since, stands.seen_at) == (now, now + timedelta(minutes=4))
    assert sweep_presence(now=now + timedelta(minutes=30)) == 0
    Presence.objects.update(seen_at=now - timedelta(days=1))
    hand_over_due()
    assert not Presence.objects.exists()


def test_readers_are_told_but_edit_nothing(office, record):
    reader = signed_in(office, "Reader", Role.VIEWER)
    reader.get(page(record))
    assert reader.post(page(record, "presence")).status_code == 200
    assert not Presence.objects.exists()


def test_what_the_gate_hides_is_not_there(office):
    secret = AgreementFactory(office=OfficeFactory(), visibility="restricted")
    note_presence(user=UserFactory(first_name="Sentinel"), record=secret)
    response = signed_in(office, "Ada").post(page(secret, "presence"))
    assert response.status_code == 403
    assert "Sentinel" not in response.content.decode()
    assert Presence.objects.count() == 1


def test_a_stranger_and_a_forged_sign_are_refused(office, record):
    assert Client().post(page(record, "presence")).status_code == 403
    forged = Client(enforce_csrf_checks=True)
    forged.force_login(MembershipFactory(office=office, role=Role.EDITOR).user)
    assert forged.post(page(record, "presence")).status_code == 403
    assert forged.get(page(record, "presence")).status_code == 405
    assert not Presence.objects.exists()


def test_lists_write_nothing(office, record):
    signed_in(office, "Ada").get(reverse("admin:partnerships_agreement_changelist"))
    assert not Presence.objects.exists()


def test_the_form_takes_a_fixed_number_of_statements(office, record, counted_queries):
    ada = signed_in(office, "Ada")
    ada.get(page(record))
    for name in ("Minji", "Jun", "Eva"):
        with counted_queries("POST /admin/partnerships/agreement/<id>/presence/"):
            ada.post(page(record, "presence"))
        signed_in(office, name).get(page(record))
