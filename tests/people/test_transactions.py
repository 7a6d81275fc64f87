"""Acts that meet in the database."""

import threading

import pytest
from django.core.exceptions import ValidationError
from django.db import OperationalError, connection, transaction
from psycopg2.errors import DeadlockDetected

from partnerships.models import Institution
from people.transactions import BUSY, one_transaction
from tests.factories import InstitutionFactory


def tie() -> OperationalError:
    error = OperationalError("deadlock detected")
    # What the driver raises carries its code only when it comes from a server.
    error.__cause__ = type("Tie", (DeadlockDetected,), {"pgcode": "40P01"})()
    return error


@pytest.mark.django_db(transaction=True)
def test_two_that_wait_for_each_other_both_come_through():
    one, two = InstitutionFactory.create_batch(2)
    meeting = threading.Barrier(2, timeout=20)
    tries: list[str] = []
    failures: list[BaseException] = []

    @one_transaction
    def rename(first, second, city):
        tries.append(city)
        Institution.objects.filter(pk=first.pk).update(city=city)
        if len(tries) <= 2:
            meeting.wait()
        Institution.objects.filter(pk=second.pk).update(city=city)

    def run(*args):
        try:
            rename(*args)
        except BaseException as error:
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=args) for args in ((one, two, "A"), (two, one, "B"))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert not failures
    assert len(tries) == 3, "one of them had to begin anew"
    assert len(set(Institution.objects.values_list("city", flat=True))) == 1


@pytest.mark.django_db(transaction=True)
def test_a_tie_that_does_not_end_is_told():
    calls = []

    @one_transaction
    def act():
        calls.append(InstitutionFactory())
        raise tie()

    with pytest.raises(ValidationError) as caught:
        act()
    assert caught.value.code == BUSY
    assert len(calls) > 1
    assert not Institution.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_inside_another_transaction_it_is_told_at_once():
    calls = []

    @one_transaction
    def act():
        calls.append(1)
        raise tie()

    with pytest.raises(ValidationError), transaction.atomic():
        act()
    assert len(calls) == 1


@pytest.mark.django_db
@pytest.mark.parametrize("error", [OperationalError("the server is gone"), ValidationError("no")])
def test_other_errors_pass(error):
    @one_transaction
    def act():
        raise error

    with pytest.raises(type(error)) as caught:
        act()
    assert caught.value is error
