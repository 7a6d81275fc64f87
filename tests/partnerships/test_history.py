"""History is complete, whatever code path wrote."""

import pytest
from django.db import InternalError, ProgrammingError, connection, transaction

from partnerships.models import Agreement, AgreementFocusArea, Institution
from people.history import acting
from people.models import Person, User
from tests.factories import (
    AgreementFactory,
    FocusAreaFactory,
    InstitutionFactory,
    PersonFactory,
    SignatoryFactory,
    SubjectFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db


def labels(record) -> list[str]:
    return list(record.history.order_by("pgh_id").values_list("pgh_label", flat=True))


def test_update_and_raw_sql_are_recorded():
    record = AgreementFactory(title="first")
    Agreement.objects.filter(pk=record.pk).update(title="second")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE partnerships_agreement SET title = 'third' WHERE id = %s", [record.pk])
    assert list(record.history.order_by("pgh_id").values_list("pgh_label", "title")) == [
        ("insert", "first"),
        ("update", "second"),
        ("update", "third"),
    ]


def test_bulk_writes_and_deletes_are_recorded():
    rows = Institution.objects.bulk_create([Institution(name="A"), Institution(name="B")])
    for row in rows:
        row.city = "Daejeon"
    Institution.objects.bulk_update(rows, ["city"])
    keys = [row.pk for row in rows]
    Institution.objects.filter(pk__in=keys).delete()
    history = Institution.history.rel.related_model.objects.filter(id__in=keys)
    assert sorted(history.values_list("name", "pgh_label")) == sorted(
        (name, label) for name in "AB" for label in ("insert", "update", "delete")
    )


def test_many_to_many_rows_are_recorded():
    record, subject = AgreementFactory(), FocusAreaFactory()
    record.focus_areas.add(subject)
    record.focus_areas.clear()
    history = AgreementFocusArea.history.rel.related_model.objects.filter(agreement=record)
    assert sorted(history.values_list("pgh_label", flat=True)) == ["delete", "insert"]


def test_who_and_why():
    user, record = UserFactory(), AgreementFactory()
    with acting(user=user, reason="misread the source", request_id="r-1"):
        Agreement.objects.filter(pk=record.pk).update(signed_on="2023")
    metadata = record.history.latest("pgh_id").pgh_context.metadata
    assert metadata == {"user": user.pk, "reason": "misread the source", "request_id": "r-1"}


@pytest.mark.django_db(transaction=True)
def test_nothing_changes_before_it_was_made():
    with transaction.atomic():
        record = AgreementFactory(parties=[], sources=0)
        SubjectFactory(agreement=record)
    record.refresh_from_db()
    assert record.created_at == record.updated_at, "one moment a transaction"


def test_a_save_that_changes_nothing_is_no_event():
    record = AgreementFactory()
    record.refresh_from_db()
    record.save()
    assert labels(record) == ["insert"]


def test_history_cannot_be_rewritten():
    history = AgreementFactory().history
    for write in (lambda: history.update(title="x"), lambda: history.all().delete()):
        with pytest.raises((InternalError, ProgrammingError)), transaction.atomic():
            write()


def test_secrets_stay_out_of_history():
    fields = {field.name for field in User.history.rel.related_model._meta.fields}
    assert not fields & {"password", "last_login"}


def test_every_model_of_the_registry_has_a_history():
    from django.apps import apps

    without = {
        model._meta.label
        for app in ("people", "partnerships")
        for model in apps.get_app_config(app).get_models()
        if model._meta.managed and not hasattr(model, "history") and not hasattr(model, "pgh_tracked_model")
    }
    derived = (
        "DocumentText FindableName FindableWord HarvestEntry Heading IndexCard PreparedRecord SampledCard "
        "StaleCard Tally Tick"
    )
    told = ["PendingChange", "ToldRecord", "Change"]
    index = {f"partnerships.{name}" for name in [*derived.split(), *told, "PartnershipCount"]}
    countries = {"partnerships.Country", "partnerships.CountryName"}
    hints = {"people.Allowance", "people.Presence", "people.Visit"}
    jobs = (
        "BulkItem BulkRun DuplicatePair DuplicateSearch ImportBatch ImportParty ImportRow KeptAnswer "
        "Reminder ReminderMail ReminderRun WebhookAttempt WebhookDelivery WebhookMatch"
    )
    work = {f"partnerships.{name}" for name in jobs.split()}
    # Who reported an error is to be forgotten; a history would remember.
    forgotten = {"partnerships.SuggestionContact"}
    assert without - index - hints - work - forgotten == countries, "countries change by migration only"


def test_renaming_a_person_leaves_the_signatory_as_printed():
    row = SignatoryFactory(name_as_printed="Prof. A. B. Smith", title_as_printed="Rector")
    Person.objects.filter(pk=row.person_id).update(name="Somebody Else")
    row.person.refresh_from_db()
    row.person.name = "Yet Another"
    row.person.save()
    row.refresh_from_db()
    assert (row.name_as_printed, row.title_as_printed) == ("Prof. A. B. Smith", "Rector")
    assert row.history.count() == 1


@pytest.mark.django_db(transaction=True)
class TestLastChanged:
    """``updated_at`` is the time of the transaction, so each change needs one of its own."""

    @pytest.mark.parametrize(
        "change",
        [
            lambda record: Agreement.objects.filter(pk=record.pk).update(summary="x"),
            lambda record: record.sources.update(title="x"),
            lambda record: record.parties.update(reference="x"),
            lambda record: SubjectFactory(agreement=record),
            lambda record: SignatoryFactory(party=record.parties.first(), person=PersonFactory()),
            lambda record: record.sources.all().delete(),
        ],
    )
    def test_moves_with_the_record_and_its_parts(self, change):
        record = AgreementFactory()
        before = Agreement.objects.get(pk=record.pk).updated_at
        change(record)
        assert Agreement.objects.get(pk=record.pk).updated_at > before

    def test_moves_with_the_names_of_an_institution(self):
        row = InstitutionFactory()
        before = Institution.objects.get(pk=row.pk).updated_at
        row.names.create(value="또 다른 이름", language="ko")
        assert Institution.objects.get(pk=row.pk).updated_at > before
