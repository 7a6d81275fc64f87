"""Agreements as a table for staff: the API's own records and columns, and what only staff are told."""

from collections.abc import Iterator

from partnerships.models import Agreement
from partnerships.services.tables import TABLES, Table

from . import exports, serializers

_COLUMNS = [*exports.AGREEMENTS, *exports.FOR_STAFF]
_KEYS = frozenset(column.key for column in _COLUMNS)
_PARTS = ("parties", "signatories", "statements", "subjects", "activities", "sources")


def agreements(request, keys: list[int]) -> Iterator[dict]:
    """The records ``keys`` that the visitor may see, with the keys that the columns are made from."""
    rows = Agreement.objects.visible_to(request.user).for_detail(request.user, _PARTS).in_bulk(keys)
    context = {"request": request, "selection": _KEYS}
    represent = serializers.AgreementSerializer(context=context).to_representation
    return (represent(rows[key]) for key in keys if key in rows)


def install() -> None:
    """Enter the table among those that staff can take with them."""
    TABLES["agreements"] = Table(_COLUMNS, agreements)
