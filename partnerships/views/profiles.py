"""A profile: what the agreements of an institution, a country, a person … have in common, in numbers.

Each number is a link to the list of agreements with the profile's own filter and that one set, where it
can be narrowed further, searched and downloaded. What occurs together with the subject of the page itself
(a country with other countries) has no such list, as a repeated filter means any of; it leads to the page
of the other.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import NamedTuple

from django.http import QueryDict
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from partnerships.filtersets import AgreementFilterSet
from partnerships.models import Facet, IndexCard
from partnerships.pictures.spans import timeline
from partnerships.search.answers import Count, Question
from partnerships.search.facets import FacetValue, Named, facets_of, named

from .explore.frame import pictures
from .shown import agreements_on

#: Agreements that a profile shows; the list has all of them.
NEWEST = 10
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
_PAGES = {
    Facet.FOCUS_AREA: "focus-area",
    Facet.COUNTRY: "country",
    Facet.INSTITUTION: "institution",
    Facet.PERSON: "person",
    Facet.EVENT: "event",
}


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


def profile_of(
    user,
    facets: Iterable[str],
    *,
    together: str = "",
    around: dict[str, str] | None = None,
    keep: dict[str, Callable[[list[str]], Iterable[str]]] | None = None,
    titles: dict | None = None,
    **asked: str,
) -> dict:
    """Return what a page shows of the agreements under one filter: the newest, their number, the facets.

    Args:
        facets: values of ``Facet``, in the order of the page.
        together: the facet that is the subject of the page, where it shows what else occurs there.
        around: how the network is asked, where it is drawn around the subject of the page.
        keep: by facet, chooses those of its values (primary keys or codes) that belong on the page.
        titles: instead of ``TITLES``.
        asked: the filter of the list of agreements that the page stands for, by name.
    """
    cards = IndexCard.objects.visible_to(user)
    query = QueryDict(urlencode(asked | {"ordering": "-signed_on,-announced_on"}))
    filters = AgreementFilterSet(query, cards, user=user, only_asked=True)
    found, number = filters.result.with_count(0, NEWEST)
    question = filters.question
    counted = _belonging(question, facets, together, keep or {})
    listed = f"{reverse('partnerships:agreement-list')}?{urlencode(asked)}"
    groups = {}
    for facet, values in counted.items():
        lead = _page(facet) if facet == together else _narrowing(facet, listed)
        groups[facet] = _group(facet, named(facet, values, user), lead, titles)
    newest = agreements_on(found, user)
    drawn = timeline(newest)
    return {
        "agreements": newest,
        "timeline": drawn,
        "spans": [(group, "") for group in drawn.groups],
        "agreement_count": question.count,
        "agreement_total": number,
        "all_agreements": listed,
        "groups": groups,
        "years": years_of(groups.get(Facet.YEAR)),
        "pictures": pictures(QueryDict(urlencode(asked))),
        "drawn": {
            "map": f"{reverse('partnerships:explore-map')}?{urlencode(asked)}",
            "network": f"{reverse('partnerships:explore-network')}?{urlencode(around or asked)}",
        },
    }


def _belonging(
    question: Question, facets: Iterable[str], together: str, keep: dict[str, Callable]
) -> dict[str, list[FacetValue]]:
    """What stands under each facet, without the values that do not belong on the page: see ``profile_of``."""
    counted = facets_of(question, facets)
    if together:
        counted[together] = occurring(question, together)
    for facet, chosen in keep.items():
        kept = set(chosen([one.value for one in counted[facet]]))
        counted[facet] = [one for one in counted[facet] if one.value in kept]
    return counted


def occurring(question: Question, facet: str) -> list[FacetValue]:
    """What stands under ``facet`` in the agreements found, also where the question itself asks for it."""
    within = replace(question, asked=frozenset({"profile"}))
    # The same agreements: what is known of them need not be counted again.
    within.__dict__["in_sample"] = question.in_sample
    return facets_of(within, [facet])[facet]


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


def _narrowing(facet: str, listed: str) -> Callable[[Named], str]:
    return lambda one: f"{listed}&{urlencode({facet: one.value})}"


def _page(facet: str) -> Callable[[Named], str]:
    name = _PAGES.get(facet)
    return lambda one: reverse(f"partnerships:{name}-detail", args=[one.value]) if name else ""


def _group(facet: str, values: list[Named], lead: Callable[[Named], str], titles: dict | None) -> Group:
    most = max((one.count.value for one in values), default=1) or 1
    shown = sorted(values, key=lambda one: one.value) if facet == Facet.YEAR else values[:VALUES]
    choices = [
        Choice(one.value, one.name, one.count, lead(one), round(one.count.value / most * 100, 1))
        for one in shown
    ]
    title = (titles or {}).get(facet) or TITLES[facet]
    return Group(facet, title, choices, len(values) - len(choices))
