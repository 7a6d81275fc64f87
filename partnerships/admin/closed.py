"""Institutions that closed: whoever newly chooses one is told what came after it."""

from django.contrib import messages
from django.db.models import Prefetch

from partnerships.choices import InstitutionState, LinkKind
from partnerships.models import Institution, InstitutionLink
from partnerships.services.candidates import closed_in_words


def with_successors(institutions, user):
    """Prefetch, for institutions that are offered, what came after them (``followed_by``)."""
    links = InstitutionLink.objects.filter(
        kind=LinkKind.PREDECESSOR, institution__in=Institution.objects.visible_to(user).values("pk")
    )
    return institutions.prefetch_related(
        Prefetch("inverse_links", links.select_related("institution"), to_attr="followed_by")
    )


def closed_label(institution: Institution) -> str:
    """What an offered institution (``with_successors``) says of its end; nothing where it stands."""
    if institution.state == InstitutionState.ACTIVE:
        return ""
    word = "closed" if institution.state == InstitutionState.INACTIVE else "withdrawn from ROR"
    after = " and ".join(link.institution.name for link in getattr(institution, "followed_by", []))
    return f"{word}; succeeded by {after}" if after else word


def warn_of_closed(request, formsets) -> None:
    """Tell of parties that were chosen just now although they closed. They stay: it may be an old paper."""
    chosen = [
        row.instance.institution
        for formset in formsets
        if formset.prefix == "parties"
        for row in formset.forms
        if "institution" in row.changed_data and row.instance.pk and row not in formset.deleted_forms
    ]
    told = closed_in_words(chosen, Institution.objects.visible_to(request.user).values("pk"))
    for institution in chosen:
        if institution.pk in told:
            messages.warning(
                request,
                f"“{institution}” is {told[institution.pk]}. It stays a party as you chose it; "
                "change it if the agreement was made with the successor.",
            )
