"""What an answer to a search says of the search: why each record was found, and what was meant."""

from collections.abc import Sequence

from rest_framework.renderers import JSONRenderer

from partnerships.search.corrections import Correction
from partnerships.search.explaining import reasons_by_card
from partnerships.search.reasons import Reason, in_words


def matches(filters, ids: Sequence[int]) -> dict[int, str]:
    """Return for each record of a search its reasons as JSON; nothing where no words were asked for."""
    render = JSONRenderer().render
    found = reasons_by_card(filters.query_box, ids, filters.user, filters.correction)
    return {key: render([_reason(one) for one in reasons]).decode() for key, reasons in found.items()}


def correction_in_words(correction: Correction) -> dict:
    """Return what was looked for instead of what was typed."""
    changes = [{"typed": typed, "meant": meant} for typed, meant in correction.changes]
    return {"text": correction.text, "changes": changes}


def _reason(reason: Reason) -> dict:
    return {
        "in": reason.place,
        "kind": reason.kind or None,
        "of": reason.holder or None,
        "why": in_words(reason),
        "text": reason.text,
        "ranges": [list(span) for span in reason.ranges],
    }
