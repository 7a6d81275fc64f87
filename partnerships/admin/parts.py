"""What every inline of an agreement shares."""

from people.admin.base import RegistryInline

from .fields import RegistryFields


class PartOfAgreement(RegistryFields, RegistryInline):
    """Rows of an agreement: none is forced upon whoever has nothing to say."""

    extra = 0
    hide_title = True
    #: The parties stand right behind the title; everything else behind the record's own fields.
    comes_first = False

    def has_view_permission(self, request, obj=None) -> bool:
        """Whoever sees a record sees all of it: that is the gate's business, not the office's."""
        return request.user.has_perm("partnerships.view_agreement")
