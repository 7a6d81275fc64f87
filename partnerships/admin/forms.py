"""Forms of the rows of an agreement."""

from django import forms
from unfold import widgets

from partnerships.choices import Direction, Supported
from partnerships.models import Activity, Agreement, Source, Statement

from .fields import CheckboxesField, RowField, RowsForm, TagsField


class AgreementForm(forms.ModelForm):
    languages = TagsField(
        max_length=35, help_text="Languages of the instrument, as tags separated by commas: en, ko."
    )

    class Meta:
        model = Agreement
        fields = ()


class ActivityForm(RowsForm):
    row_links = {"from_row": "from_party", "to_row": "to_party"}
    from_row = RowField(rows="parties", label_field="institution", noun="party", label="From")
    to_row = RowField(rows="parties", label_field="institution", noun="party", label="To")

    class Meta:
        model = Activity
        fields = ()

    def clean(self) -> dict:
        values = super().clean()
        if self.cleaned_data.get("direction") != Direction.ONE_WAY:
            for name in self.row_links:
                if self.cleaned_data.get(name):
                    self.add_error(name, "“From” and “to” belong to an activity that goes one way.")
        return values


class StatementForm(RowsForm):
    row_links = {"source_row": "source"}
    source_row = RowField(
        rows="sources",
        label_field="title",
        noun="source",
        label="Source",
        help_text="One of the sources above.",
    )

    class Meta:
        model = Statement
        fields = ()
        widgets = {"summary": widgets.UnfoldAdminTextareaWidget(attrs={"rows": 3})}


class SourceForm(forms.ModelForm):
    supports = CheckboxesField(choices=Supported.choices, help_text="The facts that this source stands for.")

    class Meta:
        model = Source
        fields = ()
