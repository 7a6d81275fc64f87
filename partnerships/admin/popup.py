"""Add forms that open beside another form are short: enough to go on with what one was doing."""

from django.contrib.admin.options import IS_POPUP_VAR


def in_popup(request) -> bool:
    """True for a form that the “+” beside a field opened."""
    return IS_POPUP_VAR in request.GET or IS_POPUP_VAR in request.POST


class ShortInPopup:
    """Mixin of a model admin: ``popup_fields`` and ``popup_inlines`` make the short form."""

    popup_fields: tuple = ()
    popup_inlines: tuple = ()

    def get_fieldsets(self, request, obj=None):
        if obj is None and in_popup(request):
            return [(None, {"fields": self.popup_fields})]
        return super().get_fieldsets(request, obj)

    def get_inlines(self, request, obj):
        if obj is None and in_popup(request):
            return self.popup_inlines
        return super().get_inlines(request, obj)
