"""Notes that staff write beside a record."""

from datetime import date

from django.core.exceptions import PermissionDenied, ValidationError

from partnerships.models import Agreement, Note, Readers
from partnerships.services.errors import told_clearly
from people.history import acting
from people.transactions import one_transaction

#: Characters of one note: a page or two, not a document.
LONGEST = 10_000


@one_transaction
def write_note(
    *, agreement: Agreement, by, text: str, about_on: date | None = None, readers: str = Readers.STAFF
) -> Note:
    """Write a note beside a record.

    Args:
        about_on: the day of what it is about, where that is another than today.
        readers: a value of ``Readers``. Who reads a note is settled when it is written.

    Raises:
        PermissionDenied: ``by`` may not change the record.
        ValidationError: naming ``text``, ``about_on`` or ``visibility``.
    """
    if not by.has_perm("partnerships.change_agreement", agreement):
        raise PermissionDenied("You may not write notes on records of this office.")
    text = text.replace("\x00", "").strip()
    if not text:
        raise ValidationError({"text": "Write something."})
    if len(text) > LONGEST:
        raise ValidationError({"text": f"A note holds {LONGEST:,} characters; store more as a document."})
    if readers == Readers.OFFICE and agreement.office_id is None:
        raise ValidationError({"visibility": "This record belongs to no office."})
    note = Note(agreement=agreement, text=text, about_on=about_on, visibility=readers, written_by=by)
    with told_clearly(), acting(user=by):
        note.clean_fields(exclude=["written_at", "updated_at"])
        note.save()
    return note
