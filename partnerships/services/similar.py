"""Finding records that may say the same: the same parties, in time that may overlap."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Count

from partnerships.choices import EndKind, LinkKind
from partnerships.models import Agreement, AgreementRelation, InstitutionLink, Party
from partnerships.querysets.institutions import institution_ancestors, institution_family

#: More candidates than this are not looked at; a warning of hundreds would help nobody.
MAX_CANDIDATES = 200


@dataclass(frozen=True)
class Similar:
    """A record that resembles another one, and why, in words."""

    agreement: Agreement
    reason: str
    score: int


def similar_agreements(*, agreement: Agreement, user, limit: int = 5) -> list[Similar]:
    """Records that share two parties or more with ``agreement`` and may run at the same time.

    An institution counts as shared with what stands above or below it: a school and its
    university are one side of the table. Drafts count. Records that ``agreement`` already relates
    to (it renews them, they amend it) are no surprise and are left out.

    Args:
        user: only what this visitor may see is compared.
        limit: at most so many, the most alike first.
    """
    ours = list(agreement.parties.values_list("institution_id", flat=True))
    if len(ours) < 2:
        return []
    kin = _kin(ours)
    found = _candidates(agreement, user, set().union(*kin.values()))
    rows = Agreement.objects.visible_to(user).filter(pk__in=[agreement.pk, *found]).with_status(user)
    by_key = {row.pk: row for row in rows.prefetch_related("parties__institution")}
    own = by_key.pop(agreement.pk, None)
    if own is None:
        return []
    compared = (_compare(own, other, kin) for other in by_key.values())
    return sorted(filter(None, compared), key=lambda row: (-row.score, -row.agreement.pk))[:limit]


def _kin(ours: list[int]) -> dict[int, set[int]]:
    """For each of our parties: itself, what stands above it and what stands below it."""
    everybody = set(institution_family(ours)) | set(institution_ancestors(ours))
    above, below = defaultdict(set), defaultdict(set)
    edges = InstitutionLink.objects.filter(
        kind=LinkKind.PARENT, institution__in=everybody, target__in=everybody
    )
    for child, parent in edges.values_list("institution_id", "target_id"):
        above[child].add(parent)
        below[parent].add(child)
    return {key: _walk(key, above) | _walk(key, below) for key in ours}


def _walk(start: int, edges: dict[int, set[int]]) -> set[int]:
    seen, waiting = {start}, [start]
    while waiting:
        fresh = edges[waiting.pop()] - seen
        seen |= fresh
        waiting.extend(fresh)
    return seen


def _candidates(agreement: Agreement, user, kin: Iterable[int]) -> list[int]:
    related = AgreementRelation.objects.filter(agreement=agreement).values_list("target_id", flat=True)
    inverse = AgreementRelation.objects.filter(target=agreement).values_list("agreement_id", flat=True)
    # Busy institutions have thousands of agreements each and few together: those are found first, and
    # only they are held against the gate.
    sharing = (
        Party.objects.filter(institution__in=kin)
        .order_by()
        .values("agreement")
        .annotate(shared=Count("pk"))
        .filter(shared__gte=2)
        .order_by("-agreement")
        .values_list("agreement", flat=True)[: 5 * MAX_CANDIDATES]
    )
    others = Agreement.objects.visible_to(user).exclude(pk__in=[agreement.pk, *related, *inverse])
    found = others.filter(pk__in=list(sharing)).order_by("-pk").values_list("pk", flat=True)
    return list(found[:MAX_CANDIDATES])


def _compare(own: Agreement, other: Agreement, kin: dict[int, set[int]]) -> Similar | None:
    theirs = {party.institution_id: party.institution for party in other.parties.all()}
    matched = {key: theirs.keys() & family for key, family in kin.items()}
    shared = min(sum(map(bool, matched.values())), len(set().union(*matched.values())))
    overlap = _overlap(own, other)
    if shared < 2 or overlap is None:
        return None
    same_parties = set(kin) == set(theirs)
    same_type = own.type == other.type
    names = " · ".join(sorted(theirs[key].name for key in set().union(*matched.values())))
    words = [
        "the same parties" if same_parties else f"parties in common: {names}",
        "the same type" if same_type else f"another type ({other.get_type_display().lower()})",
        overlap,
    ]
    score = 2 * same_type + 2 * same_parties + min(shared, 4) + (overlap == _CERTAIN)
    return Similar(agreement=other, reason="; ".join(words), score=score)


_CERTAIN = "at the same time"


def _overlap(one: Agreement, two: Agreement) -> str | None:
    """Say how the terms of two records (with ``with_status``) meet; None where they certainly do not."""
    (begin_one, end_one), (begin_two, end_two) = _span(one), _span(two)
    if begin_one and end_two and end_two < begin_one:
        return None
    if begin_two and end_one and end_one < begin_two:
        return None
    if not (begin_one and begin_two):
        return "in time that may overlap (a beginning is not known)"
    if EndKind.UNKNOWN in (one.current_end_kind, two.current_end_kind):
        return "in time that may overlap (an end is not known)"
    return _CERTAIN


def _span(row: Agreement) -> tuple[date | None, date | None]:
    """First and last day that the record may cover; None where nothing bounds it."""
    begin = row.effective_from or row.signed_on or row.announced_on
    end = row.terminated_on or (row.current_ends_on if row.current_end_kind == EndKind.DATE else None)
    return (begin.first_day if begin else None, end.last_day if end else None)
