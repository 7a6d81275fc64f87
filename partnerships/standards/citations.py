"""An agreement as an entry of a bibliography: RIS, BibTeX and CSL-JSON.

Its parties are its authors, as bodies and not as persons. The date is that of signing, else of
announcement, as exact as it is known; where neither is known there is none.
"""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.conf import settings
from django.utils import timezone

from partnerships.choices import AgreementType
from partnerships.models import Agreement
from partnerships.partial_dates import PartialDate

#: A backslash before a brace does not help: BibTeX counts braces whatever stands before them.
_SPECIAL = {
    "\\": r"\textbackslash{}", "{": r"\textbraceleft{}", "}": r"\textbraceright{}", "%": r"\%", "&": r"\&",
    "$": r"\$", "#": r"\#", "_": r"\_", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
}  # fmt: skip
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")


@dataclass(frozen=True)
class Citation:
    """What a bibliography says of an agreement.

    Args:
        address: of its page.
        parties: their names, in their order.
        date: of signing, else of announcement; None where neither is known.
    """

    uid: str
    address: str
    title: str
    type: str
    parties: tuple[str, ...]
    date: PartialDate | None
    place: str
    summary: str
    languages: tuple[str, ...]
    subjects: tuple[str, ...]
    changed: str

    @property
    def genre(self) -> str:
        return AgreementType(self.type).in_words


def of_agreement(agreement: Agreement, address: str) -> Citation:
    """Return the citation of an agreement fetched by ``for_detail``."""
    return Citation(
        uid=agreement.uid,
        address=address,
        title=agreement.title,
        type=agreement.type,
        parties=tuple(party.institution.name for party in agreement.parties.all()),
        date=agreement.signed_on or agreement.announced_on,
        place=agreement.signed_place,
        summary=agreement.summary,
        languages=tuple(agreement.languages),
        subjects=tuple(row.focus_area.name for row in agreement.subjects.all()),
        changed=agreement.updated_at.date().isoformat(),
    )


def of_record(record: dict) -> Citation:
    """Return the citation of a whole JSON record."""
    date = record["signed_on"] or record["announced_on"]
    return Citation(
        uid=record["id"],
        address=record["html_url"],
        title=record["title"],
        type=record["type"],
        parties=tuple(party["institution"]["name"] for party in record["parties"]),
        date=PartialDate.parse(date) if date else None,
        place=record["signed_place"] or "",
        summary=record["summary"] or "",
        languages=tuple(record["languages"]),
        subjects=tuple(area["name"] for area in record["focus_areas"]),
        changed=str(record["updated_at"])[:10],
    )


def bibtex(one: Citation) -> str:
    """Return an entry for a BibTeX or BibLaTeX file."""
    fields = {"title": f"{{{_tex(one.title)}}}"}
    if one.parties:
        fields["author"] = " and ".join(f"{{{_tex(name)}}}" for name in one.parties)
    fields["howpublished"] = _tex(f"{one.genre}. {settings.REGISTRY_NAME}, record {one.uid}")
    if one.date:
        fields |= {"year": str(one.date.year), "date": str(one.date)}
    if one.place:
        fields["address"] = _tex(one.place)
    fields |= {
        "url": one.address,
        "urldate": _today().isoformat(),
        "note": f"Record last changed {one.changed}",
    }
    lines = [f"  {name} = {{{value}}}," for name, value in fields.items()]
    if one.date and one.date.month:
        lines.append(f"  month = {_MONTHS[one.date.month - 1]},")
    return "\n".join([f"@misc{{entente-{one.uid},", *lines, "}"]) + "\n"


def ris(one: Citation) -> str:
    """Return an entry of a RIS file."""
    date = one.date
    lines = [("TY", "GEN"), ("TI", one.title), *(("AU", name) for name in one.parties)]
    if date:
        parts = (f"{part:02d}" if part else "" for part in (date.month, date.day))
        lines += [("PY", f"{date.year:04d}"), ("DA", "/".join([f"{date.year:04d}", *parts, ""]))]
    lines += [("M3", one.genre), ("CY", one.place), ("AB", one.summary)]
    lines += [("LA", language) for language in one.languages]
    lines += [("KW", subject) for subject in one.subjects]
    lines += [("DB", settings.REGISTRY_NAME), ("AN", one.uid), ("UR", one.address)]
    lines += [("Y2", _today().strftime("%Y/%m/%d/")), ("ID", f"entente-{one.uid}")]
    written = [f"{tag}  - {_line(text)}" for tag, text in lines if text]
    return "\r\n".join([*written, "ER  - ", "", ""])


def csl(one: Citation) -> dict:
    """Return an item of CSL-JSON."""
    item = {
        "id": f"entente-{one.uid}",
        "type": "document",
        "title": one.title,
        "genre": one.genre,
        "author": [{"literal": name} for name in one.parties],
        "archive": settings.REGISTRY_NAME,
        "archive_location": one.uid,
        "URL": one.address,
        "accessed": {"date-parts": [_parts(_today())]},
        "issued": {"date-parts": [_parts(one.date)]} if one.date else None,
        "abstract": one.summary,
        "language": one.languages[0] if one.languages else "",
        "keyword": ", ".join(one.subjects),
        "original-publisher-place": one.place,
    }
    return {key: value for key, value in item.items() if value}


def csl_pieces(citations: Iterable[Citation]) -> Iterator[str]:
    """Yield a CSL-JSON file, item by item."""
    before = "["
    for one in citations:
        yield f"{before}{json.dumps(csl(one), ensure_ascii=False)}"
        before = ",\n"
    yield "[]\n" if before == "[" else "]\n"


def _parts(date) -> list[int]:
    return [part for part in (date.year, date.month, date.day) if part]


def _today():
    return timezone.localdate()


def _line(text: str) -> str:
    """The text on one line, without what controls a terminal."""
    return " ".join(_CONTROL.sub(" ", text).split())


def _tex(text: str) -> str:
    return "".join(_SPECIAL.get(character, character) for character in _line(text))
