"""Days by which something must be done about an agreement: its end, and the last day to give notice.

A deadline is derived, never stored. The end of the last known term counts. Where that is known to a
month or a year only, its earliest possible day counts: a deadline told too early does no harm. What
is open-ended, not known, terminated, superseded or withdrawn has no deadline.

The notice period is taken off by the calendar: 31 May less three months is the last of February.
"""

from dataclasses import dataclass
from datetime import date

from dateutil.relativedelta import relativedelta
from django.db import models
from django.db.models import Case, DateField, Exists, F, Func, Q, Value, When
from django.db.models.functions import Cast

from .choices import DurationUnit, EndKind, PublicationState
from .partial_dates import PartialDate
from .status import superseding

#: The longest notice that is reckoned with, by unit: a century. PostgreSQL and Python end somewhere.
LONGEST = {
    DurationUnit.DAYS: 36_500,
    DurationUnit.WEEKS: 5_200,
    DurationUnit.MONTHS: 1_200,
    DurationUnit.YEARS: 100,
}


class DeadlineKind(models.TextChoices):
    END = "end", "End"
    NOTICE = "notice", "Last day to give notice"


@dataclass(frozen=True)
class Deadline:
    """One deadline of one agreement.

    Args:
        day: the day; the earliest possible one where the end is not known to the day.
        end: the end that it follows from, as far as that is known.
        notice: the notice period in words, for a deadline of that kind.
    """

    kind: str
    day: date
    end: PartialDate
    notice: str = ""

    @property
    def is_exact(self) -> bool:
        """False where the end is known to a month or a year only."""
        return self.end.precision == "day"

    def explain(self) -> str:
        """Say how the day was derived: "2024 at the earliest 2024-01-01, less 3 months' notice"."""
        words = f"the last known term ends {self.end}"
        if not self.is_exact:
            words += f", at the earliest {self.end.first_day}"
        return f"{words}; less {self.notice} of notice" if self.notice else words


def before_notice(day: date, amount: int, unit: str) -> date:
    """Return the last day to give notice of ``amount`` ``unit`` before ``day``."""
    return day - relativedelta(**{unit: min(amount, LONGEST[unit])})


def deadlines_of(agreement) -> list[Deadline]:
    """Return the deadlines of an agreement that carries ``with_deadlines``: the earlier first."""
    if agreement.end_deadline is None:
        return []
    end = agreement.current_ends_on
    found = [Deadline(DeadlineKind.END, end.first_day, end)]
    if agreement.notice_amount:
        amount, unit = agreement.notice_amount, agreement.notice_unit
        day = before_notice(end.first_day, amount, unit)
        words = f"{amount} {unit[:-1] if amount == 1 else unit}"
        found.insert(0, Deadline(DeadlineKind.NOTICE, day, end, words))
    return found


class _Notice(Func):
    """The notice period as an interval, of as many of one unit as stand in a column."""

    output_field = models.DurationField()

    def __init__(self, unit: str):
        super().__init__(F("notice_amount"))
        self.unit = unit

    def as_sql(self, compiler, connection, **extra):
        template = f"make_interval({self.unit} => LEAST(%(expressions)s, {LONGEST[self.unit]}))"
        return super().as_sql(compiler, connection, template=template, **extra)


def less_notice(day):
    """The expression for ``day`` less the notice period; null where none is stated."""
    cases = [When(notice_unit=unit, then=_Less(day, _Notice(unit))) for unit in DurationUnit.values]
    return Case(*cases, output_field=DateField())


class _Less(Func):
    template = "((%(expressions)s)::date)"
    arg_joiner = " - "
    output_field = DateField()


def annotations(on: date, relations) -> dict:
    """Expressions for ``end_deadline`` and ``notice_deadline``, beside those of ``current_end``.

    Args:
        relations: relations whose newer agreement the visitor may see.
    """
    alive = Q(terminated_on__isnull=True, current_end_kind=EndKind.DATE)
    alive &= ~Q(publication_state=PublicationState.WITHDRAWN) & ~Exists(superseding(relations, on))
    end = F("current_ends_on__first_day")
    nothing = Cast(Value(None), DateField())
    return {
        "end_deadline": Case(When(alive, then=end), default=nothing, output_field=DateField()),
        "notice_deadline": Case(
            When(alive, then=less_notice(end)), default=nothing, output_field=DateField()
        ),
    }
