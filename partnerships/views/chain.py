"""Related agreements as a chain: what is above, what came before, this one, what follows, what is below."""

from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from partnerships.choices import RelationKind
from partnerships.models import Agreement

_IMPLEMENTS = RelationKind.IMPLEMENTS
#: What this agreement does to an older one, and what a newer one does to it, each seen from this one.
_DOES = {
    RelationKind.RENEWS: _("Renews"),
    RelationKind.AMENDS: _("Amends"),
    RelationKind.SUPERSEDES: _("Supersedes"),
    RelationKind.IMPLEMENTS: _("Implements"),
}
_IS_DONE = {
    RelationKind.RENEWS: _("Renewed by"),
    RelationKind.AMENDS: _("Amended by"),
    RelationKind.SUPERSEDES: _("Superseded by"),
    RelationKind.IMPLEMENTS: _("Implemented by"),
}


class Link(NamedTuple):
    """A link of the chain.

    Args:
        place: ``above``, ``before``, ``this``, ``after`` or ``below``.
        words: what this agreement does to it, or it to this agreement.
    """

    place: str
    words: str | Promise
    agreement: Agreement
    note: str = ""


def chain_of(agreement: Agreement) -> list[Link]:
    """Return the agreements that ``agreement`` is related to, in order, itself among them; else nothing.

    Args:
        agreement: fetched ``for_detail``, so that only what the visitor may see is among its relations.
    """
    ahead = [
        Link("above" if row.kind == _IMPLEMENTS else "before", _DOES[row.kind], row.target, row.note)
        for row in agreement.relations.all()
    ]
    back = [
        Link("below" if row.kind == _IMPLEMENTS else "after", _IS_DONE[row.kind], row.agreement, row.note)
        for row in agreement.inverse_relations.all()
    ]
    if not ahead and not back:
        return []
    links = [*ahead, Link("this", _("This agreement"), agreement), *back]
    order = ("above", "before", "this", "after", "below")
    return sorted(links, key=lambda one: (order.index(one.place), _day(one.agreement)))


def _day(agreement: Agreement) -> str:
    """When it was signed, to be ordered by; what has no date comes last."""
    return str(agreement.signed_on or agreement.announced_on or agreement.effective_from or "9999")
