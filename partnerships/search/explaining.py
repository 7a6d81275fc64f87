"""Reasons for the cards of a page."""

import json
from collections.abc import Sequence

from django.db import connection

from partnerships.querysets.document_texts import texts_stand

from .agreements import Search
from .corrections import Correction
from .inside import passages_inside
from .reasons import Reason, are_missing, reasons


def reasons_by_card(
    search: Search, ids: Sequence[int], user, correction: Correction | None = None
) -> dict[int, list[Reason]]:
    """Return by id why each of some cards answers ``search``; nothing where it asks for no words.

    One SQL statement, and another one where words stand in none of the texts of a card: documents that
    ``user`` may see are looked into. Whoever asks has read the cards behind the gate.
    """
    compiled = search.compiled()
    if not ids or not compiled or not compiled.wanted:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_PASSAGES, [list(ids)])
        passages = {key: json.loads(texts) for key, texts in cursor.fetchall()}
    if texts_stand():
        missing = [key for key, texts in passages.items() if are_missing(search, texts)]
        for key, inside in passages_inside(compiled, missing, user).items():
            passages[key] += inside
    return {key: reasons(search, passages[key], correction) for key in ids if key in passages}


_PASSAGES = """
    SELECT agreement_id, passages::text FROM partnerships_preparedrecord WHERE agreement_id = ANY(%s)
"""
