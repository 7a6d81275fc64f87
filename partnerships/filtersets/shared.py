"""Filters that more than one filter set offers."""

from django.utils.translation import gettext_lazy as _

from partnerships.models import Country, Event, FocusArea, Institution
from people.models import Person

from .base import PartialDateFilter, ResolvedFilter
from .crossed import PairFilter
from .keyed import KeyedIdentifier

#: How institutions are found by what is written.
_INSTITUTIONS = {
    "find": lambda text, user: Institution.objects.visible_to(user).by_identifier(text),
    "unknown": _("“%(text)s” is no institution known here."),
}


def _resolving(**kwargs) -> ResolvedFilter:
    """A filter of headings where a facet is given, else one that narrows as ``apply`` says."""
    return KeyedIdentifier(**kwargs) if "facet" in kwargs else ResolvedFilter(**kwargs)


def country_filter(**kwargs) -> ResolvedFilter:
    return _resolving(
        find=lambda text, user: Country.objects.filter(code=text.strip().upper()),
        noun="ISO 3166-1 country code",
        unknown=_("“%(text)s” is no ISO 3166-1 country code known here."),
        label=_("Country"),
        help_text=_("Two-letter code of ISO 3166-1, for example KR."),
        **kwargs,
    )


def institution_filter(**kwargs) -> ResolvedFilter:
    return _resolving(
        **_INSTITUTIONS,
        noun="institution",
        label=_("Institution"),
        **{"help_text": _("Id or ROR id; its sub-units are included."), **kwargs},
    )


def partnership_filter(**kwargs) -> PairFilter:
    return PairFilter(
        **_INSTITUTIONS,
        noun="partnership",
        label=_("Partnership"),
        help_text=_("Ids or ROR ids of two institutions with a hyphen between: 05apxxy63-035dkdb55."),
        **kwargs,
    )


def person_filter(**kwargs) -> ResolvedFilter:
    return _resolving(
        find=lambda text, user: Person.objects.visible_to(user).by_identifier(text),
        noun="person",
        unknown=_("“%(text)s” is no person known here."),
        label=_("Person"),
        help_text=_("Id or ORCID iD of somebody who signed or spoke."),
        **kwargs,
    )


def focus_area_filter(**kwargs) -> ResolvedFilter:
    return _resolving(
        find=lambda text, user: FocusArea.objects.visible_to(user).filter(uid=text.strip()),
        noun="focus area",
        unknown=_("“%(text)s” is no focus area known here."),
        label=_("Focus area"),
        **{"help_text": _("Id; what stands below it is included."), **kwargs},
    )


def event_filter(**kwargs) -> ResolvedFilter:
    return _resolving(
        find=lambda text, user: Event.objects.visible_to(user).filter(uid=text.strip()),
        noun="event",
        unknown=_("“%(text)s” is no event known here."),
        label=_("Event"),
        help_text=_("Id of the occasion."),
        **kwargs,
    )


def on_or_after(field: str, label: str) -> PartialDateFilter:
    """``field`` may lie on or after the first day of the value."""
    return PartialDateFilter(
        apply=lambda rows, value: rows.filter(**{f"{field}__day_after__gt": value.first_day}),
        label=label,
        help_text=_("2024, 2024-05 or 2024-05-21; what may fall into the range is found."),
    )


def on_or_before(field: str, label: str) -> PartialDateFilter:
    """``field`` may lie on or before the last day of the value."""
    return PartialDateFilter(
        apply=lambda rows, value: rows.filter(**{f"{field}__first_day__lte": value.last_day}),
        label=label,
        help_text=_("2024, 2024-05 or 2024-05-21; what may fall into the range is found."),
    )
