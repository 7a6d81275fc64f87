"""Choices of the filter form with their numbers: the facets of a list of agreements."""

from collections.abc import Iterable

from partnerships.models import Facet
from partnerships.search.answers import Count, Question
from partnerships.search.facets import Named, facets_of, named
from partnerships.templatetags.registry import about

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
#: These have few values, and what is chosen is among them; of others, a chip names what was chosen.
_LISTED_WHOLE = (Facet.COUNTRY, Facet.FOCUS_AREA, Facet.YEAR)
_INDENT = "\u2003"  # an em space: ordinary ones vanish at the start of an option


def count_choices(controls: Iterable[Control], question: Question) -> None:
    """Give the choices of ``controls`` their numbers; what nothing stands under is no choice.

    A choice that was made stays, also where it finds nothing now.
    """
    asked = {control.name: control for control in controls if control.name in COUNTED}
    for facet, values in facets_of(question, asked).items():
        control, counted = asked[facet], named(facet, values, question.user)
        if control.kind == "checkboxes":
            control.options = _in_order(control, {one.value: one.count for one in counted})
        elif facet in _LISTED_WHOLE or (counted and control.kind != "hidden"):
            control.kind = "select"
            control.options = _kept(control, [*_listed(facet, counted)])


def _in_order(control: Control, counts: dict[str, Count]) -> list[Option]:
    """The choices of a closed list in its order."""
    nothing = Count.exact(0)
    return [
        (value, f"{words} ({about(counts.get(value, nothing))})")
        for value, words in control.options
        if value in counts or value in control.values
    ]


def _listed(facet: str, counted: list[Named]) -> Iterable[Option]:
    if facet == Facet.FOCUS_AREA:
        yield from _tree(counted, None, 0)
    elif facet == Facet.YEAR:
        yield from _options(sorted(counted, key=lambda one: one.value, reverse=True))
    elif facet == Facet.COUNTRY:
        yield from _options(sorted(counted, key=lambda one: one.name))
    else:
        yield from _options(counted)


def _tree(counted: list[Named], parent: str | None, depth: int) -> Iterable[Option]:
    """Subjects under those above them, those with most agreements first."""
    here = {one.value for one in counted}
    for one in counted:
        above = one.parent if one.parent in here else None
        if above == parent:
            yield one.value, f"{_INDENT * depth}{one.name} ({about(one.count)})"
            yield from _tree(counted, one.value, depth + 1)


def _options(counted: Iterable[Named]) -> Iterable[Option]:
    return ((one.value, f"{one.name} ({about(one.count)})") for one in counted)


def _kept(control: Control, options: list[Option]) -> list[Option]:
    """The options, and what was chosen and is not among them."""
    known, words = {value for value, _ in options}, dict(control.options)
    chosen = [(value, words.get(value, value)) for value in control.values if value not in known]
    return options + chosen
