"""What one step of a bulk act tells the next: signed, for one user, for a day.

A preview is confirmed with exactly the records that it showed, as they stood: nobody's browser can
add one, and whoever changed a record meanwhile takes it out.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from django.core import signing
from django.core.exceptions import ValidationError

_SALT, _DAY = "entente.bulk", 24 * 3600
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


@dataclass
class Selection:
    """Records chosen in the list and what shall be done to them.

    Args:
        act: the name of an act, ``EDIT`` or ``UNDO``.
        keys: primary keys, in the order of the list.
        seen: key and ``updated_at`` of the records that a preview showed as going.
        question: query string of the list.
        undoes: uid of the run that is taken back.
    """

    act: str
    keys: list[int] = field(default_factory=list)
    seen: list[tuple[int, datetime]] = field(default_factory=list)
    changes: dict = field(default_factory=dict)
    question: str = ""
    undoes: str = ""

    def signed(self, user) -> str:
        """Return it as text for a hidden field."""
        seen = [(key, (moment - _EPOCH) // _MICROSECOND) for key, moment in self.seen]
        facts = [user.pk, self.act, self.keys, seen, self.changes, self.question, self.undoes]
        return signing.dumps(facts, salt=_SALT, compress=True)


def read_selection(text: str, user) -> Selection:
    """Read what ``signed`` wrote.

    Raises:
        ValidationError: it was not written here, for somebody else, or yesterday.
    """
    try:
        facts: list[Any] = signing.loads(text, salt=_SALT, max_age=_DAY)
    except signing.BadSignature:
        facts = [None]
    if facts[0] != user.pk:
        raise ValidationError("This selection is no longer valid. Choose the records again.")
    _, act, keys, seen, changes, question, undoes = facts
    moments = [(key, _EPOCH + moment * _MICROSECOND) for key, moment in seen]
    return Selection(act, keys, moments, changes, question, undoes)
