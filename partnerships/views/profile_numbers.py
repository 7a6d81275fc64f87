"""The numbers of a profile: what stands under each facet, as bars, and the years as columns."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from partnerships.models import Facet
from partnerships.search.answers import Count
from partnerships.search.facets import Named

#: Values of a facet that a profile shows, the most frequent ones.
VALUES = 10
TITLES = {
    Facet.STATUS: _("Status today"),
    Facet.TYPE: _("Kinds"),
    Facet.ACTIVITY: _("Activities"),
    Facet.FOCUS_AREA: _("Subjects"),
    Facet.COUNTRY: _("Countries"),
    Facet.INSTITUTION: _("Institutions"),
    Facet.PERSON: _("People who signed or spoke"),
    Facet.EVENT: _("Occasions"),
    Facet.YEAR: _("Years"),
}
#: Pixels of the highest column of the years.
HEIGHT = 70


@dataclass(frozen=True)
class Choice:
    """A value of a facet: its name, its number, where it leads, and its bar in percent of the longest."""

    value: str
    name: str
    count: Count
    address: str
    share: float


@dataclass(frozen=True)
class Group:
    """A facet of a profile.

    Args:
        more: how many further values there are.
    """

    facet: str
    title: str | Promise
    choices: list[Choice]
    more: int = 0


def group_of(
    facet: str, values: list[Named], lead: Callable[[Named], str], title: str | Promise = ""
) -> Group:
    """Return a facet as it is shown: the most frequent ``values``, each with where it leads."""
    most = max((one.count.value for one in values), default=1) or 1
    shown = sorted(values, key=lambda one: one.value) if facet == Facet.YEAR else values[:VALUES]
    choices = [
        Choice(one.value, one.name, one.count, lead(one), round(one.count.value / most * 100, 1))
        for one in shown
    ]
    return Group(facet, title or TITLES[facet], choices, len(values) - len(choices))


class Column(NamedTuple):
    """A year as a column: place and width in percent, top and height in pixels."""

    x: float
    width: float
    top: float
    height: float


@dataclass(frozen=True)
class Years:
    """The years of a profile from the first to the last, drawn as columns."""

    title: str | Promise
    choices: list[Choice]
    first: str
    last: str
    most: Choice
    columns: list[Column]
    #: Pixels, of the highest column.
    height: float


def years_of(group: Group | None) -> Years | None:
    """Draw the numbers by year; nothing where they are of fewer than two years."""
    if group is None or len(group.choices) < 2:
        return None
    first, last = int(group.choices[0].value), int(group.choices[-1].value)
    width = 100 / (last - first + 1)
    most = max(group.choices, key=lambda one: one.count.value)
    # One agreement here and one there is no mountain range; one among thousands is still to be seen.
    highest = HEIGHT * min(most.count.value, 5) / 5
    columns = []
    for one in group.choices:
        height = max(one.share * highest / 100, 2)
        columns.append(Column((int(one.value) - first) * width, width * 0.8, highest - height, height))
    return Years(_("By year"), group.choices, str(first), str(last), most, columns, highest)
