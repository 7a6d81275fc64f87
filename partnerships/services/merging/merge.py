"""Making two institutions one, in one transaction."""

from django.core.exceptions import PermissionDenied, ValidationError

from partnerships.choices import LinkKind, NameKind
from partnerships.models import (
    Activity,
    DuplicatePair,
    Institution,
    InstitutionIdentifier,
    InstitutionLink,
    InstitutionMerge,
    InstitutionName,
    Party,
)
from partnerships.querysets.institutions import institution_ancestors
from partnerships.services.errors import check_now, told_clearly
from people.access import Disclosure
from people.history import acting
from people.transactions import one_transaction

from .manifest import Manifest
from .plan import told_between
from .tables import COPIED, Reference, moved_with_parties, references

PERMISSION = "partnerships.merge_institution"
#: What the survivor takes from the other one where it has nothing of its own; each group as a whole.
FILLED = (
    ("website",),
    ("description",),
    ("established",),
    ("types",),
    ("country_id", "region", "city", "latitude", "longitude", "geonames_id"),
)
_FROM_ROR = ("ror_id", "ror_modified_on")


@one_transaction
def merge_institutions(
    *,
    survivor: Institution,
    merged: Institution,
    by,
    reason: str = "",
    name_kind: str = NameKind.ALIAS,
) -> InstitutionMerge:
    """Make ``merged`` one with ``survivor``: whatever names it names the survivor from now on.

    The row of ``merged`` stays, hidden, and its addresses lead to the survivor. What both say is
    kept once, as the survivor says it.

    Args:
        name_kind: as which kind of name the survivor carries the name of ``merged``.

    Raises:
        PermissionDenied: ``by`` may not merge institutions.
        ValidationError: one of the two was merged meanwhile, or the result would break a rule.
    """
    require_merger(by)
    if survivor.pk == merged.pk:
        raise ValidationError("Choose two institutions: this is one.")
    survivor, merged = locked(survivor, merged)
    if blocked := told_between(survivor, merged, by):
        raise ValidationError(blocked)
    manifest = Manifest()
    reason = reason.strip()[:400]
    told = f"merged “{merged}” into “{survivor}”"
    with told_clearly(), acting(user=by, reason=f"{told}: {reason}" if reason else told):
        _fill(survivor, merged, manifest)
        for reference in references(Institution):
            _move_all(reference, survivor, merged, manifest)
        _copy(survivor, merged, name_kind, manifest)
        _disclose(survivor, merged)
        for row in Institution._base_manager.filter(merged_into=merged):
            manifest.fill(row, merged_into_id=survivor.pk)
        Institution._base_manager.filter(pk=merged.pk).update(merged_into=survivor)
        DuplicatePair.objects.filter(a=merged).delete()
        DuplicatePair.objects.filter(b=merged).delete()
        done = InstitutionMerge.objects.create(
            survivor=survivor,
            merged=merged,
            by_id=getattr(by, "pk", None),
            reason=reason,
            manifest=manifest.as_json(),
        )
        check_now()
    return done


def require_merger(by) -> None:
    """Institutions belong to no office: a reviewer of any office may merge them and part them again."""
    if not by.has_perm(PERMISSION):
        raise PermissionDenied("Only reviewers may merge institutions.")


def locked(*institutions: Institution) -> list[Institution]:
    """The rows as they stand now, kept so until the end of the transaction.

    Raises:
        ValidationError: one of them was merged or deleted meanwhile.
    """
    keys = [one.pk for one in institutions]
    rows = Institution._base_manager.select_for_update(of=("self",)).filter(pk__in=keys).order_by("pk")
    found = {row.pk: row for row in rows}
    for one in institutions:
        row = found.get(one.pk)
        if row is None:
            raise ValidationError(f"“{one}” was deleted meanwhile.")
        if row.merged_into_id:
            raise ValidationError(f"“{row}” was merged into “{row.merged_into}” meanwhile.", code="merged")
    return [found[key] for key in keys]


