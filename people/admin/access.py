"""Who may do what in the admin: permissions of the very record, and rows that the gate lets through."""

from django.contrib.auth import get_permission_codename
from django.db.models import Exists, Model, OuterRef, Q, QuerySet
from django.forms.models import _get_foreign_key


def allowed(user, verb: str, model: type[Model], obj: Model | None = None) -> bool:
    """Ask whether ``user`` may view, add, change or delete (``verb``) rows of ``model``, or ``obj``."""
    codename = get_permission_codename(verb, model._meta)
    return user.has_perm(f"{model._meta.app_label}.{codename}", obj)


def visible_rows(model: type[Model], user) -> QuerySet:
    """Rows of ``model`` that ``user`` may see; all of them where the model has no gate of its own."""
    rows = model._default_manager.all()
    return rows.visible_to(user) if hasattr(rows, "visible_to") else rows


def is_gated(rows: QuerySet) -> bool:
    """True where the gate left something out: a queryset without condition needs no subquery."""
    return bool(rows.query.where)


class GatedFields:
    """Mixin of every model admin and inline: fields offer and accept only what the user may see."""

    def get_field_queryset(self, db, db_field, request):
        """Rows that a form may name: neither offered nor accepted otherwise, typed by hand or not."""
        ordered = super().get_field_queryset(db, db_field, request)
        visible = visible_rows(db_field.remote_field.model, request.user)
        if not is_gated(visible):
            return ordered
        return (visible if ordered is None else ordered).filter(pk__in=visible.values("pk"))


class GatedRecords(GatedFields):
    """Mixin of a model admin: records pass the gate, permissions are asked of the very record."""

    def get_queryset(self, request):
        rows = visible_rows(self.model, request.user)
        ordering = self.get_ordering(request)
        return rows.order_by(*ordering) if ordering else rows

    def has_add_permission(self, request) -> bool:
        return allowed(request.user, "add", self.model)

    def has_view_permission(self, request, obj=None) -> bool:
        """Any role reads what the gate lets through, whichever office owns it."""
        return allowed(request.user, "view", self.model)

    def has_change_permission(self, request, obj=None) -> bool:
        return allowed(request.user, "change", self.model, self._record(request, obj))

    def has_delete_permission(self, request, obj=None) -> bool:
        return allowed(request.user, "delete", self.model, self._record(request, obj))

    def _record(self, request, obj):
        """unfold asks with a key where Django asks with a record."""
        return self.get_object(request, str(obj)) if isinstance(obj, str | int) else obj


class PartOfRecord(GatedFields):
    """Mixin of an inline: whoever may change a record may change its rows, all of them."""

    def get_queryset(self, request):
        """Leave out rows that are hidden from the user, or name what is: they stay as they are."""
        rows = super().get_queryset(request)
        if is_gated(own := visible_rows(self.model, request.user)):
            rows = rows.filter(pk__in=own.values("pk"))
        upwards = _get_foreign_key(self.parent_model, self.model, fk_name=self.fk_name)
        for field in self.model._meta.fields:
            if not field.remote_field or field == upwards:
                continue
            visible = visible_rows(field.remote_field.model, request.user)
            if is_gated(visible):
                # Asked of each of the few rows: a list of all that is visible may hold a million.
                named = visible.order_by().filter(pk=OuterRef(field.attname))
                rows = rows.filter(Q(**{f"{field.name}__isnull": True}) | Exists(named))
        return rows

    def has_view_permission(self, request, obj=None) -> bool:
        return allowed(request.user, "view", self.parent_model)

    def has_add_permission(self, request, obj=None) -> bool:
        return self._may_change(request, obj)

    def has_change_permission(self, request, obj=None) -> bool:
        return self._may_change(request, obj)

    def has_delete_permission(self, request, obj=None) -> bool:
        return self._may_change(request, obj)

    def _may_change(self, request, record) -> bool:
        if record is None or record.pk is None:
            return allowed(request.user, "add", self.parent_model, record)
        return allowed(request.user, "change", type(record), record)
