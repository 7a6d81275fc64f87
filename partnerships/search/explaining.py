"""Reasons for the cards of a page."""

from collections.abc import Sequence

from partnerships.models import PreparedRecord

from .agreements import Search
from .corrections import Correction
from .reasons import Reason, reasons


def reasons_by_card(
    search: Search, ids: Sequence[int], correction: Correction | None = None
) -> dict[int, list[Reason]]:
    """Return by id why each of some cards answers ``search``; nothing where it asks for no words.

    One SQL statement. Whoever asks has read the cards behind the gate.
    """
    compiled = search.compiled()
    if not ids or not compiled or not compiled.wanted:
        return {}
    passages = dict(PreparedRecord.objects.filter(pk__in=ids).values_list("pk", "passages"))
    return {key: reasons(search, passages[key], correction) for key in ids if key in passages}
