"""Form fields and widgets that the registry's words need, in the look of the admin."""

import re

from django import forms
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.core.exceptions import ValidationError
from django.db import models
from django.template.loader import render_to_string
from unfold import widgets
from unfold.forms import PaginationInlineFormSet

from partnerships.fields import PLACEHOLDER, PartialDateField

_ROW = re.compile(r"([a-z_]+)-(\d+)", re.ASCII)


class PartialDateInput(widgets.UnfoldAdminTextInputWidget):
    """A short text input that shows how a date may be typed."""

    def __init__(self, attrs: dict | None = None):
        shown = {"placeholder": PLACEHOLDER, "autocomplete": "off", "title": PLACEHOLDER, "class": "max-w-60"}
        super().__init__(attrs=shown | (attrs or {}))


class RelatedWidget(RelatedFieldWidgetWrapper):
    """A choice of another record, with “+” beside it for one that is missing yet."""

    template_name = "admin/related_widget.html"

    def _render(self, template_name, context, renderer=None):
        # Form templates are looked for in apps only; this one stands with the other pages.
        return render_to_string(template_name, context)

    @classmethod
    def instead_of(cls, other: RelatedFieldWidgetWrapper) -> "RelatedWidget":
        """The same choice in this dress."""
        return cls(
            other.widget,
            other.rel,
            other.admin_site,
            can_add_related=other.can_add_related,
            can_change_related=other.can_change_related,
        )


class RegistryFields:
    """Mixin of every admin and inline of the registry: how its fields are typed."""

    formfield_overrides = {
        PartialDateField: {"widget": PartialDateInput},
        models.URLField: {"assume_scheme": "https"},
        models.TextField: {"widget": widgets.UnfoldAdminTextareaWidget(attrs={"rows": 3})},
    }

    class Media:
        css = {"all": ("entente/admin/forms.css",)}
        js = ("entente/admin/rows.js",)

    def formfield_for_choice_field(self, db_field, request, **kwargs):
        """A closed list without a default starts with nothing chosen.

        The first value would otherwise be stored as a fact that nobody stated.
        """
        if not db_field.has_default() and "choices" not in kwargs:
            kwargs["choices"] = db_field.get_choices(blank_choice=[("", "Choose …")])
        return super().formfield_for_choice_field(db_field, request, **kwargs)

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field and isinstance(field.widget, RelatedFieldWidgetWrapper):
            field.widget = RelatedWidget.instead_of(field.widget)
        return field


class CheckboxesField(forms.MultipleChoiceField):
    """Several values of a closed list, kept in an array."""

    widget = widgets.UnfoldAdminCheckboxSelectMultipleWidget

    def __init__(self, **kwargs):
        super().__init__(**{"required": False} | kwargs)


class TagsField(forms.CharField):
    """Words separated by commas, kept in an array."""

    widget = widgets.UnfoldAdminTextInputWidget

    def __init__(self, *, max_length: int, **kwargs):
        super().__init__(**{"required": False} | kwargs)
        self.longest = max_length

    def prepare_value(self, value) -> str:
        return value if isinstance(value, str) else ", ".join(value or [])

    def to_python(self, value) -> list[str]:
        words = [word.strip() for word in (super().to_python(value) or "").split(",")]
        return [word for word in words if word]

    def validate(self, value: list[str]) -> None:
        super().validate(value)
        if any("\x00" in word for word in value):
            raise ValidationError("Null characters are not allowed.")
        for word in value:
            if len(word) > self.longest:
                raise ValidationError(f"“{word}” is too long: at most {self.longest} characters.")

    def run_validators(self, value) -> None:
        """The words were judged one by one."""

    def has_changed(self, initial, data) -> bool:
        return (initial or []) != self.to_python(data)


class RowSelect(widgets.UnfoldAdminSelectWidget):
    """A choice among the rows of another inline of the same form.

    The browser offers the rows as they stand in the form at that moment, typed a second ago or
    stored for years (``entente/admin/rows.js``).
    """

    def __init__(self, *, rows: str, label_field: str, attrs: dict | None = None):
        super().__init__(attrs={"data-rows-of": rows, "data-row-label": label_field} | (attrs or {}))

    def optgroups(self, name, value, attrs=None):
        """Render only what is chosen; the browser adds the others."""
        chosen = next((item for item in value if item), "")
        self.choices = [("", "—")] + ([(chosen, chosen)] if chosen else [])
        return super().optgroups(name, value, attrs)


class RowField(forms.CharField):
    """Names a row of another inline of the same form by its prefix, for example ``parties-0``.

    Args:
        rows: prefix of the other inline.
        label_field: the field of that inline which a row must have filled, and which names it.
        noun: what a row is, for the error message.
    """

    def __init__(self, *, rows: str, label_field: str, noun: str, **kwargs):
        super().__init__(required=False, widget=RowSelect(rows=rows, label_field=label_field), **kwargs)
        self.rows, self.label_field, self.noun = rows, label_field, noun

    def check(self, value: str, data) -> None:
        """Raise ValidationError unless ``value`` names a row that stands in the submitted ``data``."""
        match = _ROW.fullmatch(value)
        stands = match and match[1] == self.rows and data.get(f"{value}-{self.label_field}")
        if not stands or data.get(f"{value}-DELETE"):
            raise ValidationError(f"Choose a {self.noun} that stands in this form.", code="no_row")


def _row_of(rows: str, key: int, keys_of) -> str:
    """The prefix of the row that shows the object ``key``: rows stand in the order of the model."""
    keys = keys_of(rows)
    return f"{rows}-{keys.index(key)}" if key in keys else ""


class RowsFormSet(PaginationInlineFormSet):
    """Rows that refer to rows of other inlines; tells each form which objects those show."""

    def get_form_kwargs(self, index) -> dict:
        return super().get_form_kwargs(index) | {"keys_of": self.keys_of}

    def keys_of(self, rows: str) -> list[int]:
        """Primary keys of the stored objects of the inline ``rows``, in the order of its rows."""
        known = self.__dict__.setdefault("_keys", {})
        if rows not in known:
            known[rows] = [row.pk for row in getattr(self.instance, rows).all()] if self.instance.pk else []
        return known[rows]


class RowsForm(forms.ModelForm):
    """A row of an inline that refers to rows of other inlines of the same form.

    ``row_links`` maps the name of a ``RowField`` to the foreign key which it stands for.
    """

    row_links: dict[str, str] = {}

    def __init__(self, *args, keys_of=None, **kwargs):
        super().__init__(*args, **kwargs)
        for name, link in self.row_links.items():
            key = getattr(self.instance, f"{link}_id")
            if key and name in self.fields:
                self.initial[name] = _row_of(self.fields[name].rows, key, keys_of)

    def clean(self) -> dict:
        """Hold each named row against what was submitted."""
        values = super().clean()
        for name in self.row_links:
            if name in self.fields and (chosen := self.cleaned_data.get(name)):
                try:
                    self.fields[name].check(chosen, self.data)
                except ValidationError as error:
                    self.add_error(name, error)
        return values

    def connect(self, rows: dict[str, object]) -> None:
        """Point the foreign keys to the rows' objects, once those are saved.

        Args:
            rows: saved objects by the prefix of their row.
        """
        for name, link in self.row_links.items():
            if name in self.cleaned_data:
                setattr(self.instance, link, rows.get(self.cleaned_data[name]))
