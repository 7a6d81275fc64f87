"""Days by which somebody has to act: the end of the last term, and the last day to give notice.

A partial date is counted from its first day: an agreement that ends "in 2027" may end on the first
of January, and whoever acts later may be late. Where no end is known there is no deadline. What is
terminated, superseded or withdrawn has none either.

Months and years are counted as PostgreSQL and the calendar do: three months before 31 May is the
last day of February.
"""

from dataclasses import dataclass
from datetime import date

from django.db.models import DateField, Func, TextChoices

from .choices import DurationUnit
from .partial_dates import PartialDate

#: A longer notice period counts as this one: what somebody mistyped must not leave the calendar.
LONGEST_NOTICE = {
    DurationUnit.DAYS: 36_500,
    DurationUnit.WEEKS: 5_200,
    DurationUnit.MONTHS: 1_200,
    DurationUnit.YEARS: 100,
}


class DeadlineKind(TextChoices):
    """What a deadline is about."""

    NOTICE = "notice", "Last day to give notice"
    END = "end", "End of the term"


@dataclass(frozen=True)
class Deadline:
    """One deadline of one agreement.

    Args:
        day: the day that counts: the first that a partial end may mean.
        end: the end of the last term, as stated.
        notice: the notice period in words, for a deadline of that kind.
    """

    kind: DeadlineKind
    day: date
    end: PartialDate
    notice: str = ""

    @property
    def is_exact(self) -> bool:
        """True where the end is known to the day."""
        return self.end.first_day == self.end.last_day

    def explain(self) -> str:
        """Say how the day was derived: "the last known term ends 2027, at the earliest 2027-01-01"."""
        words = f"the last known term ends {self.end}"
        if not self.is_exact:
            words += f", at the earliest {self.end.first_day}"
        return f"{words}; less {self.notice} of notice" if self.notice else words


def deadlines_of(agreement) -> list[Deadline]:
    """The deadlines of an agreement that was fetched ``with_deadlines``, the earlier first."""
    if agreement.end_deadline is None:
        return []
    end = agreement.deadline_end
    known = [Deadline(DeadlineKind.END, agreement.end_deadline, end)]
    if agreement.notice_deadline:
        amount, unit = agreement.notice_amount, agreement.notice_unit
        words = f"{amount} {unit.removesuffix('s') if amount == 1 else unit}"
        known.insert(0, Deadline(DeadlineKind.NOTICE, agreement.notice_deadline, end, words))
    return known


class NoticeBy(Func):
    """``NoticeBy(first day of the end, amount, unit)``: the last day for notice, or null."""

    function = "notice_by"
    output_field = DateField()


#: The function behind ``NoticeBy``; null where one of its arguments is, or no unit is chosen.
NOTICE_BY = f"""
CREATE FUNCTION notice_by(ends date, amount integer, unit text) RETURNS date
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN CASE unit
    WHEN 'days' THEN ends - least(amount, {LONGEST_NOTICE["days"]})
    WHEN 'weeks' THEN ends - 7 * least(amount, {LONGEST_NOTICE["weeks"]})
    WHEN 'months' THEN (ends - make_interval(months => least(amount, {LONGEST_NOTICE["months"]})))::date
    WHEN 'years' THEN (ends - make_interval(years => least(amount, {LONGEST_NOTICE["years"]})))::date
END
"""
