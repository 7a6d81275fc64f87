"""The resources of the API. What they share stands in ``base``."""

import re

from partnerships import filtersets
from partnerships.models import Activity, Agreement, Country, Document, Event, FocusArea, Institution, Source
from partnerships.querysets.people import with_appearances
from partnerships.querysets.shared import with_country_counts
from people.access import Visibility
from people.models import Person

from . import exports, including, serializers
from .base import RegistryViewSet
from .errors import Gone
from .forms import InFormsOfOthers
from .matching import MatchesInstitutions
from .withdrawal import tell_withdrawal
from .writing import (
    BulkWrites,
    UpsertsInstitutions,
    UpsertsPeople,
    WritesDocuments,
    WritesEntries,
    WritesInstitutions,
    catalogue,
)


class InstitutionViewSet(
    InFormsOfOthers, MatchesInstitutions, BulkWrites, UpsertsInstitutions, WritesInstitutions, RegistryViewSet
):
    """Organisations that can be parties. A ROR id in any written form is accepted as their id."""

    model = Institution
    serializer_class = serializers.InstitutionSerializer
    input_class = catalogue.InstitutionInput
    filterset_class = filtersets.InstitutionFilterSet
    columns = exports.INSTITUTIONS
    inclusions = including.OF_INSTITUTIONS
    lookup_value_regex = r"(?:https?:/{1,2})?(?:[\w.]+/)?[^/]+/?"

    def by_identifier(self, rows, uid):
        return rows.by_identifier(_whole(uid))

    def get_object(self):
        record = super().get_object()
        if not record.is_called(_whole(self.kwargs["uid"])):
            self.lead_to(record.uid)
        return record


class PersonViewSet(InFormsOfOthers, BulkWrites, UpsertsPeople, WritesEntries, RegistryViewSet):
    """People who signed or spoke. An ORCID iD in any written form is accepted as their id."""

    model = Person
    serializer_class = serializers.PersonSerializer
    input_class = catalogue.PersonInput
    filterset_class = filtersets.PersonFilterSet
    columns = exports.PEOPLE
    lookup_value_regex = InstitutionViewSet.lookup_value_regex

    def rows(self):
        user = self.request.user
        return with_appearances(Person.objects.visible_to(user).with_names(), user)

    def by_identifier(self, rows, uid):
        return rows.by_identifier(_whole(uid))


class EventViewSet(InFormsOfOthers, BulkWrites, WritesEntries, RegistryViewSet):
    """Occasions of signing."""

    model = Event
    serializer_class = serializers.EventSerializer
    input_class = catalogue.EventInput
    filterset_class = filtersets.EventFilterSet
    columns = exports.EVENTS


class FocusAreaViewSet(InFormsOfOthers, BulkWrites, WritesEntries, RegistryViewSet):
    """Subjects, in a small tree."""

    model = FocusArea
    serializer_class = serializers.FocusAreaSerializer
    input_class = catalogue.FocusAreaInput
    filterset_class = filtersets.FocusAreaFilterSet
    columns = exports.FOCUS_AREAS


class CountryViewSet(InFormsOfOthers, RegistryViewSet):
    """Countries and territories of ISO 3166-1."""

    model = Country
    serializer_class = serializers.CountrySerializer
    filterset_class = filtersets.CountryFilterSet
    columns = exports.COUNTRIES

    def rows(self):
        user = self.request.user
        return with_country_counts(Country.objects.visible_to(user), user).order_by("name", "pk")

    def by_identifier(self, rows, uid):
        return rows.filter(code=uid.upper())


class PartViewSet(RegistryViewSet):
    """Base of what belongs to one agreement; the newest comes first."""

    may_be_withdrawn = True

    def rows(self):
        return super().rows().order_by("-pk")

    def missing(self, uid):
        gone = Agreement.objects.withdrawn_from_public()
        part = self.model.objects.filter(uid=uid, agreement__in=gone.values("pk"))
        tell_withdrawal(gone.filter(pk__in=self.once_public(part).values("agreement")))
        super().missing(uid)

    def once_public(self, rows):
        """Those of ``rows`` that everybody could see while their agreement was published."""
        return rows


class ActivityViewSet(PartViewSet):
    """What the parties of agreements agreed to do."""

    model = Activity
    serializer_class = serializers.ActivityRecordSerializer
    filterset_class = filtersets.ActivityFilterSet
    columns = exports.ACTIVITIES

    def rows(self):
        return super().rows().select_related("from_party__institution", "to_party__institution")


class SourceViewSet(PartViewSet):
    """Where the facts of agreements come from."""

    model = Source
    serializer_class = serializers.SourceRecordSerializer
    filterset_class = filtersets.SourceFilterSet
    columns = exports.SOURCES


class DocumentViewSet(WritesDocuments, PartViewSet):
    """Files that belong to agreements."""

    model = Document
    serializer_class = serializers.DocumentRecordSerializer
    filterset_class = filtersets.DocumentFilterSet
    columns = exports.DOCUMENTS

    def missing(self, uid):
        if Document.objects.filter(uid=uid).taken_back().exists():
            raise Gone("This document was taken back; its agreement stands.")
        super().missing(uid)

    def once_public(self, rows):
        return rows.filter(visibility=Visibility.PUBLIC)


def _whole(uid: str) -> str:
    """Restore the second slash of an address that a proxy has merged."""
    return re.sub(r"^(https?):/{1,2}", r"\1://", uid)
