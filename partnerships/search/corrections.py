"""What may have been meant, where nothing answers what was typed.

Only cards that the visitor may see count: a word of a hidden record is never proposed.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from partnerships.models import PreparedRecord

from .agreements import Search, read
from .alternatives import Choice, first_that_answers, query_with
from .folding import folded_words, stretches
from .scripts import composed, without_leaning

#: How a word is written is looked up in so many of the records that it finds.
_LOOKED_INTO = 5


@dataclass(frozen=True)
class Correction:
    """A search that may have been meant instead.

    ``changes`` are pairs of what was typed and what was put in its place.
    """

    search: Search
    changes: list[tuple[str, str]]

    @property
    def text(self) -> str:
        """What the query box would say."""
        return self.search.text

    @property
    def meanings(self) -> dict[str, str]:
        """For each word that was put in, what was typed."""
        return {word: typed for typed, meant in self.changes for word in meant.split()}


def corrected(search: Search, cards) -> Correction | None:
    """Return what may have been meant by a search that finds nothing; None where nothing is near.

    Args:
        cards: a queryset of index cards, narrowed by the gate and by all filters but the words.
    """
    if not (compiled := search.compiled()):
        return None
    cards = cards.order_by()
    if not (choice := first_that_answers(compiled, cards)):
        return None
    words = {word for replacement in choice for word in replacement.slip.words}
    found = cards.filter(words__answers=query_with(compiled, choice)).values("pk")[:_LOOKED_INTO]
    passages = PreparedRecord.objects.filter(agreement__in=found).values_list("passages", flat=True)
    texts = (passage[3] for of_one in passages.order_by("pk") for passage in of_one)
    return _rewritten(search, choice, _spellings(words, texts))


def _rewritten(search: Search, choice: Choice, spelled: dict[str, str]) -> Correction:
    """The search with the replacements in its text, everything else as typed."""
    text, changes = search.parsed.text, []
    for replacement in sorted(choice, key=lambda one: -one.slots[0].meant.term.start):
        start, end = replacement.slots[0].meant.term.start, replacement.slots[-1].meant.term.end
        meant = " ".join(spelled[word] for word in replacement.slip.words)
        changes.insert(0, (text[start:end], meant))
        text = text[:start] + meant + text[end:]
    return Correction(read(text, search.names), changes)


def _spellings(words: Iterable[str], texts: Iterable[str]) -> dict[str, str]:
    """How each folded word is written in the texts; ``OR`` would be read otherwise."""
    spelled = {word: composed(word) for word in words}
    missing = set(spelled)
    for text in texts:
        for stretch in stretches(text):
            if missing.isdisjoint(stretch.folded):
                continue
            whole = text[stretch.start : stretch.end]
            for written in (whole, without_leaning(whole)):
                if written != "OR" and len(folded := folded_words(written)) == 1 and folded[0] in missing:
                    spelled[folded[0]] = written
                    missing.discard(folded[0])
        if not missing:
            break
    return spelled