def _fill(survivor: Institution, merged: Institution, manifest: Manifest) -> None:
    """What is blank on the survivor is taken from the other; a ROR id goes over with its date."""
    if merged.ror_id and not survivor.ror_id:
        taken = {name: getattr(merged, name) for name in _FROM_ROR}
        # The id can stand on one row only.
        manifest.fill(merged, **dict.fromkeys(_FROM_ROR))
        manifest.fill(survivor, **taken)
    for group in FILLED:
        if any(getattr(survivor, name) not in (None, "", []) for name in group):
            continue
        taken = {name: getattr(merged, name) for name in group}
        if any(value not in (None, "", []) for value in taken.values()):
            manifest.fill(survivor, **taken)


def _move_all(reference: Reference, survivor: Institution, merged: Institution, manifest: Manifest) -> None:
    for row in reference.rows(merged.pk):
        if isinstance(row, InstitutionLink) and _is_void(row, survivor, merged):
            manifest.remove(row)
        elif twin := reference.twin(row, survivor.pk):
            if isinstance(row, Party):
                _join(row, twin, manifest)
            manifest.remove(row)
        else:
            manifest.move(reference, row, merged.pk, survivor.pk)


def _is_void(link: InstitutionLink, survivor: Institution, merged: Institution) -> bool:
    """Whether a relation would say nothing any more: of the two to each other, or said already."""
    ends = {link.institution_id, link.target_id}
    if ends == {survivor.pk, merged.pk}:
        return True
    (other,) = ends - {merged.pk}
    beside = InstitutionLink.objects.filter(kind=LinkKind.RELATED)
    return link.kind == LinkKind.RELATED and (
        beside.filter(institution=survivor, target=other).exists()
        or beside.filter(institution=other, target=survivor).exists()
    )


def _join(party: Party, twin: Party, manifest: Manifest) -> None:
    """Both were parties of one agreement: what hangs on the one goes to the other."""
    if party.reference and not twin.reference:
        manifest.fill(twin, reference=party.reference)
    for reference in moved_with_parties():
        for row in reference.rows(party.pk):
            if reference.twin(row, twin.pk):
                manifest.remove(row)
            elif isinstance(row, Activity) and {row.from_party_id, row.to_party_id} == {party.pk, twin.pk}:
                raise ValidationError(
                    f"In “{row.agreement}” an activity ({row}) leads from one of the two to the other. "
                    "Correct that agreement first."
                )
            else:
                manifest.move(reference, row, party.pk, twin.pk)


def _copy(survivor: Institution, merged: Institution, name_kind: str, manifest: Manifest) -> None:
    """Give the survivor the names, identifiers and places that it has not."""
    took_ror = any(row[0] == "partnerships.institution" and row[2] == "ror_id" for row in manifest.filled)
    own_names = InstitutionName.objects.filter(institution=survivor)
    carried = {survivor.name, *own_names.values_list("value", flat=True)}
    if merged.name not in carried:
        manifest.make(InstitutionName(institution=survivor, value=merged.name, kind=name_kind))
        carried.add(merged.name)
    for model, key in COPIED.items():
        rows = model._base_manager.filter(institution=survivor)
        stands = set(rows.values_list(*key))
        for row in model._base_manager.filter(institution=merged).order_by("pk"):
            own = tuple(getattr(row, name) for name in key)
            if (None not in own and own in stands) or (model is InstitutionName and row.value in carried):
                continue
            row.pk, row._state.adding, row.institution_id = None, True, survivor.pk
            # An import takes away what ROR does not say of the survivor.
            row.from_ror = bool(row.from_ror and took_ror)
            if (
                isinstance(row, InstitutionIdentifier)
                and rows.filter(scheme=row.scheme, preferred=True).exists()
            ):
                row.preferred = False
            manifest.make(row)


def _disclose(survivor: Institution, merged: Institution) -> None:
    """A public address leads to a public page: what was public once stays so, under the survivor's name."""
    if merged.visibility == Disclosure.PUBLIC:
        above = institution_ancestors([survivor.pk])
        Institution._base_manager.filter(pk__in=above, visibility=Disclosure.INTERNAL).update(
            visibility=Disclosure.PUBLIC
        )
