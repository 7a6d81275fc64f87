"""What an import wrote, told so that it can be taken back, and whether it stands as it was written."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable

from partnerships.models import (
    Activity,
    Agreement,
    AgreementFocusArea,
    AgreementIdentifier,
    AgreementRelation,
    Document,
    Party,
    Period,
    Signatory,
    Source,
    Statement,
)

#: Tables of an agreement's parts, with the way to the agreement.
_PARTS = {
    Party: "agreement",
    Signatory: "party__agreement",
    Source: "agreement",
    Statement: "agreement",
    AgreementFocusArea: "agreement",
    Activity: "agreement",
    Period: "agreement",
    Document: "agreement",
    AgreementRelation: "agreement",
    AgreementIdentifier: "agreement",
}
#: Dates that the database moves, and no more than that.
_UNTOLD = {"created_at", "updated_at"}
#: Lists of a journal entry, and their tables.
ADDED = {
    "parties": Party,
    "sources": Source,
    "focus_areas": AgreementFocusArea,
    "identifiers": AgreementIdentifier,
}


def fingerprints(keys: Iterable[int]) -> dict[int, str]:
    """A digest of each agreement with everything that belongs to it."""
    keys = list(keys)
    told: dict[int, list] = defaultdict(list)
    names = [field.attname for field in Agreement._meta.fields if field.name not in _UNTOLD]
    for row in Agreement.objects.filter(pk__in=keys).order_by("pk").values_list("pk", *names):
        told[row[0]].append(row)
    for model, way in _PARTS.items():
        names = [field.attname for field in model._meta.fields if field.name not in _UNTOLD]
        rows = model._base_manager.filter(**{f"{way}__in": keys}).order_by("pk")
        for owner, *row in rows.values_list(way, *names):
            told[owner].append((model.__name__, *row))
    # A relation that a newer record has to it names it, and would be lost with it.
    for owner, key in AgreementRelation.objects.filter(target__in=keys).values_list("target_id", "pk"):
        told[owner].append(("named by", key))
    return {key: _digest(rows) for key, rows in told.items()}


def _digest(rows: list) -> str:
    text = json.dumps(rows, default=str, ensure_ascii=False)
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


def plain(value):
    """A value of a column as JSON keeps it."""
    return value if value is None or isinstance(value, int | str | list) else str(value)
