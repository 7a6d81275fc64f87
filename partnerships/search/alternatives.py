"""What the words of a query may stand for instead, and which of it is tried in which order.

A word that no card carries is replaced by one that is a slip away; where all words are carried, but
not together, one of them is. The fewest slips win, then the words that more cards carry.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice, pairwise, product

from django.db.models import IntegerField, Value

from .planning import by_bitmap, rows_over
from .slips import Slip, slips, without_space
from .syntax import SMALL_WORDS
from .tsquery import LONGEST_LEXEME, Compiled, Meant, Word, clause_query

#: For each word that is not known, and for one that is, so many others are tried.
_FOR_UNKNOWN, _FOR_KNOWN = 4, 2
#: Of the nearest words so many are looked for on the cards.
_LOOKED_FOR = 12
#: At most so many combinations are tried, and so many cards counted for each.
_COMBINATIONS, _COUNTED = 48, 20


@dataclass(eq=False)
class Slot:
    """A word that may be replaced.

    Args:
        is_known: some card carries it.
        is_alone: no other word can stand for it: it is not joined to one by ``OR``.
    """

    meant: Meant
    is_known: bool
    is_alone: bool
    others: list["Replacement"] = field(default_factory=list)


@dataclass(frozen=True, eq=False)
class Replacement:
    """What is put in the place of one slot, or of two that were one word."""

    slots: tuple[Slot, ...]
    slip: Slip

    @property
    def query(self) -> str:
        return self.meant.query()

    @property
    def meant(self) -> Meant:
        return Meant(self.slots[0].meant.term, tuple(Word(word) for word in self.slip.words))

    @property
    def cost(self) -> int:
        """Slips; replacing words that are known takes one more."""
        return self.slip.slips + all(slot.is_known for slot in self.slots)


Choice = tuple[Replacement, ...]


def query_with(compiled: Compiled, choice: Choice) -> str:
    """The text of a ``tsquery`` with the replacements of a choice."""
    instead = {slot.meant: None for one in choice for slot in one.slots}
    instead |= {one.slots[0].meant: one.meant for one in choice}
    clauses = [[instead.get(meant, meant) for meant in clause] for clause in compiled.clauses]
    clauses = [[meant for meant in clause if meant] for clause in clauses]
    return " & ".join(clause_query(clause) for clause in clauses if clause)


def first_that_answers(compiled: Compiled, cards) -> Choice | None:
    """Return the replacements with the fewest slips by which some of ``cards`` answer the query.

    None where no word is near, or where nothing has to be corrected.
    """
    slots = _slots(compiled, cards)
    if not slots:
        return None
    if all(slot.is_known for slot in slots) and _counts([compiled.wanted], cards, most=1):
        # Only what is left out stands in the way: that is an answer.
        return None
    joined = _looked_for(_joined(slots), cards)
    choices = sorted(islice(_choices(slots, joined), 4 * _COMBINATIONS), key=_cost)[:_COMBINATIONS]
    found = _counts([query_with(compiled, choice) for choice in choices], cards)
    answering = [
        (_cost(choice), -found[place], place) for place, choice in enumerate(choices) if found[place]
    ]
    return choices[min(answering)[2]] if answering else None


def _slots(compiled: Compiled, cards) -> list[Slot]:
    """The words that may be replaced, each by what some of the cards carry."""
    terms = [
        (meant, len(clause) == 1)
        for clause in compiled.clauses
        for meant in clause
        if len(meant.words) == 1 and not meant.term.quoted and not meant.term.excluded
    ]
    known = _counts([meant.query() for meant, _ in terms], cards, most=1)
    slots = [Slot(meant, bool(known[place]), is_alone) for place, (meant, is_alone) in enumerate(terms)]
    typed = [slot.meant.words[0].folded for slot in slots]
    near = zip(slots, slips(typed), without_space(typed), strict=True)
    asked = [Replacement((slot,), slip) for slot, one, two in near for slip in _nearest(one) + two]
    for replacement in _looked_for(asked, cards):
        [slot] = replacement.slots
        if len(slot.others) < (_FOR_KNOWN if slot.is_known else _FOR_UNKNOWN):
            slot.others.append(replacement)
    return slots


def _nearest(found: list[Slip]) -> list[Slip]:
    return [slip for slip in found if SMALL_WORDS.isdisjoint(slip.words)][:_LOOKED_FOR]


def _joined(slots: list[Slot]) -> list[Replacement]:
    """Neighbours that may be one word, written with a space."""
    return [
        Replacement((one, next_), Slip((word,), 1))
        for one, next_ in pairwise(slots)
        if len(word := one.meant.words[0].folded + next_.meant.words[0].folded) <= LONGEST_LEXEME
    ]


def _looked_for(asked: list[Replacement], cards) -> list[Replacement]:
    """Those that some of the cards carry: the fewest slips first, then what more cards carry."""
    carried = _counts([replacement.query for replacement in asked], cards)
    places = [place for place in range(len(asked)) if carried[place]]
    return [asked[place] for place in sorted(places, key=lambda one: (asked[one].slip.slips, -carried[one]))]


def _choices(slots: list[Slot], joined: list[Replacement]) -> Iterator[Choice]:
    """Every word that is not known replaced, and beside these at most one replacement."""

    unknown = [slot for slot in slots if not slot.is_known and (slot.is_alone or slot.others)]

    def all_unknown_but(left_out: Sequence[Slot] = ()) -> Iterator[Choice]:
        return product(*(slot.others for slot in unknown if slot not in left_out))

    yield from filter(None, all_unknown_but())
    for extra in [*joined, *(other for slot in slots if slot.is_known for other in slot.others)]:
        for replaced in all_unknown_but(extra.slots):
            yield (*replaced, extra)


def _cost(choice: Choice) -> int:
    return sum(replacement.cost for replacement in choice)


def _counts(queries: Sequence[str], cards, most: int = _COUNTED) -> Counter[int]:
    """For each query, how many cards answer it; no more than ``most`` are counted."""
    asked = [
        cards.filter(words__answers=query)
        .annotate(place=Value(place, IntegerField()))
        .values_list("place", flat=True)[:most]
        for place, query in enumerate(queries)
    ]
    if not asked:
        return Counter()
    rows = asked[0].union(*asked[1:], all=True) if len(asked) > 1 else asked[0]
    return Counter(place for (place,) in rows_over(rows, "{cards}", first=by_bitmap()))
