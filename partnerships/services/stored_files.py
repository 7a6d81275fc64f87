"""Holding the store of files against the registry: what is missing, or another file, or nobody's."""

import hashlib
from collections.abc import Iterator
from datetime import datetime, timedelta

from django.core.files.storage import Storage, default_storage
from django.utils import timezone

from partnerships.models import Document, DocumentVersion

#: A file that nobody knows may belong to a transaction that is not written yet.
GRACE = timedelta(days=1)
FOLDER = "documents"


def file_faults() -> Iterator[str]:
    """Yield in a sentence each what is wrong with a stored file; nothing where all is as it was taken in.

    Every file is read: on a store that counts transfers that has its price.
    """
    for document in Document.objects.order_by("pk").iterator(500):
        yield from _faults_of(f"the file of document {document.uid}", document)
    for version in DocumentVersion.objects.select_related("document").order_by("pk").iterator(500):
        yield from _faults_of(f"version {version.number} of document {version.document.uid}", version)


def _faults_of(name: str, row: Document | DocumentVersion) -> Iterator[str]:
    digest = hashlib.sha256()
    try:
        with row.file.open("rb") as stored:
            while chunk := stored.read(64 * 1024):
                digest.update(chunk)
    except FileNotFoundError:
        yield f"{name} is missing ({row.file.name})"
        return
    if digest.hexdigest() != row.sha256:
        yield f"{name} is not the one that was taken in: its SHA-256 differs ({row.file.name})"


def orphans(*, before: datetime | None = None) -> Iterator[str]:
    """Yield the names of files that no document and no history of one names.

    Args:
        before: only files that were written earlier; a day ago where None.
    """
    before = before or timezone.now() - GRACE
    known = _known_names()
    for name in _stored(default_storage, FOLDER):
        if name not in known and default_storage.get_modified_time(name) < before:
            yield name


def delete_orphans() -> int:
    """Delete the files of ``orphans``; return how many these were."""
    names = list(orphans())
    for name in names:
        default_storage.delete(name)
    return len(names)


def _known_names() -> set[str]:
    """Names of files that something in the registry stands for: now, as an earlier version, or in history."""
    history = Document._meta.get_field("history").related_model
    return {
        name
        for model in (Document, DocumentVersion, history)
        for name in model.objects.order_by().values_list("file", flat=True).iterator(2_000)
    }


def _stored(storage: Storage, folder: str) -> Iterator[str]:
    try:
        folders, names = storage.listdir(folder)
    except FileNotFoundError:
        return
    yield from (f"{folder}/{name}" for name in names)
    for inner in folders:
        yield from _stored(storage, f"{folder}/{inner}")
