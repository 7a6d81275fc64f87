"""The tables of the registry once more, unmanaged: as far as a record of an agreement shows them."""

# ruff: noqa: DJ001, DJ008 - they mirror tables that stand, and nobody prints them.

from django.contrib.postgres.fields import ArrayField, DateRangeField
from django.contrib.postgres.search import SearchVectorField
from django.db import models


def _meta(table: str, *ordering: str) -> type:
    """The ``Meta`` of an unmanaged model on ``table``."""
    return type("Meta", (), {"managed": False, "db_table": table, "ordering": list(ordering)})


def _belongs(to, name: str, **options) -> models.ForeignKey:
    return models.ForeignKey(to, models.DO_NOTHING, related_name=name, **options)


class Institution(models.Model):
    uid = models.CharField(max_length=10)
    name = models.CharField(max_length=500)
    ror_id = models.CharField(max_length=9, null=True)
    country = models.CharField(max_length=2, null=True, db_column="country_id")
    Meta = _meta("partnerships_institution", "name")


class Person(models.Model):
    uid = models.CharField(max_length=10)
    name = models.CharField(max_length=200)
    Meta = _meta("people_person", "name")


class FocusArea(models.Model):
    uid = models.CharField(max_length=10)
    name = models.CharField(max_length=200)
    Meta = _meta("partnerships_focusarea", "name")


class Event(models.Model):
    uid = models.CharField(max_length=10)
    name = models.CharField(max_length=300)
    Meta = _meta("partnerships_event", "name")


class Agreement(models.Model):
    uid = models.CharField(max_length=10)
    title = models.CharField(max_length=500)
    type = models.CharField(max_length=30)
    summary = models.TextField()
    languages = ArrayField(models.CharField(max_length=35))
    announced_on = DateRangeField(null=True)
    signed_on = DateRangeField(null=True)
    signed_place = models.CharField(max_length=200)
    signed_country = models.CharField(max_length=2, null=True, db_column="signed_country_id")
    event = _belongs(Event, "agreements", null=True)
    effective_from = DateRangeField(null=True)
    end_kind = models.CharField(max_length=10)
    ends_on = DateRangeField(null=True)
    term_as_stated = models.CharField(max_length=300)
    renewal = models.CharField(max_length=20)
    renewal_note = models.CharField(max_length=300)
    notice_amount = models.PositiveSmallIntegerField(null=True)
    notice_unit = models.CharField(max_length=10)
    terminated_on = DateRangeField(null=True)
    termination_reason = models.TextField()
    binding = models.CharField(max_length=15)
    publication_state = models.CharField(max_length=10)
    visibility = models.CharField(max_length=10)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    focus_areas = models.ManyToManyField(FocusArea, through="Subject", related_name="agreements")
    Meta = _meta("partnerships_agreement", "-updated_at", "-id")


class Prepared(models.Model):
    """What the baseline stores beside an agreement: its search vector and its status."""

    agreement = models.OneToOneField(Agreement, models.DO_NOTHING, primary_key=True, related_name="prepared")
    document = SearchVectorField()
    status = models.CharField(max_length=12)
    Meta = _meta("bench_plain_search")


class Party(models.Model):
    agreement = _belongs(Agreement, "parties")
    institution = _belongs(Institution, "parties")
    role = models.CharField(max_length=15)
    reference = models.CharField(max_length=100)
    position = models.PositiveSmallIntegerField()
    Meta = _meta("partnerships_party", "position", "id")


class Signatory(models.Model):
    party = _belongs(Party, "signatories")
    person = _belongs(Person, "signatures", null=True)
    name_as_printed = models.CharField(max_length=200)
    title_as_printed = models.CharField(max_length=300)
    position = models.PositiveSmallIntegerField()
    Meta = _meta("partnerships_signatory", "position", "id")


class Subject(models.Model):
    agreement = _belongs(Agreement, "subjects")
    focus_area = _belongs(FocusArea, "uses")
    emphasised = models.BooleanField()
    position = models.PositiveSmallIntegerField()
    Meta = _meta("partnerships_agreementfocusarea", "position", "id")


class Activity(models.Model):
    uid = models.CharField(max_length=10)
    agreement = _belongs(Agreement, "activities")
    kind = models.CharField(max_length=20)
    direction = models.CharField(max_length=10)
    from_party = _belongs(Party, "+", null=True)
    to_party = _belongs(Party, "+", null=True)
    quota = models.PositiveIntegerField(null=True)
    quota_note = models.CharField(max_length=200)
    starts_on = DateRangeField(null=True)
    ends_on = DateRangeField(null=True)
    description = models.TextField()
    position = models.PositiveSmallIntegerField()
    Meta = _meta("partnerships_activity", "position", "id")


class Source(models.Model):
    uid = models.CharField(max_length=10)
    agreement = _belongs(Agreement, "sources")
    kind = models.CharField(max_length=20)
    title = models.CharField(max_length=500)
    url = models.CharField(max_length=1000)
    publisher = models.CharField(max_length=200)
    published_on = DateRangeField(null=True)
    retrieved_on = models.DateField(null=True)
    language = models.CharField(max_length=35)
    supports = ArrayField(models.CharField(max_length=20))
    quote = models.CharField(max_length=500)
    note = models.CharField(max_length=500)
    position = models.PositiveSmallIntegerField()
    Meta = _meta("partnerships_source", "position", "id")


class Statement(models.Model):
    agreement = _belongs(Agreement, "statements")
    person = _belongs(Person, "statements")
    capacity = models.CharField(max_length=300)
    institution = _belongs(Institution, "statements", null=True)
    summary = models.TextField()
    language = models.CharField(max_length=35)
    source = _belongs(Source, "statements", null=True)
    position = models.PositiveSmallIntegerField()
    Meta = _meta("partnerships_statement", "position", "id")


class Period(models.Model):
    agreement = _belongs(Agreement, "periods")
    number = models.PositiveSmallIntegerField()
    starts_on = DateRangeField(null=True)
    end_kind = models.CharField(max_length=10)
    ends_on = DateRangeField(null=True)
    note = models.CharField(max_length=300)
    Meta = _meta("partnerships_period", "number")


class Document(models.Model):
    uid = models.CharField(max_length=10)
    agreement = _belongs(Agreement, "documents")
    kind = models.CharField(max_length=20)
    title = models.CharField(max_length=300)
    version = models.CharField(max_length=50)
    language = models.CharField(max_length=35)
    sha256 = models.CharField(max_length=64)
    visibility = models.CharField(max_length=10)
    Meta = _meta("partnerships_document", "id")


class Relation(models.Model):
    agreement = _belongs(Agreement, "relations")
    kind = models.CharField(max_length=12)
    target = _belongs(Agreement, "inverse_relations")
    note = models.CharField(max_length=300)
    Meta = _meta("partnerships_agreementrelation", "id")
