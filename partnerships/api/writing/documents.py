"""Filing, changing and taking back the files of agreements."""

from django.http import QueryDict
from drf_spectacular.utils import extend_schema_field
from rest_framework import exceptions, serializers

from partnerships.api.parsers import RegistryFormParser, RegistryJSONParser
from partnerships.choices import DocumentKind
from partnerships.models import Document
from partnerships.services.documents import max_bytes
from partnerships.services.recording import documents
from partnerships.tasks import read_soon
from people.access import Visibility

from .agreements import Body
from .fields import AgreementReference, text
from .mixins import WritesRecords

#: What a form may say besides its file, in bytes.
_BESIDE = 1024 * 1024


@extend_schema_field({"type": "string", "contentMediaType": "application/octet-stream", "minLength": 1})
class Upload(serializers.FileField):
    """A file, of any name: what is accepted is for the service to say."""

    def to_internal_value(self, data):
        if not hasattr(data, "chunks"):
            message = "Send the file itself, in a body of the type multipart/form-data."
            raise serializers.ValidationError(message, "no_file")
        return data


class DocumentInput(Body):
    """A file of an agreement, and what is said of it. Without a title it has the name of the file."""

    agreement = AgreementReference()
    file = Upload()
    title = text(Document, "title", default=False)
    kind = serializers.ChoiceField(DocumentKind.choices, required=False)
    visibility = serializers.ChoiceField(Visibility.choices, required=False)
    version = text(Document, "version", default=False)
    language = text(Document, "language", default=False, help_text="A tag: `en`, `ko`, `pt-BR`.")
    note = text(Document, "note", default=False, help_text="On this file; a newer file has its own.")

    served_keys = (
        "id", "url", "html_url", "download_url", "filename", "media_type", "size", "sha256", "created_at",
    )  # fmt: skip

    def __init__(self, *args, creating: bool = False, **kwargs):
        super().__init__(*args, creating=creating, **kwargs)
        self.fields.pop("updated_at", None)
        if not creating:
            self.fields.pop("agreement")


class WritesDocuments(WritesRecords):
    """POST, PATCH and DELETE of documents; what holds a file is a form (multipart/form-data)."""

    input_class = DocumentInput

    def get_parsers(self):
        # JSON holds no file, and a new document is one. While the API is described, there is no request yet.
        posts = self.request is not None and self.request.method == "POST"
        return [RegistryFormParser()] if posts else [RegistryFormParser(), RegistryJSONParser()]

    def largest_body(self) -> int:
        return max_bytes() + _BESIDE

    def body(self, *, creating: bool):
        data = self.request.data
        if isinstance(data, QueryDict) and (twice := [name for name, ones in data.lists() if len(ones) > 1]):
            message = exceptions.ErrorDetail("Give this once.", "twice")
            raise exceptions.ValidationError({name: [message] for name in twice})
        return super().body(creating=creating)

    def record(self, facts, **options):
        return _read(documents.record_document(by=self.request.user, facts=facts, **options))

    def revise(self, row, facts, **options):
        return _read(documents.revise_document(document=row, by=self.request.user, facts=facts, **options))

    def remove(self, row, **options):
        return documents.remove_document(document=row, by=self.request.user, **options)


def _read(document: Document) -> Document:
    """Have the words of a file found that was not read yet; one that was is not read again."""
    read_soon(document.pk)
    return document
