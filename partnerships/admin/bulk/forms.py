"""What is typed for a bulk edit: every field begins as “leave as is”."""

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AutocompleteSelect, AutocompleteSelectMultiple
from django.core.exceptions import ValidationError
from unfold import widgets

from partnerships.admin.fields import TagsField
from partnerships.admin.offices import offices_of
from partnerships.models import Agreement, Event, FocusArea
from partnerships.services.bulk.changes import FIELDS
from people.admin.access import visible_rows
from people.models import Office

AS_IS = "leave as is"
_CHOICES = [name for name in FIELDS if Agreement._meta.get_field(name).choices]


class _ByNumber:
    """Django's search box asks the database for whatever was sent; here only numbers are asked for."""

    def optgroups(self, name, value, attrs=None):
        numbers = [one for one in value if str(one).isascii() and str(one).isdigit() and len(str(one)) < 19]
        return super().optgroups(name, numbers, attrs)


class _SearchOne(_ByNumber, AutocompleteSelect):
    pass


class _SearchSeveral(_ByNumber, AutocompleteSelectMultiple):
    pass


def _choice(name: str) -> forms.ChoiceField:
    field = Agreement._meta.get_field(name)
    return forms.ChoiceField(
        label=str(field.verbose_name).capitalize(),
        required=False,
        choices=[("", AS_IS), *field.flatchoices],
        widget=widgets.UnfoldAdminSelectWidget,
    )


class _Subjects(forms.ModelMultipleChoiceField):
    def __init__(self, label: str):
        chosen_by = _SearchSeveral(Agreement._meta.get_field("focus_areas"), admin.site)
        super().__init__(FocusArea.objects.none(), required=False, label=label, widget=chosen_by)


class BulkEditForm(forms.Form):
    """Fields of many agreements at once; what is left alone stays as it is on each record."""

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        for name in _CHOICES:
            self.fields[name] = _choice(name)
        by_search = _SearchOne(Agreement._meta.get_field("event"), admin.site)
        self.fields["event"] = forms.ModelChoiceField(
            visible_rows(Event, user), required=False, widget=by_search, help_text="Left empty: as is."
        )
        self.fields["no_event"] = forms.BooleanField(
            required=False, label="Take the event away", widget=widgets.UnfoldBooleanWidget
        )
        for name, label in (("add", "Add focus areas"), ("remove", "Take away focus areas")):
            self.fields[f"{name}_focus_areas"] = _Subjects(label)
            self.fields[f"{name}_focus_areas"].queryset = visible_rows(FocusArea, user)
        for name, label in (("add", "Add languages"), ("remove", "Take away languages")):
            self.fields[f"{name}_languages"] = TagsField(
                max_length=35, label=label, help_text="Tags separated by commas: en, ko."
            )

        self.fields["office"] = forms.ModelChoiceField(
            Office.objects.none(),
            required=False,
            empty_label=AS_IS,
            widget=widgets.UnfoldAdminSelectWidget,
            help_text="Only offices for which you record.",
        )
        self.fields["office"].queryset = offices_of(user)

    def clean(self) -> dict:
        values = super().clean()
        if values.get("event") and values.get("no_event"):
            self.add_error("no_event", "Choose an event or take it away, not both.")
        for name in ("focus_areas", "languages"):
            if set(values.get(f"add_{name}") or ()) & set(values.get(f"remove_{name}") or ()):
                self.add_error(f"remove_{name}", "The same is added and taken away.")
        if not self.errors and not any(self.changes().values()):
            raise ValidationError("Change something: every field is left as it is.")
        return values

    def changes(self) -> dict:
        """The change in the form of ``services.bulk.changes``."""
        values = self.cleaned_data
        wanted = {name: values[name] for name in _CHOICES if values.get(name)}
        wanted |= {name: values[name].pk for name in ("office", "event") if values.get(name)}
        if values.get("no_event"):
            wanted["event"] = None
        changes: dict = {"set": wanted, "add": {}, "remove": {}}
        for name in ("add", "remove"):
            if rows := values.get(f"{name}_focus_areas"):
                keys = [row.pk for row in rows]
                changes[name]["focus_areas"] = [[key, False] for key in keys] if name == "add" else keys
            if tags := values.get(f"{name}_languages"):
                changes[name]["languages"] = list(dict.fromkeys(tags))
        return changes
