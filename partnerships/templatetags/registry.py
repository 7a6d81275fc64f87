"""How the words of the registry are written on a page."""

from datetime import date, datetime

from django import template
from django.utils import timezone
from django.utils.html import format_html

from partnerships import choices
from partnerships.choices import EndKind, RelationKind
from partnerships.language_tags import TAG
from partnerships.languages import language_name
from partnerships.partial_dates import PartialDate, spoken
from partnerships.search import reasons

register = template.Library()

#: How a relation reads from either side.
_RELATIONS = {
    RelationKind.RENEWS: ("Renews", "Renewed by"),
    RelationKind.AMENDS: ("Amends", "Amended by"),
    RelationKind.SUPERSEDES: ("Supersedes", "Superseded by"),
    RelationKind.IMPLEMENTS: ("Implements", "Implemented by"),
}


@register.filter
def when(value: PartialDate | date | datetime | None, unknown: str = "Not known") -> str:
    """Write a date as far as it is known: 2024, May 2024 or 21 May 2024; ``unknown`` for None."""
    if value is None:
        return format_html('<span class="unknown">{}</span>', unknown)
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
        return f"{count.value:,}"
    margin = max(count.high - count.value, 1)
    step = 10 ** max(len(str(margin)) - 1, 0)
    return f"about {round(count.value / step) * step:,}"


@register.filter
def in_words(reason) -> str:
    """Say where a search found something: “former name of …”."""
    return reasons.in_words(reason)


@register.filter
def ending(term, unknown: str = "Not known") -> str:
    """Write how a term (an agreement or a period) ends: a date, open-ended or not known."""
    if term.end_kind == EndKind.OPEN_ENDED:
        return "Open-ended"
    return when(term.ends_on, unknown)


@register.filter
def current_ending(agreement, unknown: str = "Not known") -> str:
    """Write how the last term of an agreement (with ``with_status``) ends."""
    if agreement.current_end_kind == EndKind.OPEN_ENDED:
        return "Open-ended"
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
    return ", ".join(label(value, list_name) for value in values)


@register.filter
def language(tag: str) -> str:
    """Return the English name of a language tag, or the tag itself where it is not known."""
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
    """Write a number with its noun: ``{{ 2|plural:"party,parties" }}`` is "2 parties"."""
    one, _, many = words.partition(",")
    return f"{count:,} {one if count == 1 else many or one + 's'}"


@register.filter
def other_names(names, shown: str) -> list:
    """Return up to four further names, those in other scripts and acronyms among them."""
    seen, found = {shown.casefold()}, []
    for name in names:
        if name.value.casefold() not in seen and name.kind != "former":
            seen.add(name.value.casefold())
            found.append(name)
    return found[:4]


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
