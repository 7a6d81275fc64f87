"""The page in other languages: for the head of a page, and for its reader to choose from."""

from django import template
from django.utils import translation

from partnerships.addresses import Twin, twins

register = template.Library()


@register.simple_tag(takes_context=True)
def page_in_languages(context: template.Context, whole: bool = False) -> list[Twin]:
    """Return the page as it was asked for, query and all, in every language.

    Nothing where there is one language only, or where a page is drawn without a request.

    Args:
        whole: with scheme and host, as search engines want to be told.
    """
    request = context.get("request")
    if request is None:
        return []
    found = twins(request.path, request.META.get("QUERY_STRING", ""))
    if len(found) == 1:
        return []
    if not whole:
        return found
    return [twin._replace(address=request.build_absolute_uri(twin.address)) for twin in found]


@register.simple_tag
def offer(tag: str) -> str:
    """Return the offer to read a page in a language, in that language."""
    with translation.override(tag):
        # Translators: name your own language instead of English.
        return translation.gettext("Read this page in English")
