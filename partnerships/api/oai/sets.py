"""Sets: agreements by country, institution, subject and type, as the headings of index cards have them."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser
from django.db.models import Sum
from django.utils import timezone

from partnerships.choices import AgreementType
from partnerships.models import Country, Facet, FocusArea, Heading, Institution, Tally

#: Beginnings of the names of sets, by what they are made from.
KINDS = {
    Facet.COUNTRY: "country",
    Facet.INSTITUTION: "institution",
    Facet.FOCUS_AREA: "subject",
    Facet.TYPE: "type",
}
_FACETS = {word: facet for facet, word in KINDS.items()}
_WORDS = {
    Facet.COUNTRY: "Agreements with a party in {}",
    Facet.INSTITUTION: "Agreements of {} and its sub-units",
    Facet.FOCUS_AREA: "Agreements on {}",
    Facet.TYPE: "{}",
}
PAGE = 500


@dataclass(frozen=True)
class Named:
    """A set: its name for machines and for people."""

    spec: str
    name: str


def heading_of(spec: str) -> int | None:
    """Return the id of the heading that a set stands for; None where nothing public stands under it.

    An institution is understood by its id and its ROR id; one that was merged leads to where it is now.
    """
    word, _, value = spec.partition("-")
    facet = _FACETS.get(word)
    key = _key_of(facet, value) if facet else None
    if key is None:
        return None
    return Heading.objects.filter(facet=facet, value=str(key)).values_list("pk", flat=True).first()


def _key_of(facet: str, value: str):
    stranger = AnonymousUser()
    if facet == Facet.INSTITUTION:
        return (
            Institution.objects.visible_to(stranger).by_identifier(value).values_list("pk", flat=True).first()
        )
    if facet == Facet.FOCUS_AREA:
        return FocusArea.objects.visible_to(stranger).filter(uid=value).values_list("pk", flat=True).first()
    return value.upper() if facet == Facet.COUNTRY else value


def sets_of(headings: Iterable[int]) -> dict[int, Named]:
    """Return the sets that headings stand for, by heading, in a fixed number of statements.

    Headings that are no set are left out, and those of what not everybody may see.
    """
    rows = Heading.objects.filter(pk__in=set(headings), facet__in=list(KINDS))
    return _named(list(rows.order_by("pk")))


def sets_behind(heading: int) -> tuple[dict[int, Named], int | None]:
    """Return the next sets behind a heading under which public agreements stand.

    Returns:
        The sets by heading, and the heading behind which it goes on; None at the end.
    """
    rows = Heading.objects.filter(facet__in=list(KINDS), pk__gt=heading).order_by("pk")
    page = list(rows[: PAGE + 1])
    more, page = len(page) > PAGE, page[:PAGE]
    tallies = Tally.objects.filter(heading__in=[row.pk for row in page], day__lte=timezone.localdate())
    counts = dict(tallies.order_by().values_list("heading").annotate(Sum("change")))
    found = _named([row for row in page if counts.get(row.pk, 0) > 0])
    return found, page[-1].pk if more else None


def _named(rows: list[Heading]) -> dict[int, Named]:
    values = defaultdict(list)
    for row in rows:
        values[row.facet].append(row.value)
    stranger = AnonymousUser()
    names = {(Facet.TYPE, value): (value, AgreementType(value).in_words) for value in values[Facet.TYPE]}
    if codes := values[Facet.COUNTRY]:
        known = Country.objects.filter(pk__in=codes).values_list("pk", "name")
        names |= {(Facet.COUNTRY, code): (code, name) for code, name in known}
    for facet, model in ((Facet.INSTITUTION, Institution), (Facet.FOCUS_AREA, FocusArea)):
        if keys := values[facet]:
            known = model.objects.visible_to(stranger).filter(pk__in=keys).order_by("pk")
            known = known.values_list("pk", "uid", "name")
            names |= {(facet, str(key)): (uid, name) for key, uid, name in known}
    return {
        row.pk: Named(f"{KINDS[row.facet]}-{ident}", _WORDS[row.facet].format(name))
        for row in rows
        for ident, name in [names.get((row.facet, row.value), ("", ""))]
        if ident
    }
