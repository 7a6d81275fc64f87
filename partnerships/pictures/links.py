"""Who works with whom: institutions or countries, and how many agreements join each two of them.

Nodes are chosen first, those with most agreements, then the strongest links among them; what is left
out is told. Around one node, those are taken that it is joined to, then those that these are joined to.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import combinations

from django.utils.translation import gettext_lazy as _

from partnerships.models import Facet
from partnerships.search.answers import Count, Question
from partnerships.search.numbers import agreements_under

from .drawn import drawn, is_tallied
from .linked_cards import Members, headings_of, members_of, numbers_under
from .linked_counts import standing_among, standing_around, standing_strongest


@dataclass(frozen=True)
class Kind:
    """What stands at the ends of a link.

    Args:
        facet: under which agreements are counted for a node, and listed by its link.
        side: the column of a card that holds the nodes it joins; countries stand in its keys.
    """

    name: str
    facet: str
    side: str
    many: str


INSTITUTIONS = Kind("institutions", Facet.INSTITUTION, "parties", _("Institutions"))
#: Sub-units count for the topmost institutions above them.
TOPMOST = Kind("topmost", Facet.INSTITUTION, "roots", _("Institutions"))
COUNTRIES = Kind("countries", Facet.COUNTRY, "keys", _("Countries"))

#: So many links are drawn at most, by the number of nodes.
LINKS = {50: 200, 150: 500, 500: 2_500, 5_000: 20_000}
SIZES = tuple(LINKS)
DEEPEST = 3
#: Of so many nodes, the strongest, the neighbours are looked for; a step further from each would find all.
_FRONTIER = 150

#: So many links that stand ready are read at once, whatever is drawn of them.
_READ = 20_000

Pair = tuple[str, str]


@dataclass
class Links:
    """Nodes and what joins them.

    Args:
        nodes: the number of agreements by key: a primary key as text, or the code of a country.
        links: the number of agreements by pair of keys, the smaller text first; the strongest first.
        all_nodes: how many nodes there are before the cut; None where nobody has counted.
        distances: links away from the node in the middle; empty where there is none.
        more_links: whether there are links among the nodes beyond those given.
        share: one card in so many was looked at, at the most; 1 where all were.
    """

    nodes: dict[str, Count] = field(default_factory=dict)
    links: dict[Pair, Count] = field(default_factory=dict)
    all_nodes: int | None = None
    distances: dict[str, int] = field(default_factory=dict)
    more_links: bool = False
    share: int = 1

    def among(self, keys: Iterable[str]) -> "Links":
        """The same for some of the nodes."""
        kept = set(keys)
        return replace(
            self,
            nodes={key: number for key, number in self.nodes.items() if key in kept},
            links={pair: number for pair, number in self.links.items() if kept.issuperset(pair)},
            distances={key: away for key, away in self.distances.items() if key in kept},
        )


def strongest(question: Question, kind: Kind, size: int) -> Links:
    """The ``size`` nodes with most of the agreements that answer ``question``, and their strongest links."""
    if kind is not COUNTRIES and is_tallied(question):
        # Where so many are joined so densely that not all links can be read, the sample tells more of the
        # weaker ones than the strongest alone.
        standing = standing_strongest(kind.side, size, max(LINKS[size], _READ))
        if standing:
            return _cut(Links(*standing), size)
    source = drawn(question)
    cards = members_of(source, kind.facet, kind.side)
    ranked = sorted(cards.joining, key=lambda key: (-cards.numbers.get(key, 0), key))
    nodes = {key: source.number(cards.numbers.get(key, 0)) for key in ranked[:size]}
    links = {pair: source.number(number) for pair, number in _pairs(cards, set(nodes)).items()}
    return _cut(Links(nodes, links, all_nodes=len(ranked), share=source.share), size)


def around(question: Question, kind: Kind, middle: str, depth: int, size: int) -> Links:
    """At most ``size`` nodes that ``middle`` is joined to by at most ``depth`` links, itself among them.

    Nearer ones come first, among those equally near the ones that share most agreements with the nearer.
    """
    found = Links(distances={middle: 0})
    frontier = [middle]
    for away in range(1, depth + 2):
        if not frontier:
            break
        # The last round finds what joins those shown to each other.
        links, share = _touching(question, kind, frontier, list(found.distances) if away > depth else None)
        found.share = max(found.share, share)
        new: Counter = Counter()
        for pair, number in links.items():
            found.links.setdefault(pair, number)
            for key, other in (pair, pair[::-1]):
                if key not in found.distances and other in found.distances:
                    new[key] += number.value
        if away > depth:
            break
        room = size - len(found.distances)
        nearest = sorted(new, key=lambda key: (-new[key], key))
        found.all_nodes = len(found.distances) + len(nearest)
        found.distances |= dict.fromkeys(nearest[:room], away)
        frontier = nearest[:room] if away == depth else nearest[: min(room, _FRONTIER)]
    found = found.among(found.distances)
    found.nodes = _numbers(question, kind, list(found.distances))
    return _cut(found, size)


def _numbers(question: Question, kind: Kind, keys: list[str]) -> dict[str, Count]:
    """The number of agreements of each node: as its list finds them, or what a sample says of it."""
    if is_tallied(question):
        known = agreements_under([(kind.facet, key) for key in keys], question.user)
        return {key: known[kind.facet, key] for key in keys}
    source = drawn(question)
    numbers = numbers_under(source, kind.facet, keys)
    return {key: source.number(numbers.get(key, 0)) for key in keys}


def _touching(
    question: Question, kind: Kind, nodes: list[str], known: list[str] | None
) -> tuple[dict[Pair, Count], int]:
    """Links of which one end is among ``nodes``, and the share of the cards looked at.

    Args:
        known: where given, the other end may lie among these alone.
    """
    if kind is not COUNTRIES and is_tallied(question):
        if known is not None:
            return standing_among(kind.side, known, _READ), 1
        return standing_around(kind.side, nodes, _READ), 1
    headings = headings_of(kind.facet, nodes)
    source = drawn(question.under_any(headings))
    cards = members_of(source, kind.facet, kind.side)
    wanted = set(nodes)
    touching: Counter = Counter()
    for members, number in cards.groups:
        for one in wanted.intersection(members):
            for other in members:
                if one != other and (other not in wanted or one < other):
                    touching[min(one, other), max(one, other)] += number
    return {pair: source.number(number) for pair, number in touching.items()}, source.share


def _pairs(cards: Members, nodes: set[str]) -> Counter:
    found: Counter = Counter()
    for members, number in cards.groups:
        for pair in _two_of(members, nodes):
            found[pair] += number
    return found


def _two_of(members: Iterable[str], nodes: set[str]) -> Iterator[Pair]:
    return combinations(sorted(nodes.intersection(members)), 2)


def _cut(found: Links, size: int) -> Links:
    """Keep the strongest links, as many as are drawn at most, and beyond these of each node its strongest."""
    most = LINKS[size]
    ranked = sorted(found.links.items(), key=lambda one: (-one[1].value, one[0]))
    kept = dict(ranked[:most])
    joined = {key for pair in kept for key in pair}
    for pair, number in ranked[most:]:
        if not joined.issuperset(pair):
            kept[pair] = number
            joined.update(pair)
    return replace(found, links=kept, more_links=found.more_links or len(ranked) > most)
