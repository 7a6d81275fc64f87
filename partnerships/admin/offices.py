"""Which office owns a record: one of those for which its user may record."""

from partnerships.models import Agreement
from people.models import Office


def offices_of(user):
    """Offices whose records ``user`` may change."""
    keys = [
        office.pk
        for office in Office.objects.all()
        if user.has_perm("partnerships.change_agreement", Agreement(office=office))
    ]
    return Office.objects.filter(pk__in=keys)


class OwnedByOffice:
    """Mixin of a model admin: the office is chosen among the user's own, or for them if there is one."""

    def get_changeform_initial_data(self, request) -> dict:
        initial = super().get_changeform_initial_data(request)
        own = list(offices_of(request.user)[:2])
        if len(own) == 1:
            initial.setdefault("office", own[0].pk)
        return initial

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name == "office":
            kwargs["queryset"] = offices_of(request.user)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def get_form(self, request, obj=None, change=False, **kwargs):
        """Only an administrator of everything leaves a record without an office, or takes it away."""
        form = super().get_form(request, obj, change, **kwargs)
        ownerless = obj is not None and obj.office_id is None
        if "office" in form.base_fields and not ownerless:
            form.base_fields["office"].required = not request.user.is_superuser
        return form
