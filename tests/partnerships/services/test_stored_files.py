"""The store of files held against the registry."""

import os
import time

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import transaction

from partnerships.services.stored_files import delete_orphans, file_faults, orphans
from tests import files
from tests.factories import DocumentFactory

pytestmark = pytest.mark.django_db


def age(name: str, days: float = 2) -> None:
    moment = time.time() - days * 86_400
    os.utime(default_storage.path(name), (moment, moment))


def test_nothing_is_wrong_with_what_was_taken_in(capsys):
    files.replace(files.document_with(b"first"), b"second")
    call_command("check_documents")
    assert "Every file" in capsys.readouterr().out


def test_missing_files_and_others_are_named():
    whole, missing, other = DocumentFactory(), DocumentFactory(), files.document_with(b"first")
    files.replace(other, b"second")
    default_storage.delete(missing.file.name)
    with default_storage.open(other.versions.get().file.name, "wb") as stored:
        stored.write(b"tampered")
    faults = list(file_faults())
    assert len(faults) == 2
    assert missing.uid in faults[0]
    assert faults[1].startswith(f"version 1 of document {other.uid} is not the one")
    assert whole.uid not in str(faults)
    with pytest.raises(CommandError, match="2 files"):
        call_command("check_documents")


def test_a_file_whose_transaction_failed_goes_after_a_day():
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        lost = DocumentFactory()
        raise ZeroDivisionError
    name = lost.file.name
    assert list(orphans()) == [], "it may belong to what is not written yet"
    age(name)
    assert list(orphans()) == [name]
    call_command("check_documents")
    assert default_storage.exists(name), "only looked at"
    assert delete_orphans() == 1
    assert not default_storage.exists(name)


def test_what_history_tells_of_stays():
    document = files.document_with(b"first")
    files.replace(document, b"second")
    names = [document.file.name, document.versions.get().file.name]
    document.delete()
    for name in names:
        age(name)
    call_command("check_documents", "--delete-orphans")
    assert all(map(default_storage.exists, names))


def test_other_files_of_the_store_are_left_alone():
    name = default_storage.save("elsewhere/file", ContentFile(b"x"))
    age(name)
    assert delete_orphans() == 0
