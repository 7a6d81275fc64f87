"""The network: nodes and links against those counted one by one, measures against published ones."""

import itertools
from collections import Counter

import networkx
import pytest
from django.contrib.auth.models import AnonymousUser

from partnerships.models import Agreement, Institution, InstitutionLink
from partnerships.pictures import links as links_module
from partnerships.pictures.graph import EXACT, grouped, measured
from partnerships.pictures.links import COUNTRIES, INSTITUTIONS, TOPMOST, around, strongest
from partnerships.pictures.network import network
from partnerships.pictures.placing import HEIGHT, WIDTH, labelled, placed
from tests.factories import AgreementFactory, InstitutionFactory
from tests.partnerships.pictures.registry import SCOPES, filters, furnish

ASKED = ["", "country=KR", "type=exchange", "year=2019&year=2020", "activity=events"]


# --- the data ---------------------------------------------------------------------------------------


def by_hand(query: str, user, of=lambda institution: str(institution.pk)) -> tuple[Counter, Counter]:
    """Agreements by node, and by two of them, told from the records that the list finds."""
    keys = list(filters(query, user).question.cards().values_list("pk", flat=True))
    nodes, links = Counter(), Counter()
    for record in Agreement.objects.filter(pk__in=keys):
        parties = {of(one.institution) for one in record.parties.all()} - {None}
        nodes.update(parties)
        links.update(itertools.combinations(sorted(parties), 2))
    return nodes, links


@pytest.mark.django_db
@pytest.mark.parametrize("scope", SCOPES)
def test_nodes_and_links_are_those_of_the_agreements_found(scope):
    user = furnish()[scope]
    for query in ASKED:
        for kind, of in ((INSTITUTIONS, lambda one: str(one.pk)), (COUNTRIES, lambda one: one.country_id)):
            nodes, links = by_hand(query, user, of)
            found = strongest(filters(query, user).question, kind, 50)
            joined = {key for pair in links for key in pair}
            assert {key: one.value for key, one in found.nodes.items()} == {
                key: number for key, number in nodes.items() if key in joined
            }, query
            assert {pair: one.value for pair, one in found.links.items()} == links, query
            assert (found.share, found.more_links) == (1, False)


@pytest.mark.django_db
def test_sub_units_count_for_what_stands_above_them():
    above, other = InstitutionFactory(name="University"), InstitutionFactory(name="Other")
    unit, partner = InstitutionFactory(), InstitutionFactory()
    InstitutionLink.objects.create(institution=unit, kind="parent", target=above)
    AgreementFactory(parties=[unit, other], published=True)
    AgreementFactory(parties=[above, other], published=True)
    AgreementFactory(parties=[unit, partner], type="exchange", published=True)
    for query in ("", "status=signed&status=announced&status=in_force&status=unknown"):
        question = filters(query, AnonymousUser()).question
        apart = strongest(question, INSTITUTIONS, 50)
        together = strongest(question, TOPMOST, 50)
        assert apart.links[pair(unit, other)].value == apart.links[pair(above, other)].value == 1
        assert together.links[pair(above, other)].value == 2
        assert together.links[pair(above, partner)].value == 1
        assert str(unit.pk) not in together.nodes
        assert together.nodes[str(above.pk)].value == apart.nodes[str(above.pk)].value == 3, "units included"


def pair(one, other) -> tuple[str, str]:
    first, second = sorted((str(one.pk), str(other.pk)))
    return first, second


def chain(length: int, user_facts: dict | None = None) -> list:
    """Institutions, each joined to the next one by an agreement."""
    parties = [InstitutionFactory(name=f"Link {place}", country_id="KR") for place in range(length)]
    for one, other in itertools.pairwise(parties):
        AgreementFactory(parties=[one, other], published=True, **(user_facts or {}))
    return parties


