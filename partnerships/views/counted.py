"""Choices of the filter form with their numbers: the facets of a list of agreements."""

from collections import Counter
from collections.abc import Iterable, Mapping

from partnerships.models import Facet
from partnerships.search.answers import Count, Question
from partnerships.search.facets import MOST, Named, facets_of, named

from .controls import Control, Option

#: Facets that the form counts; each has the name of its filter.
COUNTED = (
    Facet.STATUS,
    Facet.TYPE,
    Facet.ACTIVITY,
    Facet.COUNTRY,
    Facet.FOCUS_AREA,
    Facet.YEAR,
    Facet.INSTITUTION,
    Facet.EVENT,
)


def count_choices(
    controls: Iterable[Control], question: Question, known: Mapping[str, list[Named]] | None = None
) -> None:
    """Give the choices of ``controls`` their numbers; what nothing stands under is no choice.

    The most frequent come first, years the newest. A choice that was made stays, also where it
    finds nothing now.

    Args:
        known: facets that were counted already.
    """
    known = known or {}
    asked = {control.name: control for control in controls if control.name in COUNTED}
    found = facets_of(question, [facet for facet in asked if facet not in known])
    for facet, control in asked.items():
        counted = known[facet] if facet in known else named(facet, found[facet], question.user)
        if not counted and not control.values and control.kind != "facet":
            continue  # A box to write in remains: there is nothing to choose from.
        kept = _kept(control, {one.value for one in counted})
        control.kind = "facet"
        control.counts = {one.value: one.count for one in counted}
        if len(counted) < MOST:
            control.counts |= {value: Count.exact(0) for value, _ in kept}
        control.options = [*_options(facet, counted), *kept]


def _options(facet: str, counted: list[Named]) -> list[Option]:
    if facet == Facet.YEAR:
        counted = sorted(counted, key=lambda one: one.value, reverse=True)
    # Two subjects of one name are told apart by what stands above them.
    names, above = Counter(one.name for one in counted), {one.value: one.name for one in counted}
    return [
        (one.value, f"{one.name} ({above[one.parent]})")
        if names[one.name] > 1 and one.parent in above
        else (one.value, one.name)
        for one in counted
    ]


def _kept(control: Control, known: set[str]) -> list[Option]:
    """What was chosen and is not among the choices that something stands under."""
    words = dict(control.options)
    values = dict.fromkeys(control.chosen.get(value, value) for value in control.values)
    return [(value, words.get(value, value)) for value in values if value not in known]
