"""Files of agreements: taken in, replaced by newer ones, taken back."""

from dataclasses import asdict
from typing import Any

from django.core.exceptions import ValidationError

from partnerships.models import Agreement, Document
from partnerships.services.documents import examine
from partnerships.services.errors import check_now, told_clearly
from people.access import Visibility
from people.history import acting
from people.transactions import one_transaction

from .agreements import require_permission
from .errors import about
from .removing import DELETED, TAKEN_BACK
from .rows import columns_of, write


@one_transaction
def record_document(*, by, facts: dict[str, Any], reason: str = "") -> Document:
    """File a document with its agreement. It is internal unless the facts say otherwise.

    Args:
        facts: fields of the model by name, ``agreement`` and ``file`` among them. Without a title
            it has the name of its file.

    Raises:
        PermissionDenied: ``by`` may not change the agreement.
        ValidationError: by field; ``file`` where it is empty, too large or of a kind that is not accepted.
    """
    agreement = _locked(facts["agreement"], by)
    last = agreement.documents.order_by("-position").values_list("position", flat=True).first()
    document = Document(agreement=agreement, position=0 if last is None else min(last + 1, 32_767))
    facts = {name: value for name, value in facts.items() if name != "agreement"}
    return _written(document, by, facts, reason or "filed")


@one_transaction
def revise_document(
    *, document: Document, by, facts: dict[str, Any], reason: str = "", read_at=None
) -> Document:
    """Change what is said of a document, or give it a newer file.

    The present file stays as an earlier version. The very file that is there already is no newer one.

    Args:
        read_at: taken as other records take it; a document has no such moment.

    Raises:
        PermissionDenied, ValidationError: as for ``record_document``.
    """
    _locked(document.agreement, by)
    locked = Document.objects.select_for_update().get(pk=document.pk)
    return _written(locked, by, facts, reason or "revised")


@one_transaction
def remove_document(*, document: Document, by, reason: str = "") -> str:
    """Take a document from the public, or delete one that the public never saw.

    One that was public once stays as an internal one: its address does not become another file's, and
    what was published can be accounted for.

    Returns:
        ``withdrawn`` or ``deleted``.

    Raises:
        PermissionDenied: ``by`` may not change the agreement.
    """
    agreement = _locked(document.agreement, by)
    locked = Document.objects.select_for_update().get(pk=document.pk)
    shown = agreement.is_public and locked.visibility == Visibility.PUBLIC
    withdrawn = shown or Document.objects.filter(pk=locked.pk).once_public().exists()
    with told_clearly(), acting(user=by, reason=reason or "taken back"):
        if not withdrawn:
            locked.delete()
        elif locked.visibility == Visibility.PUBLIC:
            write(locked, {"visibility": Visibility.INTERNAL})
        check_now()
    return TAKEN_BACK if withdrawn else DELETED


def _locked(agreement: Agreement, by) -> Agreement:
    locked = Agreement.objects.select_for_update().get(pk=agreement.pk)
    require_permission(by, "change", locked)
    return locked


def _written(document: Document, by, facts: dict[str, Any], reason: str) -> Document:
    columns = columns_of(Document, facts, without={"file"})
    if upload := facts.get("file"):
        columns |= _of_file(document, upload, columns, by)
    with told_clearly(), acting(user=by, reason=reason):
        write(document, columns)
        check_now()
    if not Document.objects.visible_to(by).filter(pk=document.pk).exists():
        raise ValidationError({"visibility": "You could not see this document yourself afterwards."})
    return document


def _of_file(document: Document, upload, given: dict[str, Any], by) -> dict[str, Any]:
    """The columns that a file brings with it; none where it is the one that is there."""
    with about("file"):
        noted = examine(upload)
    if noted.sha256 == document.sha256:
        return {}
    title = {} if document.title or given.get("title") else {"title": noted.filename[:300]}
    # A note tells of one file: it does not pass to the next one.
    return {"note": "", "filed_by_id": by.pk, "file": upload} | asdict(noted) | title | given
