"""Forms of the rows of an agreement."""

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from unfold import widgets

from partnerships.choices import Direction, Supported
from partnerships.models import Activity, Agreement, Document, Source, Statement
from partnerships.services.documents import ACCEPTED, MAX_BYTES, describe, examine

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


class DocumentForm(forms.ModelForm):
    """Takes the facts of a file (digest, size, type) when one is chosen."""

    class Meta:
        model = Document
        fields = ()

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "file" in self.fields:
            kinds = ", ".join(sorted(name.lstrip(".") for name in ACCEPTED))
            self.fields["file"].help_text = f"At most {MAX_BYTES // 1024 // 1024} MB: {kinds}."

    def clean_file(self):
        """Refuse what is too large, of another kind, or not what it says."""
        upload = self.cleaned_data.get("file")
        if isinstance(upload, UploadedFile):
            self.facts = examine(upload)
        elif upload is False:
            raise ValidationError("Choose another file, or remove the whole row.")
        return upload

    def _post_clean(self) -> None:
        super()._post_clean()
        if facts := getattr(self, "facts", None):
            describe(self.instance, facts)
