"""Questions to the list of agreements, kept under a name and shared with an office."""

from urllib.parse import parse_qsl, urlencode

from django.core.exceptions import PermissionDenied, ValidationError

from partnerships.models import Agreement, SavedFilter
from partnerships.models.saved_filter import LONGEST_QUESTION
from partnerships.services.errors import told_clearly
from people.access import sees_everything
from people.history import acting
from people.models import Office
from people.transactions import one_transaction

#: Parameters that say where one stands in a list, not what is asked.
NO_QUESTION = {"p", "e", "_popup", "_to_field", "all"}


def normal_question(text: str) -> str:
    """Return a query string in one form: what asks nothing left out, the rest in order.

    Two addresses with the same answer have the same form, so a list knows the filter it shows.
    """
    pairs = parse_qsl(text.lstrip("?").replace("\x00", ""), max_num_fields=100)
    return urlencode(sorted((name, value) for name, value in pairs if value and name not in NO_QUESTION))


@one_transaction
def save_filter(*, by, name: str, question: str, office: Office | None = None) -> SavedFilter:
    """Keep a question under a name, shared with ``office`` if one is given.

    Raises:
        PermissionDenied: ``by`` may not share with this office.
        ValidationError: naming ``name`` or ``question``.
    """
    require_may_share(by, office)
    last = (
        SavedFilter.objects.filter(owner=by).order_by("-position").values_list("position", flat=True).first()
    )
    row = SavedFilter(owner=by, office=office, position=min((last or 0) + 1, 32767))
    return _written(row, by, name, question)


@one_transaction
def revise_filter(*, saved: SavedFilter, by, name: str, office: Office | None = None) -> SavedFilter:
    """Give a filter another name, share it, or take it back from its office.

    Raises:
        PermissionDenied: it is neither ``by``'s own nor of an office for which they record.
        ValidationError: naming ``name``.
    """
    locked = SavedFilter.objects.select_for_update().get(pk=saved.pk)
    require_may_change(locked, by)
    if office is None and locked.owner_id != by.pk:
        raise ValidationError({"office": "Only its owner takes a shared filter back to themselves."})
    if office != locked.office:
        require_may_share(by, office)
    locked.office = office
    return _written(locked, by, name, locked.question)


@one_transaction
def delete_filter(*, saved: SavedFilter, by) -> None:
    """Remove a filter.

    Raises:
        PermissionDenied: it is neither ``by``'s own nor of an office for which they record.
    """
    locked = SavedFilter.objects.select_for_update().get(pk=saved.pk)
    require_may_change(locked, by)
    with acting(user=by):
        locked.delete()


def may_change(saved: SavedFilter, by) -> bool:
    """True for the owner, and for whoever records for the office that it is shared with."""
    return saved.owner_id == by.pk or (saved.office is not None and may_share(by, saved.office))


def may_share(by, office: Office) -> bool:
    """True for whoever records for the office."""
    return sees_everything(by) or by.has_perm("partnerships.change_agreement", Agreement(office=office))


def require_may_change(saved: SavedFilter, by) -> None:
    """Raise PermissionDenied unless ``may_change``."""
    if not may_change(saved, by):
        raise PermissionDenied("This filter is somebody else’s.")


def require_may_share(by, office: Office | None) -> None:
    """Raise PermissionDenied unless ``by`` may share with ``office``, where one is named."""
    if office is not None and not may_share(by, office):
        raise PermissionDenied("Only who records for an office shares a filter with it.")


def _written(row: SavedFilter, by, name: str, question: str) -> SavedFilter:
    row.name = name.replace("\x00", "").strip()
    row.question = normal_question(question)
    if not row.question:
        raise ValidationError(
            {"question": "Choose a filter or an order first: the whole list needs no name."}
        )
    if len(row.question) > LONGEST_QUESTION:
        raise ValidationError(
            {"question": f"The question is too long: at most {LONGEST_QUESTION} characters."}
        )
    with told_clearly(), acting(user=by):
        row.full_clean(exclude=["updated_at", "question"])
        row.save()
    return row
