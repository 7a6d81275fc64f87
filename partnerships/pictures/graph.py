"""Measures and groups of a network, worked out by graph libraries (rustworkx, networkx).

- *Partners* (degree): how many others a node is joined to. L. C. Freeman, “Centrality in social networks:
  conceptual clarification”, Social Networks 1 (1979).
- *Go-between* (betweenness): the share of the shortest ways between any two others that lead over a node,
  0 to 1, links counting alike. L. C. Freeman, “A set of measures of centrality based on betweenness”,
  Sociometry 40 (1977); worked out as by U. Brandes (2001).
- *Standing* (PageRank): the share of time that a walk spends at a node which follows links by their number of
  agreements and in 15 of 100 steps begins anew anywhere. S. Brin and L. Page, “The anatomy of a large-scale
  hypertextual web search engine” (1998). All nodes together have 1.
- Groups: the parting of the network with the highest modularity that moving single nodes and whole groups
  finds. V. D. Blondel et al., “Fast unfolding of communities in large networks”, J. Stat. Mech. (2008).
"""

from collections import Counter
from dataclasses import dataclass, field

import networkx
import rustworkx

#: Beyond so many nodes betweenness takes too long for a page, and groups are found among the first of them.
EXACT = 500
SEED = 6
#: Rounds in which nodes beyond those join the group that they share most with.
_ROUNDS = 3
#: rustworkx would start threads of its own from here on; a page has one.
_NEVER = 10**9


@dataclass
class Measures:
    """Of every node, by its place; ``betweenness`` is None where it wasn't worked out."""

    partners: list[int] = field(default_factory=list)
    pagerank: list[float] = field(default_factory=list)
    betweenness: list[float] | None = None


Weighted = list[tuple[int, int, float]]


def measured(size: int, links: Weighted) -> Measures:
    """Measure a network of ``size`` nodes.

    Args:
        links: places of both ends, and the weight.
    """
    if not size:
        return Measures(betweenness=[])
    graph = rustworkx.PyGraph(multigraph=False)
    graph.add_nodes_from(range(size))
    graph.add_edges_from(links)
    ranks = rustworkx.pagerank(graph.to_directed(), weight_fn=float)
    between = None
    if size <= EXACT:
        found = rustworkx.betweenness_centrality(graph, parallel_threshold=_NEVER)
        between = [found[place] for place in range(size)]
    return Measures(
        partners=[graph.degree(place) for place in range(size)],
        pagerank=[ranks[place] for place in range(size)],
        betweenness=between,
    )


def grouped(size: int, links: Weighted) -> list[int | None]:
    """The group of every node, the largest is 0; None for a node that stands with no other.

    The first ``EXACT`` nodes are parted by modularity; any further ones join the group with which they
    share the greatest weight.
    """
    core = [one for one in links if one[0] < EXACT and one[1] < EXACT]
    graph = networkx.Graph()
    graph.add_nodes_from(range(min(size, EXACT)))
    graph.add_weighted_edges_from(core)
    parts = networkx.community.louvain_communities(graph, seed=SEED) if size else []
    group: list[int | None] = [None] * size
    for number, part in enumerate(part for part in parts if len(part) > 1):
        for place in part:
            group[place] = number
    if size > EXACT:
        _join(group, links)
    return _by_size(group)


def _join(group: list[int | None], links: Weighted) -> None:
    neighbours: list[list[tuple[int, float]]] = [[] for _ in group]
    for one, other, weight in links:
        neighbours[one].append((other, weight))
        neighbours[other].append((one, weight))
    for _ in range(_ROUNDS):
        for place in range(EXACT, len(group)):
            shared: Counter = Counter()
            for other, weight in neighbours[place]:
                if group[other] is not None:
                    shared[group[other]] += weight
            if shared:
                group[place] = min(shared, key=lambda one: (-shared[one], one))


def _by_size(group: list[int | None]) -> list[int | None]:
    """Number groups by their size, those equally large by their first node."""
    sizes = Counter(one for one in group if one is not None)
    first = {one: group.index(one) for one in sizes}
    ranked = sorted(sizes, key=lambda one: (-sizes[one], first[one]))
    names = {one: place for place, one in enumerate(ranked)}
    return [None if one is None else names[one] for one in group]
