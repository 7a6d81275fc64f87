"""Why an agreement was found: which of its texts answer which words, shown with the words marked.

The passages of an agreement are looked through from the best place to the least: the title first,
then its parties and those above them, subjects and the like, the text last. As few are shown as
hold all the words that were found.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from .agreements import Search
from .corrections import Correction
from .extracts import Piece, marked
from .finding import Finding, Seeker
from .folding import Text, quickly

#: At most so many reasons are given.
MOST = 3
#: Nobody reads further in a text than its index does.
_LOOKED_THROUGH = 50_000

#: Places as a search ranks them: names, topics, texts; what stands inside of documents.
_TIERS = (
    ("title", "party", "parent"),
    ("subject", "activity", "event", "person", "place", "reference"),
    ("summary", "statement", "term", "termination"),
    ("document",),
)
_PLACES = tuple(place for tier in _TIERS for place in tier)
_KINDS = ("", "name", "acronym", "native", "romanised", "label", "alias", "former", "printed")

_OF_PARTY = {
    "name": _("party"),
    "acronym": _("acronym of %(holder)s"),
    "label": _("%(holder)s in another language"),
    "alias": _("other name of %(holder)s"),
    "former": _("former name of %(holder)s"),
}
_OF_PARENT = {
    "name": _("parent institution"),
    "acronym": _("acronym of %(holder)s, a parent institution"),
    "label": _("%(holder)s, a parent institution, in another language"),
    "alias": _("other name of %(holder)s, a parent institution"),
    "former": _("former name of %(holder)s, a parent institution"),
}
_OF_PERSON = {
    "name": _("person"),
    "native": _("%(holder)s in the own script"),
    "romanised": _("%(holder)s in Latin letters"),
    "alias": _("other name of %(holder)s"),
    "former": _("former name of %(holder)s"),
    "printed": _("signatory, as printed"),
}
_ELSEWHERE = {
    "title": _("title"),
    "subject": _("subject"),
    "activity": _("activity"),
    "event": _("event"),
    "place": _("place"),
    "reference": _("reference number"),
    "summary": _("summary"),
    "statement": _("statement of %(holder)s"),
    "term": _("term"),
    "termination": _("termination"),
    "document": _("in the document “%(holder)s”"),
}


@dataclass(frozen=True)
class Reason:
    """A text of the agreement in which words were found.

    Args:
        place, kind, holder, value: the passage, as the card has it.
        pieces: the value, or what stands around the words, cut into what is marked and what is not.
        similar_to: the words as typed, where others were looked for instead.
    """

    place: str
    kind: str
    holder: str
    value: str
    pieces: tuple[Piece, ...]
    similar_to: str = ""

    @property
    def text(self) -> str:
        """The pieces in one."""
        return "".join(piece.text for piece in self.pieces)

    @property
    def ranges(self) -> list[tuple[int, int]]:
        """Where in ``text`` the marked pieces begin and end."""
        found, place = [], 0
        for piece in self.pieces:
            if piece.is_match:
                found.append((place, place + len(piece.text)))
            place += len(piece.text)
        return found


def in_words(reason: Reason) -> str:
    """What was found, in words to stand before the text: “former name of …”."""
    by_kind = {"party": _OF_PARTY, "parent": _OF_PARENT, "person": _OF_PERSON}.get(reason.place)
    pattern = by_kind[reason.kind] if by_kind else _ELSEWHERE[reason.place]
    said = pattern % {"holder": reason.holder}
    if not reason.similar_to:
        return said
    return gettext("%(place)s, similar to “%(words)s”") % {"place": said, "words": reason.similar_to}


def are_missing(search: Search, passages: Sequence[Sequence[str]]) -> bool:
    """Whether some word that was asked for stands in none of the passages."""
    wanted = _wanted(search)
    return _clauses(_fewest(list(passages), wanted)) < len(wanted)


def reasons(
    search: Search, passages: Sequence[Sequence[str]], correction: Correction | None = None
) -> list[Reason]:
    """Return why the agreement with these passages answers ``search``: one reason or more.

    Args:
        search: what was asked; the corrected search where it was corrected.
        passages: lists of place, kind, holder and value, as ``PreparedRecord`` has them.
        correction: how ``search`` came about, if not as typed.
    """
    chosen = _fewest(list(passages), _wanted(search))
    if not chosen and passages:
        # A document of which only the beginning is here was found by what stands further on.
        inside = [one for one in passages if one[0] == "document"]
        chosen = [_Held((inside or passages)[0], [])]
    changes = correction.meanings if correction else {}
    return [_reason(held, changes) for held in chosen]


def _wanted(search: Search) -> list[list[Seeker]]:
    """What to look for: a list for each clause."""
    compiled = search.compiled()
    return [
        seekers
        for terms in (compiled.clauses if compiled else ())
        if (seekers := [Seeker(meant) for meant in terms if not meant.term.excluded])
    ]


def _reason(held: "_Held", changes: dict[str, str]) -> Reason:
    typed = dict.fromkeys(changes[one.term.text] for one in held.findings if one.term.text in changes)
    spans = [span for finding in held.findings for span in finding.spans]
    return Reason(*held.passage, marked(held.passage[3], spans), " ".join(typed))


class _Held:
    """What a passage holds of the clauses: their numbers, and where."""

    def __init__(self, passage: Sequence[str], wanted: list[list[Seeker]], *, loosely: bool = False):
        self.passage = passage
        self.clauses: set[int] = set()
        self.findings: list[Finding] = []
        value = passage[3][:_LOOKED_THROUGH]
        folded = None if loosely else quickly(value)
        for number, seekers in enumerate(wanted):
            for seeker in seekers:
                # Most texts hold nothing of it, and are not looked through word by word.
                if folded is not None and not seeker.may_be_in(folded):
                    continue
                if found := seeker.find(Text.of(value), loosely=loosely):
                    self.findings.append(found)
                    self.clauses.add(number)

    def rank(self) -> tuple:
        """Better places first; in one, words as they were typed, whole names, names that are shown."""
        place, kind, _, value = self.passage
        letters = sum(end - start for one in self.findings for start, end in one.spans)
        is_part = letters < len(value.strip())
        return _PLACES.index(place), sum(one.grade for one in self.findings), is_part, _KINDS.index(kind)


def _fewest(passages: list[Sequence[str]], wanted: list[list[Seeker]]) -> list[_Held]:
    """The fewest passages that hold all clauses, from the best tier that has them.

    Where no tier has them all, those that hold the most.
    """
    best: list[_Held] = []
    for loosely in (False, True):
        held: list[_Held] = []
        for tier in _TIERS:
            looked = [_Held(one, wanted, loosely=loosely) for one in passages if one[0] in tier]
            held += [one for one in looked if one.clauses]
            chosen = _together(held, len(wanted))
            if _clauses(chosen) > _clauses(best):
                best = chosen
            if _clauses(best) == len(wanted):
                return best
    return best


def _together(held: list[_Held], wanted: int) -> list[_Held]:
    """One passage that holds all clauses, else at most ``MOST`` that hold them together."""
    if whole := [one for one in held if len(one.clauses) == wanted]:
        return [min(whole, key=_Held.rank)]
    chosen: list[_Held] = []
    missing = set(range(wanted))
    for place in _PLACES:
        looked = [one for one in held if one.passage[0] == place]
        while len(chosen) < MOST and any(one.clauses & missing for one in looked):
            chosen.append(min(looked, key=lambda one: (-len(one.clauses & missing), one.rank())))
            missing -= chosen[-1].clauses
    return chosen


def _clauses(chosen: list[_Held]) -> int:
    return len(set().union(*(one.clauses for one in chosen)))
