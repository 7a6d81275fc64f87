"""Names, identifiers and further places: bring the rows that ROR gave in step with the file."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import models

from partnerships.models import InstitutionIdentifier, InstitutionLocation, InstitutionName

from .mapping import Record


@dataclass(frozen=True, slots=True)
class Part:
    """A table of rows that belong to institutions.

    ``attribute`` names the rows of a ``Record``; ``key`` are the columns that make a row unlike
    its neighbours, ``rest`` what it says besides.
    """

    model: type[models.Model]
    attribute: str
    key: tuple[str, ...]
    rest: tuple[str, ...] = ()

    def stored(self, institutions: Iterable[int]) -> dict[int, dict[tuple, tuple]]:
        """Return, for each institution, its rows as ``{key: (pk, from_ror, rest)}``."""
        found: dict[int, dict[tuple, tuple]] = defaultdict(dict)
        width = 3 + len(self.key)
        columns = ("pk", "institution_id", "from_ror", *self.key, *self.rest)
        rows = self.model._default_manager.filter(institution__in=institutions).order_by()
        for row in rows.values_list(*columns):
            found[row[1]][row[3:width]] = (row[0], row[2], row[width:])
        return found


PARTS = (
    Part(InstitutionName, "names", ("value", "kind", "language")),
    Part(InstitutionIdentifier, "identifiers", ("scheme", "value"), ("preferred",)),
    Part(
        InstitutionLocation,
        "locations",
        ("geonames_id",),
        ("country_id", "region", "city", "latitude", "longitude"),
    ),
)


def sync_parts(records: dict[int, Record]) -> set[int]:
    """Write what the records (by institution) say of their parts; nothing where nothing differs.

    A row without ``from_ror`` is staff's: it is neither changed nor taken away.

    Returns:
        the institutions of which a row was written or taken away.
    """
    touched: set[int] = set()
    for part in PARTS:
        touched |= _sync(part, records)
    return touched


def _sync(part: Part, records: dict[int, Record]) -> set[int]:
    stored = part.stored(records)
    gone: list[int] = []
    new: list[models.Model] = []
    changed: list[models.Model] = []
    touched: set[int] = set()
    for institution, record in records.items():
        wanted, standing = getattr(record, part.attribute), stored.get(institution, {})
        before = len(gone) + len(new) + len(changed)
        gone += [pk for key, (pk, ours, _) in standing.items() if ours and key not in wanted]
        for key, rest in wanted.items():
            pk, ours, said = standing.get(key, (None, True, None))
            if ours and said != rest:
                values = dict(zip((*part.key, *part.rest), (*key, *rest), strict=True))
                row = part.model(pk=pk, institution_id=institution, from_ror=True, **values)
                (changed if pk else new).append(row)
        if len(gone) + len(new) + len(changed) > before:
            touched.add(institution)
    if gone:
        part.model._default_manager.filter(pk__in=gone).delete()
    if changed:
        part.model._default_manager.bulk_update(changed, part.rest)
    if new:
        part.model._default_manager.bulk_create(new)
    return touched
