"""What belongs to an agreement, as rows of its form."""

from unfold.admin import StackedInline, TabularInline

from partnerships.models import (
    Activity,
    AgreementFocusArea,
    AgreementIdentifier,
    AgreementRelation,
    Party,
    Period,
    SharedOffice,
    Signatory,
    Source,
    Statement,
)

from .documents import DocumentInline
from .fields import RowsFormSet
from .forms import ActivityForm, SourceForm, StatementForm
from .parts import PartOfAgreement


class SignatoryInline(PartOfAgreement, TabularInline):
    model = Signatory
    fields = ("person", "name_as_printed", "title_as_printed")
    autocomplete_fields = ("person",)
    verbose_name = "signatory"
    verbose_name_plural = "who signed for this party, as printed at signing"


class PartyInline(PartOfAgreement, TabularInline):
    model = Party
    fields = ("institution", "role", "reference")
    autocomplete_fields = ("institution",)
    inlines = [SignatoryInline]
    comes_first = True

    def get_extra(self, request, obj=None, **kwargs) -> int:
        """Two empty rows for a new record: fewer parties cannot be published."""
        return 0 if obj else 2


class SubjectInline(PartOfAgreement, TabularInline):
    model = AgreementFocusArea
    fields = ("focus_area", "emphasised")
    autocomplete_fields = ("focus_area",)
    verbose_name = "focus area"
    verbose_name_plural = "focus areas"


class ActivityInline(PartOfAgreement, StackedInline):
    hide_title = False
    model = Activity
    form = ActivityForm
    formset = RowsFormSet
    fields = (
        ("kind", "direction"),
        ("from_row", "to_row"),
        ("quota", "quota_note"),
        ("starts_on", "ends_on"),
        "description",
    )


class SourceInline(PartOfAgreement, StackedInline):
    hide_title = False
    model = Source
    form = SourceForm
    fields = (
        ("kind", "language"),
        "title",
        "url",
        "publisher",
        ("published_on", "retrieved_on"),
        "supports",
        "quote",
        "note",
    )


class StatementInline(PartOfAgreement, StackedInline):
    hide_title = False
    model = Statement
    form = StatementForm
    formset = RowsFormSet
    fields = (("person", "capacity"), "institution", "summary", ("source_row", "language"))
    autocomplete_fields = ("person", "institution")


class PeriodInline(PartOfAgreement, TabularInline):
    model = Period
    fields = ("number", "starts_on", "end_kind", "ends_on", "note")
    verbose_name = "later term"
    verbose_name_plural = "later terms, after renewal"


class RelationInline(PartOfAgreement, TabularInline):
    model = AgreementRelation
    fk_name = "agreement"
    fields = ("kind", "target", "note")
    autocomplete_fields = ("target",)
    verbose_name = "relation to an older agreement"
    verbose_name_plural = "relations to older agreements"


class SharingInline(PartOfAgreement, TabularInline):
    model = SharedOffice
    fields = ("office",)
    verbose_name = "office that may read as well"
    verbose_name_plural = "other offices that read it where it is restricted, and its restricted documents"


class IdentifierInline(PartOfAgreement, TabularInline):
    model = AgreementIdentifier
    fields = ("system", "value")
    verbose_name = "identifier elsewhere"
    verbose_name_plural = "identifiers in other registers"


INLINES = [
    PartyInline,
    SubjectInline,
    ActivityInline,
    SourceInline,
    StatementInline,
    DocumentInline,
    PeriodInline,
    RelationInline,
    SharingInline,
    IdentifierInline,
]
