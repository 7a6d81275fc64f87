"""What the frame of every page says about the page: its address, and its title once more."""

from datetime import date

from django import template
from django.template.loader_tags import BLOCK_CONTEXT_KEY
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe

register = template.Library()


@register.simple_tag(takes_context=True)
def block_again(context: template.Context, name: str) -> SafeString:
    """Render a block of the page a second time, as the value of an attribute: in one line, quotes escaped.

    So a page that has a title has the same title on its social card, without saying it twice.
    """
    blocks = context.render_context.get(BLOCK_CONTEXT_KEY)
    block = blocks.get_block(name) if blocks else None
    if block is None:
        return mark_safe("")
    # What the block shows is escaped as text already; an attribute minds its quotes as well.
    words = " ".join(block.render(context).split()).replace('"', "&quot;")
    return mark_safe(words)  # noqa: S308


@register.simple_tag(takes_context=True)
def page_address(context: template.Context) -> str:
    """Return the address by which the page is cited: its permanent one, or the one it was asked at.

    Empty where a page is drawn without a request, as after an error.
    """
    if permanent := context.get("permanent_address"):
        return permanent
    request = context.get("request")
    return request.build_absolute_uri(request.get_full_path()) if request else ""


@register.simple_tag(takes_context=True)
def card_address(context: template.Context) -> str:
    """Return the address of the picture for links to the page: that of its record, or of the registry."""
    request = context.get("request")
    own = context.get("social_card", "")
    return own or (request.build_absolute_uri(reverse("partnerships:card")) if request else "")


@register.simple_tag
def today() -> date:
    """Return the day on which the page is drawn, where the registry is."""
    return timezone.localdate()
