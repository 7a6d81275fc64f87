"""The network that a question draws: nodes with their names, measures, groups and places, and their links."""

from collections.abc import Callable
from dataclasses import dataclass, field

from django.db import connection
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from partnerships.models import Country, Institution
from partnerships.querysets.readers_names import names_of
from partnerships.search.answers import Count, Question
from partnerships.search.clock import clock

from .drawn import is_tallied
from .graph import Measures, grouped, measured
from .links import COUNTRIES, INSTITUTIONS, LINKS, Kind, Links, around, strongest
from .placing import placed

#: What nodes are measured by: what it is called, and what it means. ``graph.py`` names the sources.
MEASURES = {
    "agreements": (
        gettext_lazy("Agreements"),
        gettext_lazy("How many of these agreements it takes part in; of an institution, with its sub-units."),
    ),
    "partners": (
        gettext_lazy("Partners"),
        gettext_lazy("How many of the others drawn it shares an agreement with (degree; Freeman 1979)."),
    ),
    "pagerank": (
        gettext_lazy("Standing"),
        gettext_lazy(
            "High where those it works with work with many themselves: the share of time that a walk along "
            "the agreements spends there (PageRank; Brin and Page 1998)."
        ),
    ),
    "betweenness": (
        gettext_lazy("Go-between"),
        gettext_lazy(
            "The share of the shortest ways between two others that lead over it (betweenness; Freeman 1977)."
        ),
    ),
}


@dataclass
class Node:
    """An institution or a country, as it is drawn.

    Args:
        key: as ``Links`` has it.
        value: the public id of the institution, or the code of the country.
        country: the name of an institution's country, if it is known.
        group: the place of its group; None where it stands with no other.
        distance: links away from the node in the middle; None where there is none.
        betweenness: None where it wasn't worked out.
    """

    key: str
    value: str
    name: str
    country: str
    agreements: Count
    partners: int
    pagerank: float
    betweenness: float | None
    group: int | None
    distance: int | None = None
    x: float = 0
    y: float = 0
    radius: float = 0

    def measure(self, name: str) -> float:
        value = getattr(self, name)
        return value.value if isinstance(value, Count) else value or 0


@dataclass
class Group:
    """Nodes that work together more than with others; called by the one or two with the highest standing."""

    number: int
    members: list[Node]

    @property
    def name(self) -> str:
        ranked = sorted(self.members, key=lambda node: (-node.pagerank, node.name))
        if len(ranked) < 3:
            return _("%(first)s and %(second)s") % {"first": ranked[0].name, "second": ranked[-1].name}
        others = len(ranked) - 2
        words = ngettext(
            "%(first)s, %(second)s and %(number)d more", "%(first)s, %(second)s and %(number)d more", others
        )
        return words % {"first": ranked[0].name, "second": ranked[1].name, "number": others}


@dataclass
class Network:
    """A network ready to be drawn.

    Args:
        nodes: the greatest by the measure first; the one in the middle before all.
        links: places of both ends among the nodes, and the number of agreements; the strongest first.
        groups: the largest first.
        found: what was looked at and left out.
    """

    kind: Kind
    nodes: list[Node] = field(default_factory=list)
    links: list[tuple[int, int, Count]] = field(default_factory=list)
    groups: list[Group] = field(default_factory=list)
    found: Links = field(default_factory=Links)
    measure: str = "agreements"

    @property
    def share(self) -> int:
        return self.found.share

    @property
    def left_out(self) -> int:
        """How many nodes are not drawn, where that is known."""
        return max((self.found.all_nodes or 0) - len(self.nodes), 0)

    @property
    def alone(self) -> int:
        """How many of those drawn are joined to none of the others."""
        return sum(node.partners == 0 for node in self.nodes)

    def most_central(self, most: int = 3) -> list[Node]:
        """Those with most partners, of equals the one with the highest standing first."""
        return sorted(self.nodes, key=lambda node: (-node.partners, -node.pagerank, node.name))[:most]

    def first(self, most: int) -> "Network":
        """The same picture with its first nodes alone; ``most`` is one of ``links.SIZES``."""
        links = [one for one in self.links if one[0] < most and one[1] < most][: LINKS[most]]
        return Network(self.kind, self.nodes[:most], links, self.groups, self.found, self.measure)


#: Of everybody's question of all agreements, the largest pictures of this process: when, and which.
_kept: dict[tuple, tuple[tuple, "Network"]] = {}
#: From so many nodes on a picture takes long enough to be kept, and so many are.
_KEPT_FROM, _MOST_KEPT = 500, 8


