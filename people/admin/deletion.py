"""Deleting one record at a time: says what goes with it in numbers, never in names.

Django's page lists every related row by name; those may belong to records that the reader may not see.
"""

from collections import Counter

from django.contrib.admin.utils import NestedObjects
from django.db import router

from .access import allowed


class CountedDeletion:
    """Mixin of a model admin."""

    def get_actions(self, request) -> dict:
        """No deletion in bulk: each one has a page of its own, and a reason."""
        actions = super().get_actions(request)
        actions.pop("delete_selected", None)
        return actions

    def get_deleted_objects(self, objs, request):
        """What the confirmation shows: names of ``objs``, numbers of everything else."""
        collector = NestedObjects(using=router.db_for_write(self.model), origin=objs)
        collector.collect(objs)
        going = {model: len(rows) for model, rows in collector.model_objs.items()}
        counts = {model._meta.verbose_name_plural: number for model, number in going.items()}
        holding = Counter(type(row) for row in collector.protected)
        lacking = {
            model._meta.verbose_name
            for model, rows in collector.model_objs.items()
            if self.admin_site.is_registered(model)
            and not all(allowed(request.user, "delete", model, row) for row in rows)
        }
        return [str(obj) for obj in objs], counts, lacking, [_numbered(*item) for item in holding.items()]


def _numbered(model, number: int) -> str:
    meta = model._meta
    return f"{number} {meta.verbose_name if number == 1 else meta.verbose_name_plural}"