@pytest.mark.django_db
@pytest.mark.parametrize("query", ["", "country=KR"])
def test_around_one_node_are_those_within_so_many_links(query):
    parties = chain(6)
    for depth in (1, 2, 3):
        found = around(filters(query, AnonymousUser()).question, INSTITUTIONS, str(parties[1].pk), depth, 50)
        expected = {
            str(one.pk): abs(place - 1) for place, one in enumerate(parties) if abs(place - 1) <= depth
        }
        assert found.distances == expected
        assert found.links.keys() == {
            pair(one, other)
            for one, other in itertools.pairwise(parties)
            if {str(one.pk), str(other.pk)} <= expected.keys()
        }
        assert found.nodes[str(parties[0].pk)].value == 1
        assert found.nodes[str(parties[1].pk)].value == 2


@pytest.mark.django_db
def test_neighbours_of_one_node_are_joined_among_themselves():
    one, other, third = (InstitutionFactory() for _ in range(3))
    for parties in ([one, other], [one, third], [other, third]):
        AgreementFactory(parties=parties, published=True)
    found = around(filters("", AnonymousUser()).question, INSTITUTIONS, str(one.pk), 1, 50)
    assert pair(other, third) in found.links


@pytest.mark.django_db
@pytest.mark.parametrize("query", ["", "country=KR"])
def test_what_is_left_out_is_told(query, monkeypatch):
    monkeypatch.setattr(links_module, "LINKS", {50: 1})
    parties = chain(5)
    AgreementFactory(parties=parties[:2], published=True)
    AgreementFactory(parties=[parties[0], parties[2]], published=True)
    question = filters(query, AnonymousUser()).question
    found = strongest(question, INSTITUTIONS, 50)
    assert found.more_links
    assert next(iter(found.links)) == pair(*parties[:2]), "the strongest first"
    assert len(found.links) == 4, "and of each its strongest: five links, of which one closes a ring"
    assert all(any(str(one.pk) in two for two in found.links) for one in parties)
    monkeypatch.setattr(links_module, "LINKS", {2: 9})
    found = strongest(question, INSTITUTIONS, 2)
    assert len(found.nodes) == 2
    assert found.all_nodes == 5


@pytest.mark.django_db
def test_no_name_passes_the_gate():
    seen = InstitutionFactory(name="Seen")
    hidden = InstitutionFactory(name="Hidden", visibility="internal")
    third = InstitutionFactory(name="Third")
    AgreementFactory(parties=[seen, third], published=True)
    AgreementFactory(parties=[seen, hidden, third], visibility="internal", published=True)
    drawn = network(filters("", AnonymousUser()).question)
    assert {node.name for node in drawn.nodes} == {"Seen", "Third"}
    assert [number.value for *_ends, number in drawn.links] == [1]


@pytest.mark.django_db
def test_nothing_and_two_nodes_are_drawn():
    question = filters("", AnonymousUser()).question
    empty = network(question)
    assert (empty.nodes, empty.links, empty.groups) == ([], [], [])
    chain(2)
    two = network(filters("", AnonymousUser()).question)
    assert [node.partners for node in two.nodes] == [1, 1]
    alone = network(
        filters("q=nothinglikeit", AnonymousUser()).question, middle=str(Institution.objects.first().pk)
    )
    assert [node.partners for node in alone.nodes] == [0]


@pytest.mark.django_db
def test_a_consortium_joins_every_two():
    parties = [InstitutionFactory() for _ in range(5)]
    AgreementFactory(parties=parties, published=True)
    drawn = network(filters("", AnonymousUser()).question)
    assert len(drawn.links) == 10
    assert {node.partners for node in drawn.nodes} == {4}
    assert len(drawn.groups) == 1


@pytest.mark.django_db
def test_the_number_of_statements_does_not_grow(django_assert_num_queries):
    chain(3)
    question = filters("", AnonymousUser()).question
    with django_assert_num_queries(3):  # nodes, links, names
        network(question)
    chain(12)
    with django_assert_num_queries(3):
        network(filters("", AnonymousUser()).question)


# --- measures and groups ----------------------------------------------------------------------------


