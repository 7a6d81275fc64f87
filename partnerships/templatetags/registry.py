"""How the words of the registry are written on a page."""

from datetime import date, datetime
from typing import NamedTuple

from django import template
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.html import format_html
from django.utils.translation import gettext, ngettext_lazy
from django.utils.translation import gettext_lazy as _

from partnerships import choices
from partnerships.choices import EndKind, RelationKind
from partnerships.language_tags import TAG
from partnerships.languages import language_name
from partnerships.partial_dates import PartialDate, spoken
from partnerships.search import reasons

register = template.Library()

#: How a relation reads from either side.
_RELATIONS = {
    RelationKind.RENEWS: (_("Renews"), _("Renewed by")),
    RelationKind.AMENDS: (_("Amends"), _("Amended by")),
    RelationKind.SUPERSEDES: (_("Supersedes"), _("Superseded by")),
    RelationKind.IMPLEMENTS: (_("Implements"), _("Implemented by")),
}

#: Numbers with their nouns, by resource. A language may need a word of its own for each kind of thing that
#: it counts, so that number and noun are one sentence; the number may be “about 1,200”.
_COUNTED = {
    "agreement": ngettext_lazy("%(number)s agreement", "%(number)s agreements"),
    "partnership": ngettext_lazy("%(number)s partnership", "%(number)s partnerships"),
    "institution": ngettext_lazy("%(number)s institution", "%(number)s institutions"),
    "person": ngettext_lazy("%(number)s person", "%(number)s people"),
    "focus-area": ngettext_lazy("%(number)s focus area", "%(number)s focus areas"),
    "event": ngettext_lazy("%(number)s event", "%(number)s events"),
    "country": ngettext_lazy("%(number)s country or territory", "%(number)s countries and territories"),
}


@register.filter
def when(value: PartialDate | date | datetime | None, unknown: str = "") -> str:
    """Write a date as far as it is known: 2024, May 2024 or 21 May 2024; ``unknown`` for None."""
    if value is None:
        return format_html('<span class="unknown">{}</span>', unknown or gettext("Not known"))
    if isinstance(value, datetime):
        value = timezone.localtime(value).date()
    return format_html('<time datetime="{}">{}</time>', value, spoken(value))


@register.filter
def many(noun: str) -> str:
    """The word for several of “agreement,agreements”."""
    return noun.split(",")[1]


@register.filter
def about(count) -> str:
    """Write a number of agreements: exact, or “about” and rounded to what its margin allows."""
    if count.is_exact:
        return _number(count.value)
    return gettext("about %(count)s") % {"count": _number(_rounded(count))}


@register.filter
def counted(count, resource: str) -> str:
    """Write a number of things: “2 agreements”; of a count from a sample “about 1,200 agreements”.

    Args:
        count: a whole number, or a ``Count``.
        resource: what they are, as the names of addresses call it.
    """
    number = getattr(count, "value", count)
    words = about(count) if hasattr(count, "is_exact") else _number(count)
    return _COUNTED[resource] % number % {"number": words}


def _number(value: int) -> str:
    """Write a number with its thousands apart, as the reader's language does."""
    return number_format(value, force_grouping=True)


def _rounded(count) -> int:
    margin = max(count.high - count.value, 1)
    step = 10 ** max(len(str(margin)) - 1, 0)
    return round(count.value / step) * step


@register.filter
def in_words(reason) -> str:
    """Say where a search found something: “former name of …”."""
    return reasons.in_words(reason)


@register.filter
def ending(term, unknown: str = "") -> str:
    """Write how a term (an agreement or a period) ends: a date, open-ended or not known."""
    if term.end_kind == EndKind.OPEN_ENDED:
        return gettext("Open-ended")
    return when(term.ends_on, unknown)


@register.filter
def current_ending(agreement, unknown: str = "") -> str:
    """Write how the last term of an agreement (with ``with_status``) ends."""
    if agreement.current_end_kind == EndKind.OPEN_ENDED:
        return gettext("Open-ended")
    return when(agreement.current_ends_on, unknown)


@register.filter
def label(value: str, list_name: str) -> str:
    """Return the words for a value of a closed list: ``{{ status|label:"Status" }}``."""
    return dict(getattr(choices, list_name).choices).get(value, value)


@register.filter
def kind(agreement_type: str) -> str:
    """Return the words for the type of an agreement, for a place where no heading says “type”."""
    return choices.AgreementType(agreement_type).in_words


@register.filter
def labels(values: list[str], list_name: str) -> str:
    """Return the words for several values of a closed list, separated by commas."""
    return ", ".join(str(label(value, list_name)) for value in values)


@register.filter
def language(tag: str) -> str:
    """Return what a language is called in that of the reader, or its tag where that is not known."""
    return language_name(tag)


@register.filter
def lang(tag: str) -> str:
    """Return the attribute ``lang="…"`` for a language tag; nothing for what is none."""
    return format_html(' lang="{}"', tag) if tag and TAG.fullmatch(tag) else ""


@register.filter
def relation(kind: str, side: str) -> str:
    """Say what a relation is, seen from its ``newer`` or its ``older`` agreement."""
    return _RELATIONS[kind][side == "older"]


@register.filter
def pair_uid(first, second) -> str:
    """Return the public id of the partnership of two institutions."""
    return "-".join(sorted((first.uid, second.uid)))


@register.filter
def plural(count: int, words: str) -> str:
    """Write a number with its noun: ``{{ 2|plural:"agreement,agreements" }}`` is "2 agreements"."""
    one, _comma, several = words.partition(",")
    # What staff count is told in English.
    return counted(count, one) if one in _COUNTED else f"{count:,} {one if count == 1 else several}"


class _Name(NamedTuple):
    value: str
    language: str = ""


@register.filter
def further_names(row) -> list:
    """Return up to four names of a record beside the one that is shown: the registry's own one first
    where that is another, then those in other scripts and acronyms."""
    seen, found = {str(row).casefold()}, []
    for name in (_Name(row.name), *(name for name in row.names.all() if name.kind != "former")):
        if name.value.casefold() not in seen:
            seen.add(name.value.casefold())
            found.append(name)
    return found[:4]


@register.filter
def original_name(row) -> str:
    """Return the name by which the registry knows a record, where the reader is shown another one."""
    return row.name if getattr(row, "local_name", "") else ""


@register.filter
def place(row) -> str:
    """Write where something is: city, region, country, as far as they are known."""
    return ", ".join(dict.fromkeys(str(part) for part in (row.city, row.region, row.country) if part))


@register.filter
def country_beyond_name(institution) -> str:
    """Return the country of an institution, unless its name says it: "Government of Japan" does."""
    country = str(institution.country or "")
    return "" if country in str(institution) else country


@register.filter
def bare_address(url: str) -> str:
    """Return a web address as one reads it: without its scheme and a last slash."""
    return url.partition("://")[2].rstrip("/") or url


@register.filter
def languages(tags: list[str]) -> str:
    return ", ".join(language(tag) for tag in tags)


@register.simple_tag
def joined(*parts) -> str:
    """Write what is known of several things, separated by commas: ``{% joined city country %}``."""
    words = dict.fromkeys(str(part) for part in parts if part)
    return ", ".join(words) if words else when(None)


@register.filter
def short(number: int) -> str:
    """Write a number in at most four signs, for where there is no room: 950, 1.2k, 84k, 1.3M."""
    if number < 1_000:
        return str(number)
    unit, sign = (1_000_000, "M") if number >= 999_500 else (1_000, "k")
    value = number / unit
    return f"{value:.1f}{sign}" if value < 9.95 else f"{value:.0f}{sign}"
