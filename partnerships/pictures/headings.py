"""What agreements are crossed and grouped by: the headings of a closed list of dimensions.

Every part of a picture is a question of its own: that of the picture, with one more filter. Where a
filter of the same kind is in use, a part is within one of its values, and the narrower value takes its
place; countries, of which an agreement has several, are asked for together.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from django.utils.translation import gettext_lazy as _

from partnerships.choices import ActivityKind, AgreementType, Status
from partnerships.models import Facet
from partnerships.querysets.institutions import institution_family
from partnerships.querysets.shared import focus_area_family
from partnerships.search.answers import Count
from partnerships.search.facets import FacetValue, named


@dataclass(frozen=True)
class Dimension:
    """A way to tell agreements apart.

    Args:
        name: as the parameters ``rows``, ``columns`` and ``by`` say it.
        facet: the facet of that kind; the filter of the list has its name.
        one: what one value is called.
        many: what several are called.
        order: "name" by number and name, "time", or "list" for the order of a closed list.
    """

    name: str
    facet: str
    one: str
    many: str
    order: str = "name"


DIMENSIONS = {
    one.name: one
    for one in (
        Dimension("country", Facet.COUNTRY, _("Country"), _("Countries")),
        Dimension("subject", Facet.FOCUS_AREA, _("Subject"), _("Subjects")),
        Dimension("institution", Facet.INSTITUTION, _("Institution"), _("Institutions")),
        Dimension("type", Facet.TYPE, _("Kind"), _("Kinds"), "list"),
        Dimension("activity", Facet.ACTIVITY, _("Activity"), _("Activities"), "list"),
        Dimension("year", Facet.YEAR, _("Year"), _("Years"), "time"),
        Dimension("status", Facet.STATUS, _("Status today"), _("Statuses today"), "list"),
        Dimension("event", Facet.EVENT, _("Event"), _("Events")),
    )
}
#: The values of closed lists, in their order.
_LISTS = {Facet.TYPE: AgreementType, Facet.ACTIVITY: ActivityKind, Facet.STATUS: Status}


NOTHING = Count.exact(0)


class Line(NamedTuple):
    """A value of a dimension: a row or a column of a matrix, a group of a timeline.

    Args:
        key: the value as headings have it: a code, or a primary key as text.
        value: the value as the filter takes it.
        depth: how many of the lines shown stand above it in a tree.
    """

    key: str
    value: str
    name: str
    count: Count
    depth: int = 0


@dataclass
class Lines:
    """The lines of a dimension that are shown, and what is not.

    Args:
        left_out: how many values there are beyond those shown.
        without: how many agreements have no value at all.
    """

    dimension: Dimension
    lines: list[Line] = field(default_factory=list)
    left_out: int = 0
    without: Count = NOTHING

    @property
    def all(self) -> int:
        return len(self.lines) + self.left_out


def lines_of(
    dimension: Dimension, counted: dict[str, Count], user, *, most: int, chosen: Iterable[str] = ()
) -> Lines:
    """Choose and order at most ``most`` lines of ``dimension``: the last in time, else the most frequent.

    Args:
        counted: the number of agreements, by key.
        chosen: keys that the question asks for; nothing else is shown, but what stands below them in a tree.
    """
    if chosen := set(map(str, chosen)):
        allowed = with_those_below(dimension, chosen)
        counted = {key: number for key, number in counted.items() if key in allowed}
    if dimension.order == "time":
        ranked = sorted(counted, reverse=True)
    else:
        ranked = sorted(counted, key=lambda key: (-counted[key].value, key))
    kept = [FacetValue(key, counted[key]) for key in ranked[:most]]
    return Lines(dimension, _in_order(dimension, kept, user), len(ranked) - len(kept))


def _in_order(dimension: Dimension, kept: list[FacetValue], user) -> list[Line]:
    found = named(dimension.facet, kept, user)
    lines = [Line(one.key, one.value, one.name, one.count) for one in found]
    if dimension.order == "time":
        return sorted(lines, key=lambda line: line.key)
    if dimension.order == "list":
        places = {value: place for place, value in enumerate(_LISTS[dimension.facet].values)}
        return sorted(lines, key=lambda line: places[line.key])
    if dimension.facet == Facet.FOCUS_AREA:
        return _as_tree(lines, {one.value: one.parent for one in found}, None, 0)
    return lines


def _as_tree(lines: list[Line], above: dict, parent: str | None, depth: int) -> list[Line]:
    """Subjects under those above them, those with most agreements first."""
    shown, found = {line.value for line in lines}, []
    for line in lines:
        over = above[line.value] if above[line.value] in shown else None
        if over == parent:
            found += [line._replace(depth=depth), *_as_tree(lines, above, line.value, depth + 1)]
    return found


#: What stands below the chosen values of a tree, by facet.
_FAMILIES = {Facet.FOCUS_AREA: focus_area_family, Facet.INSTITUTION: institution_family}


def with_those_below(dimension: Dimension, chosen: set[str]) -> set[str]:
    """Keys of ``chosen`` and of what stands below them, where the dimension is a tree."""
    family = _FAMILIES.get(dimension.facet)
    return {str(key) for key in family(map(int, chosen))} if family else chosen
