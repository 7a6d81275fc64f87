"""Which office owns a record: one of those for which its user may record."""

from django.db.models import Q

from partnerships.models import Agreement
from people.models import Office, User


def offices_of(user):
    """Offices whose records ``user`` may change."""
    keys = [
        office.pk
        for office in Office.objects.all()
        if user.has_perm("partnerships.change_agreement", Agreement(office=office))
    ]
    return Office.objects.filter(pk__in=keys)


def keepers(user, record=None):
    """Accounts that may look after a record: members of its office, or of the user's own for a new one.

    Whoever looks after it now stays on offer, and so does ``user``.
    """
    offices = [record.office_id] if record and record.office_id else offices_of(user)
    own = {user.pk, record and record.owner_id, record and record.backup_id} - {None}
    members = Q(is_active=True, is_staff=True, memberships__office__in=offices)
    return User.objects.filter(pk__in=User.objects.filter(members | Q(pk__in=own)).values("pk")).order_by(
        "last_name", "first_name", "username"
    )


class OwnedByOffice:
    """Mixin of a model admin: the office is chosen among the user's own, or for them if there is one."""

    def get_changeform_initial_data(self, request) -> dict:
        initial = super().get_changeform_initial_data(request)
        own = list(offices_of(request.user)[:2])
        if len(own) == 1:
            initial.setdefault("office", own[0].pk)
        if "owner" in {field.name for field in self.model._meta.fields}:
            initial.setdefault("owner", request.user.pk)
        return initial

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name == "office":
            kwargs["queryset"] = offices_of(request.user)
        if db_field.name in ("owner", "backup"):
            kwargs["queryset"] = keepers(request.user, self._stored(request))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def _stored(self, request):
        """The record whose form is asked for, as it stands; None for a new one."""
        key = request.resolver_match.kwargs.get("object_id") if request.resolver_match else None
        return self.model.objects.filter(pk=key).first() if key and key.isdecimal() else None

    def get_form(self, request, obj=None, change=False, **kwargs):
        """Only an administrator of everything leaves a record without an office, or takes it away."""
        form = super().get_form(request, obj, change, **kwargs)
        ownerless = obj is not None and obj.office_id is None
        if "office" in form.base_fields and not ownerless:
            form.base_fields["office"].required = not request.user.is_superuser
        return form
