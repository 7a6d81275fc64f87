"""Parting two institutions again, exactly as they were but for what was changed since."""

from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from partnerships.models import Institution, InstitutionMerge
from partnerships.services.errors import check_now, told_clearly
from people.history import acting
from people.transactions import one_transaction

from .manifest import Manifest, frozen, model_of, revived
from .merge import require_merger


@dataclass
class Parted:
    """A merge that was undone, and in words what stays as it is because it was changed since."""

    merge: InstitutionMerge
    kept: list[str] = field(default_factory=list)


@one_transaction
def unmerge_institutions(*, merge: InstitutionMerge, by, reason: str = "") -> Parted:
    """Undo a merge: every row goes back, with its key.

    What somebody changed since stays and is named; what was added to the survivor stays with it. What
    became public stays public.

    Raises:
        PermissionDenied: ``by`` may not merge institutions.
        ValidationError: it is undone already, or a later merge has to be undone first.
    """
    require_merger(by)
    keys = [merge.survivor_id, merge.merged_id]
    list(Institution._base_manager.select_for_update(of=("self",)).filter(pk__in=keys).order_by("pk"))
    merge = InstitutionMerge.objects.select_for_update(of=("self",)).get(pk=merge.pk)
    _require_last(merge)
    parted = Parted(merge)
    told = f"parted “{merge.merged}” from “{merge.survivor}” again"
    with (
        told_clearly(),
        acting(user=by, reason=f"{told}: {reason.strip()[:400]}" if reason.strip() else told),
    ):
        Institution._base_manager.filter(pk=merge.merged_id).update(merged_into=None)
        manifest = Manifest.read(merge.manifest)
        _unmake(manifest, parted)
        _restore(manifest, parted)
        _move_back(manifest, parted)
        _empty(manifest, parted)
        merge.undone_at = timezone.now()
        merge.save(update_fields=["undone_at"])
        check_now()
    return parted


def _require_last(merge: InstitutionMerge) -> None:
    if merge.undone_at:
        raise ValidationError("This merge was undone already.")
    if merge.survivor.merged_into_id:
        raise ValidationError(
            f"“{merge.survivor}” itself was merged into “{merge.survivor.merged_into}”; undo that first."
        )
    later = InstitutionMerge.objects.filter(survivor=merge.survivor_id, undone_at=None, pk__gt=merge.pk)
    if last := later.first():
        raise ValidationError(f"“{last.merged}” was merged into “{merge.survivor}” later; undo that first.")


def _unmake(manifest: Manifest, parted: Parted) -> None:
    """Take away the copies that the survivor was given."""
    for made in reversed(manifest.made):
        row = model_of(made["model"])._base_manager.filter(pk=made["pk"]).first()
        if row is None:
            continue
        if frozen(row) == made:
            row.delete()
        else:
            parted.kept.append(_told(row, "was changed since and stays with the survivor"))


def _restore(manifest: Manifest, parted: Parted) -> None:
    """Bring back rows that were taken away; what hangs on one comes after it."""
    # A party went after what hangs on it.
    for gone in reversed(manifest.removed):
        row = revived(gone)
        try:
            with transaction.atomic():
                row.save(force_insert=True)
                # Foreign keys would wait for the end of the transaction.
                check_now()
        except IntegrityError:
            noun = row._meta.verbose_name
            parted.kept.append(
                f"A {noun} cannot come back: what it belongs to is gone, or it stands already."
            )


def _move_back(manifest: Manifest, parted: Parted) -> None:
    for label, name, key, source, to in reversed(manifest.moved):
        model = model_of(label)
        row = model._base_manager.filter(pk=key).first()
        if row is None:
            continue
        if getattr(row, f"{name}_id") != to:
            parted.kept.append(_told(row, "was given to another one since and stays there"))
            continue
        try:
            with transaction.atomic():
                model._base_manager.filter(pk=key).update(**{f"{name}_id": source})
        except IntegrityError:
            parted.kept.append(_told(row, "cannot go back and stays with the survivor"))


def _empty(manifest: Manifest, parted: Parted) -> None:
    """Give back what was filled in, where it still stands as it was filled in."""
    for label, key, name, before, after in reversed(manifest.filled):
        model = model_of(label)
        row = model._base_manager.filter(pk=key).first()
        if row is None:
            continue
        if (stands := frozen(row))["fields"][name] == before:
            continue
        if stands["fields"][name] != after:
            column = model._meta.get_field(name).verbose_name
            parted.kept.append(_told(row, f"has another {column} since, which stays"))
            continue
        stands["fields"][name] = before
        column = model._meta.get_field(name)
        value = getattr(revived(stands), column.attname)
        model._base_manager.filter(pk=key).update(**{column.attname: value})


def _told(row, what: str) -> str:
    return f"{str(row._meta.verbose_name).capitalize()} “{row}” {what}."
