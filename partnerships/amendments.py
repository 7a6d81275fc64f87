"""Amended terms in words: what each amendment changed, and what a term said before.

The fields of an agreement say what was agreed last. Where an amendment takes effect on a day to
come, what it replaced holds until then, and that is said beside it.
"""

from dataclasses import dataclass
from datetime import date

from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from .choices import AmendableTerm, Binding, DurationUnit, EndKind, Renewal
from .partial_dates import PartialDate, spoken

#: Fields that make one term together, by its name.
TERMS: dict[str, tuple[AmendableTerm, ...]] = {
    "end": (AmendableTerm.END_KIND, AmendableTerm.ENDS_ON),
    "term": (AmendableTerm.TERM_AS_STATED,),
    "renewal": (AmendableTerm.RENEWAL, AmendableTerm.RENEWAL_NOTE),
    "notice": (AmendableTerm.NOTICE_AMOUNT, AmendableTerm.NOTICE_UNIT),
    "binding": (AmendableTerm.BINDING,),
}
LABELS = {
    "end": _("End"),
    "term": _("Term as stated"),
    "renewal": _("Renewal"),
    "notice": _("Notice period"),
    "binding": _("Legally binding"),
}


@dataclass(frozen=True)
class Changed:
    """A term that an amendment changed."""

    term: str
    label: str
    before: str
    after: str


@dataclass(frozen=True)
class Earlier:
    """What a term said before an amendment.

    ``until`` is "amendment 1 (May 2024)"; ``ahead`` is True where it holds until a day to come.
    """

    words: str
    until: str
    ahead: bool

    def __str__(self) -> str:
        known = {"words": self.words, "until": self.until}
        return (
            gettext("%(words)s until %(until)s") if self.ahead else gettext("was %(words)s until %(until)s")
        ) % known


def changes(amendment) -> list[Changed]:
    """Return what an amendment (with its ``terms``) changed, in the order of a record."""
    rows = {row.field: row for row in amendment.terms.all()}
    return [
        Changed(
            term,
            str(LABELS[term]),
            in_words(term, {name: rows[name].before for name in fields}),
            in_words(term, {name: rows[name].after for name in fields}),
        )
        for term, fields in TERMS.items()
        if all(name in rows for name in fields)
    ]


def earlier_terms(agreement, today: date | None = None) -> dict[str, list[Earlier]]:
    """Return by term what it said before each amendment of ``agreement``, the last one first."""
    today = today or timezone.localdate()
    found: dict[str, list[Earlier]] = {}
    for amendment in sorted(agreement.amendments.all(), key=lambda row: -row.number):
        for changed in changes(amendment):
            begins = amendment.effective_from
            ahead = begins is not None and begins.first_day > today
            found.setdefault(changed.term, []).append(Earlier(changed.before, _called(amendment), ahead))
    return found


def in_words(term: str, values: dict[str, str]) -> str:
    """Write what a term says, from the texts of its fields."""
    first, second = [*values.values(), ""][:2]
    if term == "end":
        if first == EndKind.DATE and second:
            return spoken(PartialDate.parse(second))
        return str(EndKind(first).label).lower()
    if term == "notice":
        if not (first and second):
            return gettext("not stated")
        return gettext("%(amount)s %(unit)s") % {"amount": first, "unit": DurationUnit(second).label.lower()}
    if term == "renewal":
        words = Renewal(first).label.lower()
        return f"{words} ({second})" if second else words
    if term == "binding":
        return Binding(first).label.lower()
    return f"“{first}”" if first else gettext("not stated")


def _called(amendment) -> str:
    when = amendment.effective_from or amendment.signed_on
    name = str(amendment)
    name = name[:1].lower() + name[1:]
    return f"{name} ({spoken(when)})" if when else name
