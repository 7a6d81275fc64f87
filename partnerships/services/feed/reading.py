"""Reading the feed: from a cursor on, and from which position a copy begins."""

from partnerships.models import Change
from partnerships.querysets.feed import BEGINNING, ChangeQuerySet, cursor_of


class BadCursor(ValueError):
    """The cursor was not made by this feed, or by a history of it that is gone."""


def changes_after(position: int, user) -> ChangeQuerySet:
    """The entries behind ``position`` that say something to ``user``, in their order."""
    return Change.objects.visible_to(user).after(position)


def position_at(cursor: str) -> int:
    """The position at which ``cursor`` stands; 0 for an empty one.

    Raises:
        BadCursor: none of this feed's. A registry brought back from a backup forgets what it told later.
    """
    if cursor in {"", BEGINNING}:
        return 0
    position, _, _ = cursor.partition("-")
    # The length first: nobody's position has twenty digits.
    if len(position) > 18 or not (position.isascii() and position.isdigit()):
        raise BadCursor("This cursor was not made here.")
    change = Change.objects.filter(pk=int(position)).only("position", "told_at").first()
    if change is None or cursor_of(change) != cursor:
        raise BadCursor("This cursor belongs to a feed that is no longer there; begin with a snapshot again.")
    return change.position


def standing() -> tuple[int, str]:
    """The position of the newest entry and the cursor behind it, whoever may see that entry."""
    change = Change.objects.order_by("position").only("position", "told_at").last()
    return (0, BEGINNING) if change is None else (change.position, cursor_of(change))
