"""The text of a document is kept once it is read, whatever happens in between."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.db.models import F

from partnerships import tasks
from partnerships.models import Document, DocumentText, IndexCard
from partnerships.services.cards import differences, rebuild
from partnerships.services.texts import keeping
from partnerships.services.texts.found import Found
from partnerships.services.texts.keeping import read_text
from partnerships.services.texts.waiting import read_waiting_texts
from tests import files
from tests.factories import AgreementFactory, DocumentFactory

ROOT = Path(__file__).parents[4]
in_one_transaction = pytest.mark.django_db
committing = pytest.mark.django_db(transaction=True)


def state_of(document: Document) -> tuple[str, str]:
    contents = DocumentText.objects.get(document=document)
    return contents.state, contents.text


def answers(document: Document, word: str) -> bool:
    return DocumentText.objects.filter(document=document, words__answers=f"'{word}'").exists()


@in_one_transaction
def test_a_new_document_waits_and_is_read_once():
    document = files.document_with(b"Quantum gardening")
    assert state_of(document) == ("waiting", "")
    assert read_text(document_id=document.pk) == "done"
    assert state_of(document) == ("done", "Quantum gardening")
    assert read_text(document_id=document.pk) is None, "there is nothing left to do"
    assert read_text(document_id=0) is None


@in_one_transaction
def test_another_file_or_language_is_read_anew():
    document = files.document_with(b"Quantum gardening")
    read_text(document_id=document.pk)
    document.title = "Another title"
    document.save()
    assert state_of(document)[0] == "done"
    document.language = "de"
    document.save()
    assert state_of(document) == ("waiting", "")
    assert not answers(document, "quantum"), "what may not stand in the file is found no longer"
    read_text(document_id=document.pk)
    document.file.save("x", ContentFile(b"Nothing of it"), save=False)
    document.sha256 = "0" * 64
    document.save()
    assert state_of(document) == ("waiting", "")
    assert read_text(document_id=document.pk) == "broken", "the digest tells of another file"


@in_one_transaction
def test_words_stand_behind_those_of_the_card_and_follow_it():
    record = AgreementFactory(title="Kelp treaty")
    document = files.document_with(b"Quantum gardening", agreement=record)
    read_text(document_id=document.pk)
    assert answers(document, "kelp")
    assert DocumentText.objects.filter(words__answers="'kelp' & 'quantum'").exists()
    assert DocumentText.objects.filter(words__answers="'quantum' <-> 'gardening'").exists()
    record.title = "Seaweed treaty"
    record.save()
    assert answers(document, "seaweed")
    assert not answers(document, "kelp")
    assert answers(document, "quantum")


@in_one_transaction
def test_words_that_lost_their_card_are_told_and_put_right():
    document = files.document_with(b"Quantum gardening")
    read_text(document_id=document.pk)
    assert list(differences()) == []
    DocumentText.objects.update(words=F("own"))
    assert "1 texts of documents" in " ".join(differences())
    rebuild()
    assert list(differences()) == []


@in_one_transaction
def test_words_of_a_document_are_no_words_of_the_card():
    """They would be seen by whoever sees the record."""
    document = files.document_with(b"Quantum gardening", visibility="public")
    read_text(document_id=document.pk)
    assert not IndexCard.objects.filter(words__answers="'quantum'").exists()
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM partnerships_findableword WHERE word = 'quantum'")
        assert cursor.fetchone() == (0,)


@in_one_transaction
@pytest.mark.parametrize(
    ("name", "media_type", "message"),
    [("a.png", "image/png", "no text"), ("a.doc", "application/msword", "old Word")],
)
def test_a_file_without_text_says_so(name, media_type, message):
    document = DocumentFactory(filename=name, media_type=media_type)
    assert read_text(document_id=document.pk) == "empty"
    assert message in document.contents.__class__.objects.get(document=document).message


@in_one_transaction
def test_a_missing_file_says_so():
    document = DocumentFactory()
    document.file.storage.delete(document.file.name)
    assert read_text(document_id=document.pk) == "broken"


@in_one_transaction
def test_a_store_that_does_not_answer_is_asked_again(monkeypatch):
    document = DocumentFactory()

    def refuse(*_):
        raise ConnectionError("the store is away")

    with monkeypatch.context() as away:
        away.setattr(keeping, "_copied", refuse)
        for _ in range(10):
            assert read_text(document_id=document.pk) is None
        assert read_waiting_texts() == 1, "each is tried once a run"
    assert read_waiting_texts() == 1
    assert state_of(document) == ("done", "text")


@in_one_transaction
def test_a_text_of_very_many_words_is_found_by_its_beginning(monkeypatch):
    monkeypatch.setattr(keeping, "ROOM", 20_000)
    text = " ".join(f"word{n}" for n in range(4_000))
    document = files.document_with(text.encode())
    assert read_text(document_id=document.pk) == "done"
    contents = DocumentText.objects.get(document=document)
    assert contents.text == text
    assert "letters can be searched" in contents.message
    assert answers(document, "word1")
    assert not answers(document, "word3999")


@in_one_transaction
def test_a_million_letters_without_a_space_are_read_in_good_time():
    document = files.document_with(("협약" * 150_000).encode())
    assert read_text(document_id=document.pk) == "done"
    assert answers(document, "협약")


@in_one_transaction
def test_a_file_that_came_meanwhile_is_not_given_the_old_text(monkeypatch):
    document = files.document_with(b"old words")

    def replaced_meanwhile(path, ending):
        Document.objects.filter(pk=document.pk).update(file="documents/new", sha256="1" * 64)
        return Found("done", "old words")

    monkeypatch.setattr(keeping, "read_apart", replaced_meanwhile)
    assert read_text(document_id=document.pk) is None
    assert state_of(document) == ("waiting", "")


@in_one_transaction
def test_what_stops_every_worker_is_given_up():
    document = DocumentFactory()
    DocumentText.objects.filter(document=document).update(tries=keeping.MOST_TRIES)
    assert read_text(document_id=document.pk) == "broken"


@committing
def test_what_waits_is_due_until_it_is_done():
    document = DocumentFactory()
    assert tasks.hand_over_texts() == 1
    assert state_of(document) == ("done", "text")
    assert tasks.hand_over_texts() == 0


KILLED = """
import json, os, signal, sys
from django.conf import settings
given = json.loads(sys.argv[1])
settings.DATABASES["default"] |= given["database"]
settings.MEDIA_ROOT = given["media"]
import django
django.setup()
from partnerships.services.texts import keeping
keeping.read_apart = lambda path, ending: os.kill(os.getpid(), signal.SIGKILL)
keeping.read_text(document_id=given["document"])
"""


@committing
def test_a_killed_job_is_found_again_and_ends(settings):
    document = files.document_with(b"Quantum gardening")
    names = ("NAME", "USER", "PASSWORD", "HOST", "PORT")
    given = {
        "database": {name: connection.settings_dict[name] for name in names},
        "media": str(settings.MEDIA_ROOT),
        "document": document.pk,
    }
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "config.settings"}
    command = [sys.executable, "-c", KILLED, json.dumps(given)]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True)
    assert done.returncode == -signal.SIGKILL, done.stderr.decode()
    contents = DocumentText.objects.get(document=document)
    assert (contents.state, contents.tries) == ("waiting", 1)
    assert tasks.hand_over_due() >= 1
    assert state_of(document) == ("done", "Quantum gardening")
