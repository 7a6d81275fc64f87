"""Where in the documents of agreements the words of a search stand."""

from collections import defaultdict
from collections.abc import Sequence

from django.db.models.functions import Left

from partnerships.models import DocumentText

from .finding import Seeker
from .folding import Text, quickly
from .tsquery import Compiled, clause_query

#: A text is looked through in windows of so many letters, which overlap by some.
_WINDOW, _OVERLAP = 4_000, 200
#: So many letters of one text, and of all texts of a page, are looked through.
_OF_ONE, _OF_ALL = 400_000, 2_000_000
#: So many documents of a page are looked into.
_DOCUMENTS = 100


def passages_inside(compiled: Compiled, ids: Sequence[int], user) -> dict[int, list[list[str]]]:
    """Return by agreement passages of documents in which some of the words stand, as a card has passages.

    Args:
        ids: agreements; of their documents only those are looked into that ``user`` may see.
    """
    clauses = [terms for terms in compiled.clauses if not any(meant.term.excluded for meant in terms)]
    if not ids or not clauses:
        return {}
    wanted = [[Seeker(meant) for meant in terms] for terms in clauses]
    found: dict[int, list[list[str]]] = defaultdict(list)
    room = _OF_ALL
    for agreement, title, text in _texts(" | ".join(map(clause_query, clauses)), ids, user):
        windows = _windows(text[: max(room, 0)], wanted)
        # What stands further inside than is looked is said without its words.
        found[agreement] += [["document", "", title, window] for window in windows or [text[:_OVERLAP]]]
        room -= len(text)
    return found


def _texts(query: str, ids: Sequence[int], user):
    """Agreement, title and text of documents that hold one of the words."""
    texts = DocumentText.objects.visible_to(user).filter(document__agreement__in=ids, own__answers=query)
    return (
        texts.annotate(beginning=Left("text", _OF_ONE))
        .order_by("document__position", "document")
        .values_list("document__agreement", "document__title", "beginning")[:_DOCUMENTS]
    )


def _windows(text: str, wanted: list[list[Seeker]]) -> list[str]:
    """Parts of a text that hold what is wanted: one that holds all, else the first for each."""
    first: dict[int, str] = {}
    for start in range(0, len(text), _WINDOW):
        window = text[start : start + _WINDOW + _OVERLAP]
        held = {number for number, seekers in enumerate(wanted) if _holds(window, seekers)}
        if len(held) == len(wanted):
            return [_trimmed(window)]
        for number in held:
            first.setdefault(number, _trimmed(window))
        if len(first) == len(wanted) > 1:
            break
    return list(dict.fromkeys(first.values()))


def _holds(window: str, seekers: list[Seeker]) -> bool:
    folded = quickly(window)
    return any(
        (folded is None or seeker.may_be_in(folded)) and seeker.find(Text.of(window)) for seeker in seekers
    )


def _trimmed(window: str) -> str:
    """With single spaces: lines of a page are no lines here."""
    return " ".join(window.split())
