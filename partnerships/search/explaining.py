"""Reasons for the cards of a page."""

import json
from collections.abc import Sequence

from django.db import connection

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
    with connection.cursor() as cursor:
        cursor.execute(_PASSAGES, [list(ids)])
        passages = dict(cursor.fetchall())
    return {key: reasons(search, json.loads(passages[key]), correction) for key in ids if key in passages}


_PASSAGES = """
    SELECT agreement_id, passages::text FROM partnerships_preparedrecord WHERE agreement_id = ANY(%s)
"""
