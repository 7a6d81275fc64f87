"""What the columns of a file are likely to be, by their headings and by what stands in them."""

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass, field

from partnerships.choices import ImportKind
from partnerships.ror import parse_ror

from .targets import GROUPS, targets_of
from .values import CountryNames, NotUnderstood, is_blank, orders_shown, read_date

SAMPLES, _LOOKED_AT = 3, 200
_ENOUGH = 0.8
_URL = re.compile(r"https?://\S+", re.IGNORECASE)


@dataclass
class ColumnSeen:
    """What is learnt of a column while the file is read; bounded, however long it is."""

    header: str
    samples: list[str] = field(default_factory=list)
    contents: Counter = field(default_factory=Counter)
    #: How often a date is of one order alone, and how often it could be of both.
    orders: Counter = field(default_factory=Counter)

    def see(self, cell: str, countries: CountryNames) -> None:
        """Take notice of a cell."""
        if is_blank(cell):
            return
        if len(self.samples) < SAMPLES and (short := " ".join(cell.split())[:80]) not in self.samples:
            self.samples.append(short)
        if shown := orders_shown(cell):
            self.orders["both" if len(shown) == 2 else next(iter(shown))] += 1
        if self.contents["all"] < _LOOKED_AT:
            self.contents["all"] += 1
            self.contents[_content(cell, countries)] += 1

    def mostly(self, kind: str) -> bool:
        """True where nearly all cells looked at are of this kind."""
        return self.contents["all"] > 0 and self.contents[kind] >= _ENOUGH * self.contents["all"]


def guess(seen: list[ColumnSeen], kind: str) -> list[dict]:
    """Return the columns with what each is likely to be; no target is proposed twice.

    A heading that is known wins over one that merely contains a known word; what stands in the
    cells can veto both, and speaks alone where the heading says nothing.
    """
    targets = targets_of(kind)
    guesses: dict[int, str] = {}
    for fits in (_by_heading, _by_words, _by_content):
        for index, column in enumerate(seen):
            for key, target in targets.items():
                if index in guesses or key in guesses.values():
                    continue
                if fits(column, target) and not _contradicted(column, target):
                    guesses[index] = key
    _beside_their_party(guesses)
    return [
        {
            "header": column.header,
            "samples": column.samples,
            "guess": guesses.get(index, ""),
            "orders": dict(column.orders),
        }
        for index, column in enumerate(seen)
    ]


def _beside_their_party(guesses: dict[int, str]) -> None:
    """Country, ROR id and reference belong to the party whose name stands last before them."""
    for index in sorted(guesses):
        kind, _, letter = guesses[index].partition("_")
        if kind not in ("country", "ror", "reference") or letter not in GROUPS:
            continue
        before = [guesses[place][-1] for place in range(index) if guesses.get(place, "").startswith("party_")]
        wanted = f"{kind}_{before[-1]}" if before else guesses[index]
        if wanted not in guesses.values():
            guesses[index] = wanted


def folded(heading: str) -> str:
    """A heading without case, accents and signs."""
    letters = unicodedata.normalize("NFKD", heading.casefold())
    plain = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return " ".join(re.sub(r"[\W_]+", " ", unicodedata.normalize("NFC", plain)).split())


def _headings(target) -> list[str]:
    return [folded(word) for word in target.headings.split(",") if word.strip()]


def _by_heading(column: ColumnSeen, target) -> bool:
    return folded(column.header) in {*_headings(target), folded(target.label)}


def _by_words(column: ColumnSeen, target) -> bool:
    words = f" {folded(column.header)} "
    return any(len(known) > 3 and f" {known} " in words for known in _headings(target))


def _by_content(column: ColumnSeen, target) -> bool:
    wanted = {"ror_A": "ror", "source_url": "url", "country_A": "country", "signed_on": "date"}.get(
        target.key
    )
    return bool(wanted) and column.mostly(wanted)


def _contradicted(column: ColumnSeen, target) -> bool:
    """A column of addresses is no title, a column without one date is no date."""
    if not column.contents["all"]:
        return False
    if target.is_date:
        dates = column.contents["date"] + column.contents["unclear"]
        return dates * 2 < column.contents["all"]
    if target.key == "source_url":
        return not column.mostly("url")
    if target.key.startswith("ror_"):
        return not column.contents["ror"]
    return target.key in {"title", "summary", "type"} and (column.mostly("url") or column.mostly("date"))


def _content(cell: str, countries: CountryNames) -> str:
    text = cell.strip()
    if parse_ror(text):
        return "ror"
    if _URL.fullmatch(text):
        return "url"
    if orders_shown(text):
        return "date"
    try:
        read_date(text)
    except NotUnderstood:
        pass
    else:
        return "date"
    try:
        countries.read(text.split("|")[0].split(";")[0])
    except NotUnderstood:
        return "unclear" if any(letter.isdigit() for letter in text) else "text"
    return "country"


def kind_by_headings(headers: list[str]) -> str:
    """Agreements, unless the only things told of one are its identifier and an institution."""
    known = {folded(header) for header in headers}
    dated = any(
        known & set(_headings(target))
        for key, target in targets_of(ImportKind.AGREEMENTS).items()
        if target.is_date or key == "title"
    )
    has_ror = bool(known & {"ror", "ror id"})
    return ImportKind.PARTIES if has_ror and not dated else ImportKind.AGREEMENTS
