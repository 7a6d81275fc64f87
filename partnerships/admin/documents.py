"""Documents in the form of an agreement: what is taken in, what was read of it, what it was before."""

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db.models import TextChoices
from django.template.defaultfilters import filesizeformat
from django.template.loader import render_to_string
from django.utils.html import format_html
from unfold import widgets
from unfold.admin import StackedInline

from partnerships.choices import TextState
from partnerships.models import Document
from partnerships.services.documents import ACCEPTED, describe, examine, same_files
from partnerships.tasks import read_soon

from .desk_filters import CardFilter
from .parts import PartOfAgreement
from .publication import change_page


class FileInput(widgets.UnfoldAdminFileFieldWidget):
    """Takes a file. The one that is there is shown elsewhere, at its address behind the gate."""

    def is_initial(self, value) -> bool:
        return False

    def get_context(self, name, value, attrs):
        return super().get_context(name, None, attrs)


class DocumentForm(forms.ModelForm):
    """Takes the facts of a file (digest, size, type) when one is chosen."""

    facts = None

    class Meta:
        model = Document
        fields = ()

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "file" in self.fields:
            kinds = ", ".join(sorted(name.lstrip(".") for name in ACCEPTED))
            field = self.fields["file"]
            field.widget = FileInput(attrs={"accept": ",".join(ACCEPTED)})
            # A long name is cut, not refused.
            field.max_length = None
            field.help_text = f"At most {settings.MAX_DOCUMENT_MB} MB: {kinds}."
            if self.instance.pk:
                field.label, field.required = "New file", False
                field.help_text = f"The present one stays as an earlier version. {field.help_text}"

    def clean_file(self):
        """Refuse what is too large, of another kind, or not what it says."""
        upload = self.cleaned_data.get("file")
        if not isinstance(upload, UploadedFile):
            if upload is False:
                raise ValidationError("Choose another file, or remove the whole row.")
            return upload
        facts = examine(upload)
        if self.instance.pk and facts.sha256 == self.instance.sha256:
            # The very file that is there already is no new version of it.
            self.changed_data.remove("file")
            return self.instance.file
        self.facts = facts
        return upload

    def clean(self) -> dict:
        """A note tells of one file: it does not pass to the next one."""
        values = super().clean()
        if self.facts and self.instance.pk and "note" not in self.changed_data:
            self.cleaned_data["note"] = ""
        return values

    def _post_clean(self) -> None:
        super()._post_clean()
        if self.facts:
            describe(self.instance, self.facts)


class DocumentInline(PartOfAgreement, StackedInline):
    hide_title = False
    model = Document
    form = DocumentForm
    fields = ("title", ("kind", "visibility"), "file", ("version", "language"), "note", "facts")
    readonly_fields = ("facts",)

    def get_queryset(self, request):
        rows = super().get_queryset(request).select_related("contents", "filed_by")
        texts = ("contents__text", "contents__own", "contents__words")
        return rows.prefetch_related("versions__filed_by").defer(*texts)

    @admin.display(description="Taken in")
    def facts(self, document: Document) -> str:
        """The file that is there: how to get it, what was noted of it, whether its words are found; and
        those that were there before."""
        if not document.sha256 or not document.pk:
            return "Size, type and SHA-256 are noted when the file is stored."
        context = {"document": document, "contents": getattr(document, "contents", None)}
        return render_to_string("admin/partnerships/agreement/document.html", context)


class Documents(TextChoices):
    """What may be said of the documents of a record."""

    UNREAD = "unread", "With one whose words cannot be searched"


class DocumentsFilter(CardFilter):
    """Records with a document whose words cannot be searched."""

    title = "documents"
    parameter_name = "documents"
    choices_offered = Documents

    @staticmethod
    def ask(cards, value, user):
        unread = Document.objects.visible_to(user).exclude(
            contents__state__in=[TextState.DONE, TextState.WAITING]
        )
        return cards.filter(agreement__in=unread.values("agreement"))


def name_who_files(request, formset) -> None:
    """Note on documents with a new file who chose it; have its text read once all is saved."""
    if formset.model is not Document:
        return
    for row in _with_new_files(formset):
        describe(row.instance, row.facts, by=request.user)


def tell_of_files(request, formsets) -> None:
    """After saving: have the texts of new files read, and tell what is known of them."""
    for formset in formsets:
        if formset.model is not Document:
            continue
        for row in formset.forms:
            if row.instance.pk and ({"file", "language"} & set(row.changed_data)):
                read_soon(row.instance.pk)
        for row in _with_new_files(formset):
            if row.instance.pk:
                _tell_of_same_file(request, row.instance)
                messages.info(request, _taken_in(row.instance))


def _with_new_files(formset) -> list[DocumentForm]:
    return [row for row in formset.forms if getattr(row, "facts", None)]


def _taken_in(document: Document) -> str:
    return (
        f"“{document.filename}” is stored ({filesizeformat(document.size)}). Its text is being read; whether "
        "its words can be searched stands beside the document."
    )


def _tell_of_same_file(request, document: Document) -> None:
    for other in same_files(document, request.user)[:3]:
        messages.warning(
            request,
            format_html(
                '“{}” holds the same file as “{}” of <a href="{}" class="underline">{}</a>.',
                document.title,
                other.title,
                change_page(other.agreement),
                other.agreement.title,
            ),
        )


def ask_for_files_again(request) -> None:
    """On a form that comes back: what was typed is there, but no page can put a file back into it."""
    names = [upload.name for upload in request.FILES.values()] if request.method == "POST" else []
    if names:
        messages.warning(
            request,
            f"Nothing was saved yet. Choose these files again, a form cannot keep them: {', '.join(names)}.",
        )