def kept_network(question: Question, kind: Kind, **options) -> Network:
    """``network``, or what it returned before where nothing in the registry has changed since.

    Only what everybody sees is kept. Inside a transaction the clock does not tell of everything.
    """
    is_kept = is_tallied(question) and options["size"] >= _KEPT_FROM and not connection.in_atomic_block
    if not is_kept:
        return network(question, kind, **options)
    key, now = (kind.name, get_language(), *sorted(options.items())), (clock(), timezone.localdate())
    if key in _kept and _kept[key][0] == now:
        return _kept[key][1]
    found = network(question, kind, **options)
    if len(_kept) >= _MOST_KEPT:
        _kept.clear()
    _kept[key] = (now, found)
    return found


def network(
    question: Question,
    kind: Kind = INSTITUTIONS,
    *,
    size: int = 50,
    middle: str = "",
    depth: int = 1,
    measure: str = "agreements",
) -> Network:
    """Draw the network of the agreements that answer ``question``.

    Args:
        size: nodes at most; one of ``links.SIZES``.
        middle: the key of the node around which the network is drawn; empty for the strongest of all.
        depth: how many links away from the middle nodes may be, 1 to 3.
        measure: one of ``MEASURES``: what the size of a node says.
    """
    found = around(question, kind, middle, depth, size) if middle else strongest(question, kind, size)
    names = _named(kind, list(found.nodes), question.user)
    found = found.among(names)
    places = {key: place for place, key in enumerate(found.nodes)}
    weighted = _weighted(found, places)
    nodes = _nodes(found, names, measured(len(places), weighted), grouped(len(places), weighted))
    nodes.sort(key=lambda node: (node.key != middle, -node.measure(measure), node.name, node.key))
    places = {node.key: place for place, node in enumerate(nodes)}
    links = [
        (places[one], places[other], number)
        if places[one] < places[other]
        else (places[other], places[one], number)
        for (one, other), number in found.links.items()
    ]
    _place(nodes, _weighted(found, places), measure)
    return Network(kind, nodes, links, _groups(nodes), found, measure)


def _weighted(found: Links, places: dict[str, int]) -> list[tuple[int, int, float]]:
    return [(places[one], places[other], float(number.value)) for (one, other), number in found.links.items()]


def _named(kind: Kind, keys: list[str], user) -> dict[str, tuple[str, str, str]]:
    """Public id, name and country of each node that ``user`` may see, by its key."""
    if kind is COUNTRIES:
        local = names_of("partnerships.Country", keys)
        rows = Country.objects.visible_to(user).filter(code__in=keys).values_list("code", "name")
        return {code: (code, local.get(code, name), "") for code, name in rows}
    seen = Institution.objects.visible_to(user).order_by().filter(pk__in=map(int, keys))
    rows = list(seen.values_list("pk", "uid", "name", "country_id", "country__name"))
    local = names_of("partnerships.Institution", (row[0] for row in rows))
    lands = names_of("partnerships.Country", {row[3] for row in rows} - {None})
    return {
        str(key): (uid, local.get(key, name), lands.get(code, country or ""))
        for key, uid, name, code, country in rows
    }


def _nodes(found: Links, names: dict, measures: Measures, groups: list) -> list[Node]:
    return [
        Node(
            key,
            *names[key],
            agreements=number,
            partners=measures.partners[place],
            pagerank=measures.pagerank[place],
            betweenness=measures.betweenness[place] if measures.betweenness is not None else None,
            group=groups[place],
            distance=found.distances.get(key),
        )
        for place, (key, number) in enumerate(found.nodes.items())
    ]


def _place(nodes: list[Node], links: list, measure: str) -> None:
    radius = radius_by([node.measure(measure) for node in nodes])
    for node in nodes:
        node.radius = radius(node.measure(measure))
    spots, factor = placed(len(nodes), links, [node.group for node in nodes], [node.radius for node in nodes])
    for node, (x, y) in zip(nodes, spots, strict=True):
        node.x, node.y = round(float(x), 1), round(float(y), 1)
        node.radius = round(node.radius * factor, 1)


def radius_by(values: list[float]) -> Callable[[float], float]:
    """How large a node is drawn: its area grows with its value, and with the room that there is."""
    largest = min(max(130 / max(len(values), 1) ** 0.5, 2), 20)
    least, highest = max(largest * 0.3, 1), max(values, default=0) or 1
    return lambda value: round(least + (largest - least) * (value / highest) ** 0.5, 1)


def _groups(nodes: list[Node]) -> list[Group]:
    members: dict[int, list[Node]] = {}
    for node in nodes:
        if node.group is not None:
            members.setdefault(node.group, []).append(node)
    return [Group(number, members[number]) for number in sorted(members)]
