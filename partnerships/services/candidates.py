"""Which institutions a name may mean, and why: asked on typing and on importing a name.

The names come from the index of suggestions (any script, acronyms, slips); here they are weighed
with the country and told in words. Only an identifier, or a whole name that nobody else carries, is
``certain``; everything else is for a person to decide.
"""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from partnerships.choices import InstitutionState, LinkKind, NameKind
from partnerships.languages import language_name
from partnerships.models import FindableName, Institution, InstitutionLink
from partnerships.ror import parse_ror
from partnerships.search.suggestions import NearName, nearest_names

_LONGEST = 500
#: Names further away than this help nobody.
_LEAST = 55
#: A name that comes so near is not looked for in other ways of writing it.
_GOOD = 95
#: What a whole name is worth by its kind; a similar one is worth the share of letters that agree.
_WORTH = {"name": 100, NameKind.LABEL: 99, NameKind.ALIAS: 96, NameKind.FORMER: 94, NameKind.ACRONYM: 88}
#: A similar acronym is mostly another one.
_LESS = {NameKind.ACRONYM: 8}
_FULL = {"name", NameKind.LABEL}
_SAME_NAME = {
    "name": "same name",
    NameKind.ALIAS: "also known as this",
    NameKind.FORMER: "former name of",
    NameKind.ACRONYM: "acronym of",
}
#: What is taken from a name of another country, or of one that is not known.
_ELSEWHERE, _SOMEWHERE = 25, 4
_CLOSED = {InstitutionState.INACTIVE: 1, InstitutionState.WITHDRAWN: 5}
_SHORTENED = {
    "univ": "university", "inst": "institute", "natl": "national", "nat": "national", "intl": "international",
    "tech": "technology", "sci": "science", "acad": "academy", "coll": "college", "hosp": "hospital",
    "dept": "department", "min": "ministry", "res": "research", "ctr": "center", "lab": "laboratory",
    "poly": "polytechnic", "engg": "engineering", "eng": "engineering", "med": "medical",
    "agric": "agricultural",
}  # fmt: skip
_ABBREVIATED = re.compile(rf"\b({'|'.join(_SHORTENED)})\b\.?", re.IGNORECASE)
_DOTTED = re.compile(r"\b(?:[^\W\d_]\.){2,}(?:[^\W\d_]\b)?")
_PARTED = re.compile(r"[,;/|]|\s[-–—]\s")
_IN_BRACKETS = re.compile(r"\s*[(\[]([^()\[\]]*)[)\]]\s*")


@dataclass(frozen=True)
class Candidate:
    """An institution that a name may mean.

    ``score`` goes from 0 to 100; ``reason`` says in words why; ``certain`` that nobody need be asked.
    """

    institution: Institution
    score: int
    reason: str
    certain: bool


class _Weighed(NamedTuple):
    score: int
    key: int
    near: NearName | None
    #: The whole name stands as it was written.
    whole: bool
    reason: str


class _Facts(NamedTuple):
    """What weighing needs to know of an institution."""

    country: str | None
    country_name: str | None
    state: str


def candidates(
    *, name: str, user, country: str | None = None, identifier: str | None = None, limit: int = 5
) -> list[Candidate]:
    """Return at most ``limit`` institutions that ``name`` may mean, the likeliest first.

    Args:
        name: as written by whoever records it, in any script.
        user: only what this visitor may see is offered.
        country: ISO 3166-1 alpha-2 code, where it is known.
        identifier: a ROR id in any written form, or a uid; one that is found settles the question.
    """
    visible = Institution.objects.visible_to(user)
    for text in (identifier, name if parse_ror(name) else None):
        if text and (found := visible.by_identifier(text.replace("\x00", "")).first()):
            reason = "same ROR id" if parse_ror(text) else "same id"
            return _told([_Weighed(100, found.pk, None, True, reason)], visible, {found.pk})
    country = country.strip().upper() or None if country else None
    facts: dict[int, _Facts] = {}
    best: dict[int, _Weighed] = {}
    for way in _ways_to_write(name[:_LONGEST]):
        near = nearest_names(way.text, [FindableName.Kind.INSTITUTION])
        facts |= _facts(visible, {row.target for row in near} - facts.keys())
        for found in _weighed(near, facts, country, way):
            if found.key not in best or best[found.key].score < found.score:
                best[found.key] = found
        if any(row.score >= _GOOD for row in best.values()):
            break
    ranked = sorted(best.values(), key=lambda row: (-row.score, row.near.name_kind != "name", row.key))
    chosen = [row for row in ranked if row.score >= _LEAST][:limit]
    return _told(chosen, visible, _certain(best.values(), facts, country))


class _Way(NamedTuple):
    """A way to write a name, and what is taken from a score where it is not how it was written."""

    text: str
    loss: int = 0


