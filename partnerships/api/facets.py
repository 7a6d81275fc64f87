"""``facets``: numbers beside a list of agreements."""

from rest_framework.exceptions import ErrorDetail, ValidationError

from partnerships.models import Facet
from partnerships.search.answers import Question
from partnerships.search.facets import Named, facets_of, named

from .selection import listed


def asked_facets(parameters) -> list[str]:
    """Return the facets that a query string asks for; repeated, or separated by commas.

    Raises:
        ValidationError: one of them is unknown, or there are too many.
    """
    names = list(dict.fromkeys(listed(parameters, "facets")))
    unknown = [name for name in names if name not in Facet.values]
    if unknown:
        raise ValidationError(
            {
                "facets": [
                    ErrorDetail(f"“{name}” is no facet: {', '.join(Facet.values)}.", "unknown")
                    for name in unknown
                ]
            }
        )
    return names


def facets_in_words(question: Question, facets: list[str]) -> dict[str, list[dict]]:
    """Return for each facet its values: ``value``, ``name``, ``count``; ``count_interval``
    where it is estimated, ``parent`` where a value stands below another one."""
    counted = facets_of(question, facets)
    return {
        facet: [_value(one) for one in named(facet, values, question.user)]
        for facet, values in counted.items()
    }


def _value(one: Named) -> dict:
    count = one.count
    found = {"value": one.value, "name": one.name, "count": count.value}
    if not count.is_exact:
        found["count_interval"] = [count.low, count.high]
    if one.parent is not None:
        found["parent"] = one.parent
    return found
