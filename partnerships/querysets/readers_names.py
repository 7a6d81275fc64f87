"""Names in the reader's language, where they are known, beside the name that everybody is shown.

Institutions have labels by language, people a name in their native script, countries what they are
called elsewhere. A page says once what it shows; what is fetched already is walked through, so that
a whole page takes three statements in another language and none in the registry's own.
"""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from django.apps import apps
from django.conf import settings
from django.db.models import Model, Q, QuerySet
from django.utils.translation import get_language


class _Names(NamedTuple):
    """Where the names of a model stand: their model, its way back, the kinds to show."""

    model: str
    of: str
    kinds: tuple[str, ...]


_NAMED = {
    "partnerships.Institution": _Names("partnerships.InstitutionName", "institution", ("label",)),
    "partnerships.Country": _Names("partnerships.CountryName", "country", ("label",)),
    "people.Person": _Names("people.PersonName", "person", ("native", "romanised")),
}
#: So deep are relations walked through: from an agreement over its party to the country of an institution.
_DEPTH = 5


def spoken_elsewhere() -> str:
    """Return the language of the reader; empty where it is the one in which records are named anyway."""
    language = get_language() or settings.LANGUAGE_CODE
    return "" if language == settings.LANGUAGE_CODE else language


def names_of(model: str, keys: Iterable) -> dict:
    """Return by primary key the name in the reader's language, of those that have one; one statement.

    Args:
        model: ``partnerships.Institution``, for example.
    """
    language, keys = spoken_elsewhere(), set(keys)
    if not language or not keys or model not in _NAMED:
        return {}
    known = _NAMED[model]
    near = Q(language__iexact=language) | Q(language__iexact=language.partition("-")[0])
    rows = apps.get_model(known.model).objects.filter(near, **{f"{known.of}__in": keys}, kind__in=known.kinds)
    # The name that was entered first is the one that is shown.
    listed = rows.order_by("-pk").values_list(f"{known.of}_id", "value")
    return dict(listed)


def name_for_reader(*shown) -> None:
    """Give what a page shows its names in the reader's language: ``str()`` of a record then says them.

    Args:
        shown: records, querysets, lists and mappings of them. Querysets are read here, as the template
            would; relations are followed as far as they are fetched.
    """
    if not spoken_elsewhere():
        return
    met = _Met()
    met.walk(shown, _DEPTH)
    for model, rows in met.named.items():
        names = names_of(model, {row.pk for row in rows})
        for row in rows:
            if (name := names.get(row.pk)) and name != row.name:
                row.local_name = name


class _Met:
    """The records met on a walk, each once."""

    def __init__(self):
        self.named: dict[str, list[Model]] = {name: [] for name in _NAMED}
        self.seen: set[int] = set()

    def walk(self, thing, depth: int) -> None:
        if isinstance(thing, str | bytes | int) or thing is None or depth < 0:
            return
        if isinstance(thing, Model):
            self._record(thing, depth)
        elif isinstance(thing, Mapping):
            for one in thing.values():
                self.walk(one, depth)
        elif isinstance(thing, list | tuple | set | QuerySet):
            for one in thing:
                self.walk(one, depth)

    def _record(self, row: Model, depth: int) -> None:
        if id(row) in self.seen:
            return
        self.seen.add(id(row))
        if row._meta.label in self.named:
            self.named[row._meta.label].append(row)
        for one in row._state.fields_cache.values():
            self.walk(one, depth - 1)
        for rows in getattr(row, "_prefetched_objects_cache", {}).values():
            self.walk(rows, depth - 1)
        # What a prefetch keeps under a name of its own, and what a view has put beside a record.
        for name, beside in row.__dict__.items():
            if isinstance(beside, list) and not name.startswith("_"):
                self.walk(beside, depth - 1)
