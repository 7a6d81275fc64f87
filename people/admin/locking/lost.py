"""A form that is sent for a record which is no longer there: what was typed is shown, never thrown away."""

from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.text import capfirst

from people.access import Visibility

from ..forms import OPENED, REASON
from .parts import Part, parts_of
from .questions import in_words
from .sent import put_together, take_apart
from .snapshots import Typed


class LostRecord:
    """Mixin of a model admin: the answer to a form whose record was deleted, or hidden, meanwhile."""

    lost_template = "admin/registry/lost.html"

    def lost_view(self, request, object_id: str) -> TemplateResponse:
        """Say what became of the record, list what was typed, and offer to record it anew."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        may_add = self.has_add_permission(request)
        record = self.model()
        parts = parts_of(self, request, record) if may_add else []
        sent = take_apart(request.POST, request.FILES, parts)
        form = self.get_form(request, None, change=False)()
        typed = [
            (str(field.label or name), in_words(field, value, {}))
            for name, field in form.fields.items()
            if (value := sent.value(name, field)) and name not in (OPENED, REASON)
        ]
        typed += [line for part in parts for line in _lines(part, sent.rows.get(part.name, ()))]
        for row in (row for rows in sent.rows.values() for row in rows):
            row.anew()
        data, _, _ = put_together(sent, parts)
        own = {OPENED, "opened_as", "csrfmiddlewaretoken", "_save", "_continue", "_addanother"}
        request.current_app = self.admin_site.name
        context = {
            **self.admin_site.each_context(request),
            "title": "This record is no longer there",
            "opts": self.opts,
            "told": self._told_of_removal(request, object_id),
            "typed": typed,
            "files": [upload.name for upload in request.FILES.values()],
            "add_url": reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_add") if may_add else "",
            "data": [(name, value) for name, values in data.lists() if name not in own for value in values],
        }
        return TemplateResponse(request, self.lost_template, context, status=409)

    def _told_of_removal(self, request, object_id: str) -> str:
        """Who deleted the record and when; nothing of one that was restricted."""
        top = self.trails()[0]
        try:
            key = self.model._meta.pk.to_python(unquote(object_id))
        except ValidationError:
            return ""
        last = (
            top.events.objects.filter(pgh_obj=key).select_related("pgh_context").order_by("-pgh_id").first()
        )
        if last is None or last.pgh_label != "delete":
            return ""
        if getattr(last, "visibility", "") == Visibility.RESTRICTED:
            return ""
        return self.told_of_event(last)


def _lines(part: Part, rows) -> list[tuple[str, str]]:
    fields = part.formset.form.base_fields
    lines = []
    for row in rows:
        values: list[tuple[str, Typed]] = [(name, row.value(name, field)) for name, field in fields.items()]
        text = " · ".join(in_words(fields[name], value, {}) for name, value in values if value)
        if text and not row.removed:
            lines.append((str(capfirst(part.noun)), text))
        for inner in part.below:
            lines += _lines(inner, row.rows.get(inner.name, ()))
    return lines
