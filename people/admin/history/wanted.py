"""Which part of a history somebody wants to read: of one field, of one person."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.contrib.auth import get_user_model
from django.db.models import BooleanField, F, Func, OuterRef, Q, QuerySet, Subquery
from django.utils.text import capfirst
from pghistory.models import Context

from people.models import ApiToken

from .reading import Trail
from .words import told_fields

NOBODY = "nobody"


class IsDistinct(Func):
    """``a IS DISTINCT FROM b``: nothing differs from something, and not from nothing."""

    arg_joiner = " IS DISTINCT FROM "
    template = "%(expressions)s"
    output_field = BooleanField()


@dataclass(frozen=True)
class Wanted:
    """Args:
    field: ``party`` for every change of parties, ``party.role`` for one field; empty for all.
    who: ``user:3``, ``token:5``, ``nobody``; empty for all.
    """

    field: str = ""
    who: str = ""

    def narrowed(self, trail: Trail, events: QuerySet) -> QuerySet:
        """Keep the events that are wanted."""
        model, _, name = self.field.partition(".")
        if self.field and model != trail.model._meta.model_name:
            return events.none()
        if name:
            events = _changing(trail, events, name)
        kind, _, key = self.who.partition(":")
        if kind in ("user", "token") and key.isascii() and key.isdigit():
            events = events.filter(**{f"pgh_context__metadata__{kind}": int(key)})
        elif self.who == NOBODY:
            events = events.filter(
                Q(pgh_context=None)
                | ~Q(pgh_context__metadata__has_any_keys=["user", "token"]) & Q(pgh_context__isnull=False)
            )
        return events

    def shows(self, trail: Trail, name: str = "") -> bool:
        """Whether a changed row, or a field of it, belongs to what is wanted."""
        model, _, field = self.field.partition(".")
        if not self.field:
            return True
        return model == trail.model._meta.model_name and (not field or not name or field == name)


def fields_to_choose(trails: list[Trail], hidden: frozenset[str]) -> list[tuple[str, list[tuple[str, str]]]]:
    """The fields of a record and of its rows, grouped by what they belong to."""
    found = []
    for trail in trails:
        options = trail.model._meta
        name = options.model_name
        fields = [
            (f"{name}.{field.name}", str(capfirst(field.verbose_name)))
            for field in told_fields(trail, hidden)
        ]
        any_change = [(name, "any change")] if trail.link else []
        found.append((str(capfirst(options.verbose_name)), any_change + fields))
    return found


def people_to_choose(trails: list[Trail], record) -> Iterator[tuple[str, str]]:
    """Who ever changed the record or its rows."""
    belongs = Q()
    for trail in trails:
        belongs |= Q(pk__in=trail.of(record).order_by().values("pgh_context"))
    acted = list(
        Context.objects.filter(belongs).order_by().values_list("metadata__user", "metadata__token").distinct()
    )
    for kind, model, place in (("user", get_user_model(), 0), ("token", ApiToken, 1)):
        keys = {row[place] for row in acted if isinstance(row[place], int)}
        for row in model._base_manager.filter(pk__in=keys).order_by("pk"):
            name = row.get_full_name() or row.get_username() if kind == "user" else f"token {row}"
            yield f"{kind}:{row.pk}", name
    yield NOBODY, "no user: a command, or the database"


def _changing(trail: Trail, events: QuerySet, name: str) -> QuerySet:
    fields = {field.name: field for field in told_fields(trail, frozenset())}
    if name not in fields:
        return events.none()
    earlier = trail.events.objects.filter(pgh_obj=OuterRef("pgh_obj"), pgh_id__lt=OuterRef("pgh_id"))
    was = Subquery(earlier.order_by("-pgh_id").values(name)[:1])
    changed = Q(pgh_label="update") & Q(IsDistinct(F(name), was))
    filled = ~Q(pgh_label="update") & Q(**{f"{name}__isnull": False})
    if fields[name].empty_strings_allowed and fields[name].get_internal_type() in ("CharField", "TextField"):
        filled &= ~Q(**{name: ""})
    return events.filter(changed | filled)
