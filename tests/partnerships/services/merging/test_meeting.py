"""Merges that meet others in the database, and one whose process is killed."""

import os
import signal
import subprocess
import sys
import threading
import time

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction

from partnerships.models import Institution, InstitutionMerge, Party
from partnerships.services.merging import merge_institutions
from tests.factories import AgreementFactory, InstitutionFactory, UserFactory

pytestmark = pytest.mark.django_db(transaction=True)

#: Another process that stops in the middle of a merge, with everything moved and nothing committed.
_STOPPING = """
import sys, time
import django
from django.conf import settings
settings.DATABASES["default"]["NAME"] = sys.argv[1]
django.setup()
from partnerships.models import Institution
from partnerships.services.merging import merge
from people.models import User
def stop(*_):
    print("moved", flush=True)
    time.sleep(60)
merge._copy = stop
one, two = (Institution.objects.get(pk=key) for key in sys.argv[2:4])
merge.merge_institutions(survivor=one, merged=two, by=User.objects.get(pk=sys.argv[4]))
"""


def in_thread(act) -> tuple[threading.Thread, list]:
    """Run ``act`` in a connection of its own; what it raised is in the list once it has ended."""
    raised: list[BaseException] = []

    def run():
        try:
            act()
        except BaseException as error:
            raised.append(error)
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    return thread, raised


def waits_for_a_lock() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
        return cursor.fetchone()[0] > 0


def until_somebody_waits() -> None:
    for _ in range(200):
        if waits_for_a_lock():
            return
        time.sleep(0.05)
    raise AssertionError("nobody waits")


def test_two_merges_that_share_an_institution_do_not_both_happen():
    one, two, three = InstitutionFactory.create_batch(3)
    by = UserFactory(is_superuser=True)
    with transaction.atomic():
        merge_institutions(survivor=one, merged=two, by=by)
        thread, raised = in_thread(lambda: merge_institutions(survivor=two, merged=three, by=by))
        until_somebody_waits()
    thread.join(30)
    assert isinstance(raised[0], ValidationError)
    assert raised[0].messages == [f"“{two}” was merged into “{one}” meanwhile."]
    assert InstitutionMerge.objects.count() == 1


def test_whoever_names_the_one_during_its_merge_waits_and_is_told():
    one, two = InstitutionFactory.create_batch(2)
    agreement = AgreementFactory()
    by = UserFactory(is_superuser=True)
    with transaction.atomic():
        merge_institutions(survivor=one, merged=two, by=by)
        thread, raised = in_thread(lambda: Party.objects.create(agreement=agreement, institution=two))
        until_somebody_waits()
    thread.join(30)
    assert isinstance(raised[0], IntegrityError)
    assert f"“{two}” was merged into “{one}”; choose that one." in str(raised[0])
    assert not Party.objects.filter(institution=two).exists()


def test_a_party_named_just_before_the_merge_goes_with_it():
    one, two = InstitutionFactory.create_batch(2)
    agreement = AgreementFactory()
    by = UserFactory(is_superuser=True)
    with transaction.atomic():
        party = Party.objects.create(agreement=agreement, institution=two)
        thread, raised = in_thread(lambda: merge_institutions(survivor=one, merged=two, by=by))
        until_somebody_waits()
    thread.join(30)
    assert not raised
    party.refresh_from_db()
    assert party.institution == one


def test_a_killed_merge_leaves_nothing_and_can_be_done_again():
    one, two, three = InstitutionFactory.create_batch(3)
    agreement = AgreementFactory(parties=[two, three])
    by = UserFactory(is_superuser=True)
    command = [sys.executable, "-c", _STOPPING, connection.settings_dict["NAME"]]
    command += [str(key) for key in (one.pk, two.pk, by.pk)]
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "config.settings"}
    process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout.readline().strip() == "moved"
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait(10)
        process.stdout.close()
    assert set(agreement.parties.values_list("institution", flat=True)) == {two.pk, three.pk}
    assert not InstitutionMerge.objects.exists()
    merge_institutions(survivor=one, merged=two, by=by)
    assert Institution.objects.get(pk=two.pk).merged_into == one
    assert agreement.parties.filter(institution=one).exists()
