"""Which office owns a record: one of those for which its user may record."""

from django.db.models import Q

from partnerships.models import Agreement
from people.models import Membership, Office, User


def office_ids_where(user, verb: str) -> list[int]:
    """Ids of the offices upon whose records ``user`` may do ``verb``."""
    may = f"partnerships.{verb}_agreement"
    return [office.pk for office in Office.objects.all() if user.has_perm(may, Agreement(office=office))]


def offices_of(user):
    """Offices whose records ``user`` may change."""
    return Office.objects.filter(pk__in=office_ids_where(user, "change"))


def colleagues_of(user):
    """Active staff with a role in an office of ``user``, and ``user``: who may be made responsible."""
    users = User.objects.filter(is_active=True, is_staff=True)
    if not user.is_superuser:
        members = Membership.objects.filter(office__memberships__user=user)
        users = users.filter(Q(pk__in=members.values("user")) | Q(pk=user.pk))
    return users.order_by("first_name", "last_name", "username")


class OwnedByOffice:
    """Mixin of a model admin: the office is chosen among the user's own, or for them if there is one."""

    def get_changeform_initial_data(self, request) -> dict:
        initial = super().get_changeform_initial_data(request)
        own = list(offices_of(request.user)[:2])
        if len(own) == 1:
            initial.setdefault("office", own[0].pk)
        initial.setdefault("owner", request.user.pk)
        return initial

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name == "office":
            kwargs["queryset"] = offices_of(request.user)
        if db_field.name not in ("owner", "backup"):
            return super().formfield_for_foreignkey(db_field, request, **kwargs)
        field = super().formfield_for_foreignkey(db_field, request, queryset=colleagues_of(request.user))
        field.label_from_instance = lambda person: person.get_full_name() or person.get_username()
        return field

    def get_form(self, request, obj=None, change=False, **kwargs):
        """Only an administrator of everything leaves a record without an office, or takes it away."""
        form = super().get_form(request, obj, change, **kwargs)
        for name in ("owner", "backup") if obj is not None else ():
            if name in form.base_fields:
                # Whoever looks after the record now stays a choice, from whichever office.
                present = User.objects.filter(pk=getattr(obj, f"{name}_id"))
                form.base_fields[name].queryset = form.base_fields[name].queryset | present
        ownerless = obj is not None and obj.office_id is None
        if "office" in form.base_fields and not ownerless:
            form.base_fields["office"].required = not request.user.is_superuser
        return form
