"""Two saves at the very same moment: one goes first, the other is brought in step or asked."""

from threading import Barrier, Thread

import pytest
from django.db import connection
from django.test import Client

from partnerships.models import Agreement
from people.models import Role
from tests.factories import AgreementFactory, MembershipFactory, OfficeFactory
from tests.partnerships.admin.forms import untouched

from .test_locking import page_of

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(record, *changes: dict) -> list[int]:
    """Send a form for each of ``changes``, all opened before and sent at the same moment."""
    forms = []
    for change in changes:
        client = Client()
        client.force_login(MembershipFactory(office=record.office, role=Role.EDITOR).user)
        forms.append((client, untouched(client, page_of(record)) | change))
    start, answers = Barrier(len(forms)), []

    def send(client, data):
        start.wait()
        try:
            answers.append(client.post(page_of(record), data).status_code)
        finally:
            connection.close()

    threads = [Thread(target=send, args=form) for form in forms]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(answers)


def test_two_saves_at_the_same_moment():
    record = AgreementFactory(office=OfficeFactory(), title="Before")
    assert at_once(record, {"title": "A"}, {"summary": "B"}) == [302, 302]
    record.refresh_from_db()
    assert (record.title, record.summary) == ("A", "B"), "different fields: both survive"

    assert at_once(record, {"title": "C"}, {"title": "D"}) == [200, 302]
    assert Agreement.objects.get().title in {"C", "D"}, "the same field: one is asked"
