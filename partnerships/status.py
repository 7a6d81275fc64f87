"""The legal state of an agreement on a day: derived from its dates and relations, never stored.

What a date says of a day that lies inside it: signing, announcement and termination are reported
after the fact, so they count from the first day that the partial date covers. Effective dates
and ends are often written in advance, so they count from the last one. An agreement is thus
called in force, or ended, only where that is certain.

The rules, first match wins:

=============  ==================================================================================
terminated     a termination is recorded
superseded     a published agreement that supersedes it has begun
ended          its last term ended on a date that has passed
ending soon    in force, and its last term may end within ``ENDING_SOON``
in force       a term has begun (the first by ``effective_from``) and has not ended
signed         a signing is recorded
announced      an announcement is recorded
unknown        none of these
=============  ==================================================================================
"""

from collections.abc import Callable
from datetime import date, timedelta

from django.db.models import Case, CharField, Exists, F, OuterRef, Q, Subquery, Value, When
from django.utils.translation import gettext

from .choices import EndKind, PublicationState, RelationKind, Status
from .fields import PartialDateField
from .partial_dates import PartialDate

ENDING_SOON = timedelta(days=90)
#: Statuses of what is certainly in force.
IN_FORCE = (Status.IN_FORCE, Status.ENDING_SOON)


def begun(field: str, on: date) -> Q:
    """The whole of partial date ``field`` lies on or before ``on``."""
    return Q(**{f"{field}__day_after__lte": on + timedelta(days=1)})


def reported(field: str, on: date) -> Q:
    """Partial date ``field`` may lie on or before ``on``."""
    return Q(**{f"{field}__first_day__lte": on})


def passed(field: str, on: date) -> Q:
    """The whole of partial date ``field`` lies before ``on``."""
    return Q(**{f"{field}__day_after__lte": on})


def current_end(periods) -> dict:
    """Annotations for the end of the last term: ``current_end_kind``, ``current_ends_on``.

    Args:
        periods: all periods, as a queryset; narrowed here to those of the agreement.
    """
    last = periods.filter(agreement=OuterRef("pk")).order_by("-number")
    renewed = Exists(last)
    return {
        "current_end_kind": Case(
            When(renewed, then=Subquery(last.values("end_kind")[:1])),
            default=F("end_kind"),
            output_field=CharField(),
        ),
        "current_ends_on": Case(
            When(renewed, then=Subquery(last.values("ends_on")[:1])),
            default=F("ends_on"),
            output_field=PartialDateField(),
        ),
    }


def status_on(on: date, *, periods, relations) -> Case:
    """The expression for the status on day ``on``.

    Args:
        on: the day.
        periods: all periods.
        relations: relations whose newer agreement the visitor may see; a hidden successor
            must not show through the status of what it supersedes.

    The queryset must carry the annotations of ``current_end``.
    """
    in_force = _own_term_covers(on) | Exists(_covering(periods, on))
    ends_soon = Q(current_end_kind=EndKind.DATE) & reported("current_ends_on", on + ENDING_SOON)
    return Case(
        When(reported("terminated_on", on), then=Value(Status.TERMINATED)),
        When(Exists(_superseding(relations, on)), then=Value(Status.SUPERSEDED)),
        When(Q(current_end_kind=EndKind.DATE) & passed("current_ends_on", on), then=Value(Status.ENDED)),
        When(in_force & ends_soon, then=Value(Status.ENDING_SOON)),
        When(in_force, then=Value(Status.IN_FORCE)),
        When(reported("signed_on", on), then=Value(Status.SIGNED)),
        When(reported("announced_on", on), then=Value(Status.ANNOUNCED)),
        default=Value(Status.UNKNOWN),
        output_field=CharField(),
    )


def explain_status(agreement, write: Callable[[PartialDate], str] = str) -> str:
    """Say in a sentence why ``agreement`` (with ``with_status``) has the status that it has.

    Returns for example "signed 2024; neither an effective date nor an end is stated".

    Args:
        write: how a date is written; as data is, unless the sentence is for a page.
    """
    begin = _begin(agreement, write)
    if agreement.status == Status.TERMINATED:
        terminated = gettext("terminated %(date)s") % {"date": write(agreement.terminated_on)}
        return _together(begin, terminated)
    if agreement.status == Status.SUPERSEDED:
        return _together(begin, gettext("a later agreement supersedes it"))
    return _together(begin, _gaps(agreement, write))


def _together(first: str, second: str) -> str:
    if not (first and second):
        return first or second
    return gettext("%(first)s; %(second)s") % {"first": first, "second": second}


def _begin(agreement, write: Callable[[PartialDate], str]) -> str:
    facts = [
        words % {"date": write(value)}
        for words, value in (
            (gettext("announced %(date)s"), None if agreement.signed_on else agreement.announced_on),
            (gettext("signed %(date)s"), agreement.signed_on),
            (gettext("in effect from %(date)s"), agreement.effective_from),
        )
        if value
    ]
    return ", ".join(facts) or gettext("no date of announcement, signing or effect is stated")


def _gaps(agreement, write: Callable[[PartialDate], str]) -> str:
    ends_on = write(agreement.current_ends_on) if agreement.current_end_kind == EndKind.DATE else ""
    end = {
        EndKind.DATE: gettext("ends %(date)s") % {"date": ends_on},
        EndKind.OPEN_ENDED: gettext("open-ended"),
        EndKind.UNKNOWN: "",
    }[agreement.current_end_kind]
    if agreement.status == Status.ENDED:
        return gettext("ended %(date)s") % {"date": ends_on}
    if agreement.effective_from is None and not end:
        return gettext("neither an effective date nor an end is stated")
    if agreement.effective_from is None:
        return _together(gettext("no effective date is stated"), end)
    return end or gettext("no end is stated")


def _own_term_covers(on: date) -> Q:
    return begun("effective_from", on) & (~Q(end_kind=EndKind.DATE) | ~passed("ends_on", on))


def _covering(periods, on: date):
    """Periods of the agreement that run on ``on``; one without a beginning follows the first term."""
    started = begun("starts_on", on) | (Q(starts_on__isnull=True) & begun("agreement__effective_from", on))
    return periods.filter(
        started, ~Q(end_kind=EndKind.DATE) | ~passed("ends_on", on), agreement=OuterRef("pk")
    )


def _superseding(relations, on: date):
    by_effect = begun("agreement__effective_from", on)
    by_signing = Q(agreement__effective_from__isnull=True) & (
        reported("agreement__signed_on", on) | Q(agreement__signed_on__isnull=True)
    )
    return relations.filter(
        by_effect | by_signing,
        target=OuterRef("pk"),
        kind=RelationKind.SUPERSEDES,
        agreement__publication_state=PublicationState.PUBLISHED,
    )
