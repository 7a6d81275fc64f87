"""Who manages people sees which of their reminders wait; nobody else sees whom the registry writes to."""

import pytest
from django.urls import reverse
from django.utils import timezone

from partnerships.models import ReminderMail
from tests.factories import MembershipFactory, OfficeFactory

pytestmark = pytest.mark.django_db
LIST = "admin:partnerships_remindermail_changelist"


def mail_to(person, **facts) -> ReminderMail:
    return ReminderMail.objects.create(
        recipient=person, frequency="each", planned_on=timezone.localdate(), message_id=str(person), **facts
    )


def test_an_administrator_reads_those_of_the_own_office(client):
    office = OfficeFactory()
    waits = mail_to(MembershipFactory(office=office).user, outcome="Not taken over: ConnectionRefusedError")
    mail_to(MembershipFactory(office=OfficeFactory()).user)
    client.force_login(MembershipFactory(office=office, role="administrator").user)
    response = client.get(reverse(LIST), {"sent": "no"})
    assert list(response.context["cl"].result_list) == [waits]
    assert "ConnectionRefusedError" in response.content.decode()
    assert client.get(reverse(LIST), {"sent": "yes"}).context["cl"].result_count == 0
    assert client.get(reverse(LIST), {"sent": "nonsense"}, follow=True).context["cl"].result_count == 0
    assert client.post(reverse("admin:partnerships_remindermail_delete", args=[waits.pk])).status_code == 403


@pytest.mark.parametrize("role", ["viewer", "editor", "reviewer"])
def test_nobody_else_does(client, role):
    client.force_login(MembershipFactory(role=role).user)
    assert client.get(reverse(LIST)).status_code == 403
