"""When a synthetic agreement was announced, signed, in effect, renewed and ended."""

from dataclasses import dataclass
from random import Random

from partnerships.choices import EndKind

from .dates import LAST_YEAR, Dates, begin_year


@dataclass(slots=True)
class Terms:
    """Dates as COPY reads them; None where nothing is known."""

    announced_on: str | None = None
    signed_on: str | None = None
    effective_from: str | None = None
    end_kind: str = EndKind.UNKNOWN.value
    ends_on: str | None = None
    as_stated: str = ""
    terminated_on: str | None = None
    renewed_from: str | None = None
    renewed_until: str | None = None


def drawn_terms(chance: Random, dates: Dates) -> Terms:
    """Return terms of every kind: some only announced, few terminated, many without a known end.

    Every later date lies in a later year, whatever its precision, so none contradicts another.
    """
    terms, drawn, year = Terms(), chance.random(), begin_year(chance)
    if drawn < 0.02:
        return terms
    if drawn < 0.30:
        terms.announced_on = dates.drawn(chance, year)
        if drawn < 0.08:
            return terms
    terms.signed_on = dates.drawn(chance, year)
    if chance.random() < 0.55:
        begin = chance.random()
        terms.effective_from = terms.signed_on if begin < 0.6 else dates.written(year + 1, 1)
        year += begin >= 0.6
    _end(terms, chance, dates, year)
    if chance.random() < 0.015 and year + 1 < LAST_YEAR:
        terms.terminated_on = dates.drawn(chance, year + 1)
    return terms


def _end(terms: Terms, chance: Random, dates: Dates, year: int) -> None:
    drawn = chance.random()
    if drawn < 0.55:
        years = chance.choice((1, 2, 3, 3, 4, 5, 5, 5, 10))
        terms.end_kind, terms.ends_on = EndKind.DATE.value, dates.drawn(chance, year + years)
        terms.as_stated = f"{years} years" if years > 1 else "one year"
        if drawn < 0.03:
            terms.renewed_from = dates.written(year + years)
            terms.renewed_until = dates.drawn(chance, year + 2 * years)
    elif drawn < 0.70:
        terms.end_kind = EndKind.OPEN_ENDED.value