def karate() -> tuple[int, list]:
    """The club of W. W. Zachary (1977), without weights: its measures are published many times over."""
    graph = networkx.karate_club_graph()
    return 34, [(one, other, 1.0) for one, other in graph.edges]


def test_measures_are_the_published_ones():
    found = measured(*karate())
    assert (found.partners[33], found.partners[0], found.partners[32]) == (17, 16, 12)
    # networkx documents 0.4376 and 0.3041 for the instructor and the officer of the club.
    assert found.betweenness[0] == pytest.approx(0.43763528138528146)
    assert found.betweenness[33] == pytest.approx(0.30407497594997596)
    assert found.pagerank[33] == pytest.approx(0.1009, abs=1e-4)
    assert found.pagerank[0] == pytest.approx(0.0970, abs=1e-4)
    assert sum(found.pagerank) == pytest.approx(1)


def test_groups_are_those_of_highest_modularity():
    size, links = karate()
    found = grouped(size, links)
    parts = [{place for place, one in enumerate(found) if one == group} for group in set(found)]
    graph = networkx.Graph()
    graph.add_weighted_edges_from(links)
    # The best there is has 0.4198 (Brandes et al. 2008).
    assert networkx.community.modularity(graph, parts) > 0.41


def two_cliques(size: int) -> list:
    cliques = [range(size), range(size, 2 * size)]
    inside = [(*two, 1.0) for clique in cliques for two in itertools.combinations(clique, 2)]
    return [*inside, (0, size, 1.0)]


def test_two_cliques_joined_by_one_link_are_two_groups():
    found = grouped(10, two_cliques(5))
    assert (set(found[:5]), set(found[5:])) in [({0}, {1}), ({1}, {0})]
    between = measured(10, two_cliques(5)).betweenness
    assert sorted(range(10), key=lambda place: -between[place])[:2] in ([0, 5], [5, 0])


def test_who_stands_alone_is_in_no_group():
    assert grouped(3, [(0, 1, 1.0)]) == [0, 0, None]


def test_nodes_beyond_the_exact_ones_join_the_group_that_they_share_most_with():
    links = [(place, (place + 1) % 250, 1.0) for place in range(250)]
    links += [(250 + place, 250 + (place + 1) % 250, 1.0) for place in range(250)]
    found = grouped(EXACT + 3, [*links, (0, EXACT, 1.0), (300, EXACT, 3.0), (EXACT, EXACT + 1, 1.0)])
    assert found[EXACT] == found[300]
    assert found[EXACT + 1] == found[EXACT], "by way of another one"
    assert found[EXACT + 2] is None
    assert measured(EXACT + 3, links).betweenness is None


# --- the drawing ------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [1, 2, 34, 151, 700])
def test_nodes_lie_inside_and_never_upon_each_other(size):
    links = [(place, (place * 7 + 1) % size, 1.0) for place in range(size) if place != (place * 7 + 1) % size]
    groups, radii = grouped(size, links), [2.0] * size
    spots, factor = placed(size, links, groups, radii)
    again, _ = placed(size, links, groups, radii)
    assert (spots == again).all(), "the same network is drawn alike"
    assert spots.min() >= 0 and spots[:, 0].max() <= WIDTH and spots[:, 1].max() <= HEIGHT
    for one, other in itertools.combinations(range(min(size, 160)), 2):
        assert ((spots[one] - spots[other]) ** 2).sum() ** 0.5 > 3.5 * factor


def test_names_lie_upon_no_other_name():
    size, links = karate()
    radii = [6.0] * size
    spots, _ = placed(size, links, grouped(size, links), radii)
    shown = labelled(spots, radii, [f"Institute number {place}" for place in range(size)], 13)
    assert 8 < len(shown) <= size
    boxes = [(one.x, one.y, len(one.text) * 0.56 * 13) for one in shown]
    for (x, y, width), (x_other, y_other, width_other) in itertools.combinations(boxes, 2):
        assert abs(y - y_other) >= 13 or abs(x - x_other) >= (width + width_other) / 2
