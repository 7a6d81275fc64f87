"""A network as templates and scripts draw it: shapes, colours, names that have room, addresses."""

from collections.abc import Callable

import numpy
from django.http import QueryDict
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from partnerships.pictures.links import COUNTRIES, TOPMOST
from partnerships.pictures.narrowing import narrowed_to_both
from partnerships.pictures.network import Network, Node
from partnerships.pictures.placing import HEIGHT, WIDTH, labelled
from partnerships.templatetags.registry import about

#: So many nodes are drawn without a script, and told in the tables.
DRAWN = 150
#: Shapes of the first groups, of a radius about 1 and like areas: colour alone tells nobody anything.
SHAPES = (
    "M1 0A1 1 0 1 1-1 0A1 1 0 1 1 1 0Z",
    "M-.89-.89H.89V.89H-.89Z",
    "M0-1.25 1.25 0 0 1.25-1.25 0Z",
    "M0-1.3 1.2.85H-1.2Z",
    "M0 1.3 1.2-.85H-1.2Z",
    "M-.55-1H.55L1.1 0 .55 1H-.55L-1.1 0Z",
    "M-.45-1.15H.45V-.45H1.15V.45H.45V1.15H-.45V.45H-1.15V-.45H-.45Z",
    "M0-1.15 1.1-.35.7.95H-.7L-1.1-.35Z",
)
#: Of who stands in a smaller group, or in none: a ring.
RING = SHAPES[0]
#: Height of the letters of names, and where the drawing is small: fewer, larger.
_LETTERS, _LARGE_LETTERS = 13, 30


def series(group: int | None) -> int:
    """The number of the colour and shape of a group; 0 for the smaller ones, and for none."""
    return group + 1 if group is not None and group < len(SHAPES) else 0


def drawing(network: Network, *, listed: Callable[[QueryDict], str], asked: QueryDict, own=None) -> dict:
    """What ``components/pictures/network.html`` shows.

    Args:
        listed: the address of the list that answers a query.
        asked: the query of the list of all agreements that are drawn.
        own: the address of this picture around a node, if it can be drawn so.
    """
    shown, is_large = network.first(DRAWN), len(network.nodes) > DRAWN
    nodes = [node_of(node, listed, asked, network, own) for node in shown.nodes]
    spots = numpy.array([(node.x, node.y) for node in shown.nodes]).reshape(-1, 2)
    radii, names = [node.radius for node in shown.nodes], [node.name for node in shown.nodes]
    highest = max((number.value for *_ends, number in network.links), default=1)
    return {
        "network": network,
        "width": WIDTH,
        "height": HEIGHT,
        "nodes": nodes,
        "links": [_link_of(link, shown, highest, listed, asked, is_large) for link in shown.links],
        "labels": labelled(spots, radii, names, _LETTERS),
        "large_labels": labelled(spots, radii, names, _LARGE_LETTERS, longest=22),
        "groups": [
            {"group": group, "series": series(group.number), "shape": shape_of(group.number)}
            for group in network.groups[: len(SHAPES)]
        ],
        "small_groups": max(len(network.groups) - len(SHAPES), 0),
        "ring": RING,
        "central": network.most_central(),
        "is_large": is_large,
        "of_countries": network.kind is COUNTRIES,
    }


def shape_of(group: int | None) -> str:
    return SHAPES[series(group) - 1] if series(group) else RING


def node_of(node: Node, listed, asked: QueryDict, network: Network, own=None) -> dict:
    return {
        "node": node,
        "series": series(node.group),
        "shape": shape_of(node.group),
        "address": page_of(node, network),
        "list": listed(_asked_of(node, asked, network)),
        "around": own(node) if own else "",
        "title": title_of(node),
    }


def title_of(node: Node) -> str:
    """What a node says when it is pointed at."""
    said = {"name": node.name, "agreements": about(node.agreements), "partners": node.partners}
    if node.country:
        return _("%(name)s, %(country)s. Agreements: %(agreements)s. Partners here: %(partners)s.") % (
            said | {"country": node.country}
        )
    return _("%(name)s. Agreements: %(agreements)s. Partners here: %(partners)s.") % said


def page_of(node: Node, network: Network) -> str:
    name = "country" if network.kind is COUNTRIES else "institution"
    return reverse(f"partnerships:{name}-detail", kwargs={"uid": node.value})


def between(one: Node, other: Node, network: Network, listed, asked: QueryDict) -> str:
    """Where the agreements of two nodes are shown: their partnership, or the list of both countries."""
    if network.kind is COUNTRIES:
        return listed(narrowed_to_both(asked, one.value, other.value))
    uid = "-".join(sorted((one.value, other.value)))
    units = f"?{urlencode({'sub_units': 1})}" if network.kind is TOPMOST else ""
    return reverse("partnerships:partnership-detail", kwargs={"uid": uid}) + units


def width_of(number: int, highest: int, *, is_large: bool = False) -> float:
    """The width of a link, in units of the drawing; where very many are drawn, links are thin."""
    return round((0.8 + 5.2 * (number / max(highest, 1)) ** 0.5) * (0.35 if is_large else 1), 2)


def _asked_of(node: Node, asked: QueryDict, network: Network) -> QueryDict:
    if network.kind is COUNTRIES:
        return narrowed_to_both(asked, node.value)
    query = asked.copy()
    query.setlist("institution", [node.value])
    return query


def _link_of(link, shown: Network, highest: int, listed, asked: QueryDict, is_large: bool) -> dict:
    one, other = shown.nodes[link[0]], shown.nodes[link[1]]
    return {
        "one": one,
        "other": other,
        "places": link[:2],
        "count": link[2],
        "width": width_of(link[2].value, highest, is_large=is_large),
        "series": series(one.group) if one.group == other.group else 0,
        "address": between(one, other, shown, listed, asked),
    }