def _ways_to_write(name: str) -> Iterable[_Way]:
    """The name as it stands, spelled out, without brackets, what is in them, the parts beside a comma."""
    name = name.replace("\x00", " ").strip()
    spelled = _ABBREVIATED.sub(_spelled_out, name)
    ways = [_Way(name), _Way(_DOTTED.sub(lambda found: found[0].replace(".", ""), name), 1), _Way(spelled, 3)]
    if inside := _IN_BRACKETS.search(name):
        ways += [_Way(_IN_BRACKETS.sub(" ", name).strip(), 3), _Way(inside[1].strip(), 6)]
    ways += [_Way(part.strip(), 8) for part in _PARTED.split(name)[:2] if len(part.strip()) > 3]
    once: dict[str, _Way] = {}
    for way in ways:
        once.setdefault(way.text, way)
    return [way for way in once.values() if way.text]


def _spelled_out(found: re.Match) -> str:
    whole = _SHORTENED[found[1].lower()]
    return whole.capitalize() if found[1][0].isupper() else whole


def _facts(visible, keys: Iterable[int]) -> dict[int, _Facts]:
    if not keys:
        return {}
    rows = visible.filter(pk__in=keys).order_by()
    return {
        key: _Facts(*facts) for key, *facts in rows.values_list("pk", "country_id", "country__name", "state")
    }


def _weighed(near: list[NearName], facts: dict[int, _Facts], country: str | None, way: _Way):
    for row in near:
        if row.target not in facts:
            continue
        known = facts[row.target]
        place, loss = _place(known, country)
        score = _worth(row) - loss - way.loss - _CLOSED.get(known.state, 0)
        words = _in_words(row) + (f" if written “{way.text}”" if way.loss else "")
        reason = f"{words}, {place}" if place else words
        exact = row.likeness == 1 and not way.loss
        yield _Weighed(max(0, min(100, round(score))), row.target, row, exact, reason)


def _worth(row: NearName) -> float:
    if row.likeness == 1:
        return _WORTH.get(row.name_kind, 90)
    return 99 * row.likeness - _LESS.get(row.name_kind, 0)


def _place(known: _Facts, country: str | None) -> tuple[str, int]:
    """What the countries say of two names, in words, and what it takes from the score."""
    if not country:
        return "", 0
    if not known.country:
        return "country not known", _SOMEWHERE
    if known.country == country:
        return "same country", 0
    return f"another country ({known.country_name})", _ELSEWHERE


def _in_words(row: NearName) -> str:
    """How a name that was found belongs to its institution."""
    if row.likeness < 1:
        return f"{min(99, round(100 * row.likeness))} % similar"
    if row.name_kind == NameKind.LABEL:
        return f"its name in {language_name(row.language)}" if row.language else "same name"
    return _SAME_NAME.get(row.name_kind, "same name")


def _certain(found: Iterable[_Weighed], facts: dict[int, _Facts], country: str | None) -> set[int]:
    """The institution of which nobody need be asked: it alone carries the whole name, here or anywhere."""
    whole = [row for row in found if row.whole]
    here = [row for row in whole if not country or facts[row.key].country in (country, None)]
    # What ROR withdrew as a second record of the same is no rival.
    standing = [row for row in here if facts[row.key].state != InstitutionState.WITHDRAWN]
    if len(standing) != 1 or standing[0].near.name_kind not in _FULL:
        return set()
    (alone,) = standing
    return {alone.key} if not country or facts[alone.key].country == country else set()


def _told(chosen: list[_Weighed], visible, certain: set[int]) -> list[Candidate]:
    """What was chosen, with a word on those that closed."""
    rows = visible.select_related("country").in_bulk([row.key for row in chosen])
    ended = closed_in_words(rows.values(), visible)
    return [
        Candidate(
            rows[row.key],
            row.score,
            "; ".join(filter(None, (row.reason, ended.get(row.key)))),
            row.key in certain,
        )
        for row in chosen
        if row.key in rows
    ]


def closed_in_words(institutions: Iterable[Institution], visible) -> dict[int, str]:
    """Say of each institution that closed, by its key, that it did and what came after it.

    Args:
        visible: the institutions that the reader may see; no other successor is named.
    """
    closed = {row.pk: row for row in institutions if row.state != InstitutionState.ACTIVE}
    if not closed:
        return {}
    after: dict[int, list[str]] = defaultdict(list)
    links = InstitutionLink.objects.filter(
        kind=LinkKind.PREDECESSOR, target__in=closed, institution__in=visible
    )
    for key, name in links.order_by("institution__name").values_list("target_id", "institution__name"):
        after[key].append(name)
    words = {InstitutionState.INACTIVE: "closed", InstitutionState.WITHDRAWN: "withdrawn from ROR"}
    return {
        key: f"{words[row.state]}; succeeded by {' and '.join(after[key])}"
        if after[key]
        else words[row.state]
        for key, row in closed.items()
    }
