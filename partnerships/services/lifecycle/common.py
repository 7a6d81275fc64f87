"""What every act on an agreement begins and ends with."""

from collections.abc import Iterator
from contextlib import contextmanager

from partnerships.models import Agreement, Document
from partnerships.services.documents import describe, examine
from partnerships.services.errors import told_clearly
from partnerships.services.publication import settle
from partnerships.services.recording.errors import about
from partnerships.services.rules import Rule
from people.access import Visibility
from people.history import acting


@contextmanager
def changing(rule: Rule, agreement: Agreement, by, reason: str) -> Iterator[Agreement]:
    """Yield the record locked and open to the act; settle it after, and let ``agreement`` say the same.

    To be used inside a transaction.

    Raises:
        PermissionDenied, ValidationError: as ``Rule.require`` and ``settle``.
    """
    locked = rule.lock(agreement, by)
    locked.stored_files = []
    try:
        with told_clearly(), acting(user=by, reason=reason):
            yield locked
            settle(locked)
    except Exception:
        # What the database takes back must not stay in the store.
        for file in locked.stored_files:
            if file._committed:
                file.delete(save=False)
        raise
    agreement.refresh_from_db()


def attach(agreement: Agreement, upload, *, kind: str, title: str) -> Document | None:
    """Keep an uploaded file with the record, for staff until somebody makes it public; None without one.

    Raises:
        ValidationError: naming ``document``; see ``examine``.
    """
    if not upload:
        return None
    with about("document"):
        facts = examine(upload)
        row = Document(agreement=agreement, kind=kind, title=title[:300], visibility=Visibility.INTERNAL)
        row.position = agreement.documents.count()
        row.file = upload
        describe(row, facts)
        agreement.stored_files.append(row.file)
        row.save()
    return row
