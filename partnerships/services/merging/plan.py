"""What a merge would do, told before it is done."""

from dataclasses import dataclass, field

from django.db.models import Count, Q, QuerySet

from partnerships.choices import PublicationState
from partnerships.models import Agreement, Institution, InstitutionName, Party
from people.access import Disclosure

from .tables import COPIED, references


@dataclass
class MergePlan:
    """The two, and what becomes of everything that names the one that goes.

    Attributes:
        moves: (what, how many), as far as the reader may see them.
        names: names that the survivor is going to carry.
        shared: agreements to which both are parties: (agreement, party of the survivor, party of the other).
        warnings: what speaks against it, in sentences.
        blocked: why it cannot be done, in sentences.
    """

    survivor: Institution
    merged: Institution
    moves: list[tuple[str, int]] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    shared: list[tuple[Agreement, Party, Party]] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    blocked: list[str] = field(default_factory=list)


def plan_merge(*, survivor: Institution, merged: Institution, user) -> MergePlan:
    """Say what merging ``merged`` into ``survivor`` would do, as far as ``user`` may see it."""
    plan = MergePlan(survivor, merged)
    if survivor.pk == merged.pk:
        plan.blocked.append("Choose two institutions: this is one.")
        return plan
    visible = Agreement.objects.visible_to(user)
    plan.moves = _moves(merged, visible)
    carried = {
        survivor.name,
        *InstitutionName.objects.filter(institution=survivor).values_list("value", flat=True),
    }
    further = InstitutionName.objects.filter(institution=merged).values_list("value", flat=True)
    plan.names = [name for name in dict.fromkeys([merged.name, *further]) if name not in carried]
    plan.shared = _shared(survivor, merged, visible)
    plan.warnings = list(_warnings(survivor, merged))
    if blocked := told_between(survivor, merged, user):
        plan.blocked.append(blocked)
    return plan


def told_between(survivor: Institution, merged: Institution, user) -> str:
    """Say that public agreements between the two alone stand in the way; nothing where there are none."""
    both = Party.objects.filter(institution__in=[survivor.pk, merged.pk]).values("agreement")
    found = (
        Agreement.objects.filter(publication_state=PublicationState.PUBLISHED, pk__in=both)
        .annotate(
            ours=Count("parties", filter=Q(parties__institution__in=[survivor.pk, merged.pk])),
            all=Count("parties"),
        )
        .filter(ours=2, all=2)
    )
    keys = set(found.values_list("pk", flat=True))
    if not keys:
        return ""
    titles = [f"“{one}”" for one in Agreement.objects.visible_to(user).filter(pk__in=keys)[:5]]
    named = ", ".join(titles) or "a record of another office"
    return (
        f"Published agreements stand between the two alone: {named}. As one party they would be left with "
        "nobody to agree with; correct or withdraw them first."
    )


def _moves(merged: Institution, visible: QuerySet) -> list[tuple[str, int]]:
    found = []
    for reference in references(Institution):
        rows = reference.model._base_manager.filter(**{reference.field: merged.pk})
        if any(field.name == "agreement" for field in reference.model._meta.local_fields):
            rows = rows.filter(agreement__in=visible.values("pk"))
        noun = _NOUNS.get((reference.label, reference.field)) or str(
            reference.model._meta.verbose_name_plural
        )
        found.append((noun, rows.count()))
    for model in COPIED:
        noun = str(model._meta.verbose_name_plural).replace("institution ", "")
        found.append((f"{noun} (copied)", model._base_manager.filter(institution=merged).count()))
    found.append(
        ("institutions merged into it before", Institution._base_manager.filter(merged_into=merged).count())
    )
    return [(noun, number) for noun, number in found if number]


_NOUNS = {
    ("partnerships.party", "institution"): "agreements to which it is a party",
    ("partnerships.statement", "institution"): "statements made for it",
    ("partnerships.institutionlink", "institution"): "relations that it states",
    ("partnerships.institutionlink", "target"): "relations that others state to it",
    ("partnerships.pendinginstitutionlink", "institution"): "relations that wait for another institution",
}


def _shared(survivor: Institution, merged: Institution, visible: QuerySet) -> list:
    theirs = {
        party.agreement_id: party
        for party in Party.objects.filter(institution=survivor, agreement__in=visible.values("pk"))
    }
    ours = Party.objects.filter(institution=merged, agreement__in=theirs).select_related("agreement")
    return [(party.agreement, theirs[party.agreement_id], party) for party in ours.order_by("-agreement")]


def _warnings(survivor: Institution, merged: Institution):
    if survivor.ror_id and merged.ror_id:
        yield (
            f"ROR knows both, as two organisations: {survivor.ror_id} and {merged.ror_id}. "
            "ROR rarely has one organisation twice."
        )
    if survivor.country_id and merged.country_id and survivor.country_id != merged.country_id:
        yield f"They lie in two countries: {survivor.country} and {merged.country}."
    if merged.visibility == Disclosure.PUBLIC and survivor.visibility != Disclosure.PUBLIC:
        yield f"“{survivor}” becomes public: the public address of “{merged}” leads there from now on."
    if merged.visibility != Disclosure.PUBLIC and survivor.visibility == Disclosure.PUBLIC:
        yield f"The names of “{merged}”, which is internal, become public on the page of “{survivor}”."
