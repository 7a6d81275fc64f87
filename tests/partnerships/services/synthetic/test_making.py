"""A synthetic registry: the same for a seed, sound, complete, and never mistaken for real records."""

import pytest
from django.db import connection, transaction
from django.db.models import Count

from partnerships.choices import AgreementType, EndKind, PublicationState
from partnerships.models import (
    Activity,
    Agreement,
    AgreementRelation,
    Event,
    FocusArea,
    Institution,
    InstitutionName,
    Party,
    Period,
    Signatory,
    Source,
    Statement,
)
from partnerships.search.suggestions import suggest
from partnerships.services.synthetic import Refused, make_synthetic, standing
from partnerships.services.synthetic.ahead import ahead
from partnerships.services.synthetic.marks import PREFIX, number_of, synthetic_uid
from people.access import Disclosure, Visibility
from people.models import Person
from people.uids import ALPHABET, LENGTH
from tests.factories import AgreementFactory, InstitutionFactory
from tests.partnerships.services.ror.records import dump, record

pytestmark = pytest.mark.django_db
NUMBER = 200

_STATE_OF_THE_SCHEMA = """
    SELECT 'index', indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'
     UNION ALL
    SELECT 'constraint', conrelid::regclass || '.' || conname, pg_get_constraintdef(oid) FROM pg_constraint
     UNION ALL
    SELECT 'trigger', tgrelid::regclass || '.' || tgname, tgenabled::text
      FROM pg_trigger WHERE NOT tgisinternal
     ORDER BY 1, 2, 3
"""


def asked(statement: str) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchall()


def content() -> dict[str, list]:
    """Everything that a seed decides, told by ids that anybody can see."""
    hidden = ("id", "event", "office")
    fields = [field.attname for field in Agreement._meta.fields if field.name not in hidden]
    return {
        "agreements": [
            tuple(map(str, row))
            for row in Agreement.objects.order_by("uid").values_list(*fields, "event__uid")
        ],
        "parties": list(
            Party.objects.order_by("agreement__uid", "position").values_list(
                "agreement__uid", "institution__uid", "institution__name", "role", "reference"
            )
        ),
        "subjects": list(
            Agreement.objects.order_by("uid", "subjects__position").values_list(
                "uid", "subjects__focus_area__name", "subjects__emphasised"
            )
        ),
        "activities": list(Activity.objects.order_by("uid").values_list("uid", "agreement__uid", "kind")),
        "statements": list(
            Statement.objects.order_by("agreement__uid").values_list(
                "agreement__uid", "person__name", "institution__name", "summary", "source__uid"
            )
        ),
        "signatories": list(
            Signatory.objects.order_by("party__agreement__uid", "pk").values_list(
                "party__institution__uid", "name_as_printed", "person__uid"
            )
        ),
        "periods": list(Period.objects.order_by("agreement__uid").values_list("agreement__uid", "ends_on")),
        "relations": list(
            AgreementRelation.objects.order_by("agreement__uid").values_list("kind", "target__uid")
        ),
        "names": list(InstitutionName.objects.order_by("pk").values_list("value", "institution__uid")),
    }


def test_the_same_seed_gives_the_same_records_and_another_one_others():
    make_synthetic(agreements=NUMBER, seed=7)
    first = content()
    make_synthetic(agreements=NUMBER, seed=7)
    assert content() == first
    make_synthetic(agreements=NUMBER, seed=8)
    other = content()
    assert len(other["agreements"]) == NUMBER
    assert set(other["agreements"]).isdisjoint(first["agreements"])
    assert set(other["subjects"]).isdisjoint(first["subjects"])


def test_nothing_can_be_mistaken_for_a_real_record():
    make_synthetic(agreements=NUMBER, seed=1)
    for agreement in Agreement.objects.all():
        assert agreement.title.endswith("(synthetic)")
        assert agreement.summary.startswith("Synthetic data, not a real agreement.")
    for source in Source.objects.all():
        assert source.title == "Synthetic data, not a real agreement"
        assert source.publisher == "manage.py make_synthetic"
    for model in (Institution, FocusArea, Event):
        assert all(name.endswith("(synthetic)") for name in model.objects.values_list("name", flat=True))
    for kind, value in InstitutionName.objects.values_list("kind", "value"):
        assert value.startswith("SYN-") if kind == "acronym" else value.endswith("(synthetic)")
    for name in Person.objects.values_list("name", flat=True):
        assert name.startswith("Synthetic Person ")
    for model in (Agreement, Source, Activity, Institution, FocusArea, Event, Person):
        assert not model.objects.exclude(uid__startswith=PREFIX).exists()
    reasons = Agreement.objects.filter(publication_state=PublicationState.WITHDRAWN)
    assert all(row.withdrawal_reason.startswith("Synthetic data") for row in reasons)


def test_ids_are_well_formed_and_lead_back():
    for number in (0, 1, 26, 27, 1_234_567):
        uid = synthetic_uid(number)
        assert len(uid) == LENGTH
        assert set(uid) <= set(ALPHABET)
        assert number_of(uid) == number
    assert synthetic_uid(26) < synthetic_uid(27) < synthetic_uid(1_000_000)


def test_what_is_made_keeps_every_rule_of_the_database():
    before = asked(_STATE_OF_THE_SCHEMA)
    make_synthetic(agreements=NUMBER, seed=3)
    assert asked(_STATE_OF_THE_SCHEMA) == before
    # The rules that triggers hold were off while it was written.
    asked("SELECT require_publishable(id) FROM partnerships_agreement")
    for relation in AgreementRelation.objects.all():
        assert relation.target_id < relation.agreement_id
    for agreement in Agreement.objects.all():
        agreement.full_clean()
    # The next record gets an id of its own.
    assert AgreementFactory(published=True).pk > NUMBER


def test_only_what_is_public_is_seen(anonymous):
    make_synthetic(agreements=2_000, seed=1)
    seen = Agreement.objects.visible_to(anonymous)
    everything = Agreement.objects.all()
    assert set(seen.values_list("publication_state", "visibility")) == {("published", "public")}
    share = everything.filter(publication_state=PublicationState.DRAFT).count() / 2_000
    assert 0.03 < share < 0.07
    assert 0.01 < everything.filter(visibility=Visibility.INTERNAL).count() / 2_000 < 0.035
    assert everything.filter(publication_state=PublicationState.WITHDRAWN).exists()


def test_the_shape_is_that_of_a_registry():
    make_synthetic(agreements=1_000, seed=1)
    rows = Agreement.objects.all()
    parties = rows.annotate(number=Count("parties")).values_list("number", flat=True)
    assert set(parties) == {2, 3, 4, 5}
    assert set(rows.annotate(number=Count("subjects")).values_list("number", flat=True)) == {3}
    assert set(rows.annotate(number=Count("activities")).values_list("number", flat=True)) == {1, 2, 3}
    assert set(rows.annotate(number=Count("sources")).values_list("number", flat=True)) == {1}
    assert set(rows.values_list("type", flat=True)) == {*AgreementType.values} - {"other"}
    assert set(rows.values_list("end_kind", flat=True)) == {*EndKind.values}
    signed = [value for value in rows.values_list("signed_on", flat=True) if value]
    assert {value.precision for value in signed} == {"day", "month", "year"}
    assert min(value.year for value in signed) < 1990
    assert max(value.year for value in signed) > 2024
    assert rows.filter(signed_on=None, announced_on__isnull=False).exists()
    assert 0 < rows.filter(terminated_on__isnull=False).count() < 50
    assert FocusArea.objects.count() == 300
    assert FocusArea.objects.filter(parent=None).count() == 20
    lengths = [len(text) for text in rows.values_list("summary", flat=True)]
    assert 560 < sum(lengths) / len(lengths) < 720
    most = Institution.objects.annotate(number=Count("parties")).order_by("-number")
    assert most[0].number > 5 * most[100].number


def test_summaries_are_written_in_several_scripts():
    make_synthetic(agreements=NUMBER, seed=1)
    text = "".join(Agreement.objects.values_list("summary", flat=True))
    for first, last in ("가힣", "一鿿", "ァヺ", "ءي", "бя", "αω"):
        assert any(first <= letter <= last for letter in text), first
    assert {"ß", "é", "ş"} <= set(text)


def test_invented_names_are_found(anonymous):
    make_synthetic(agreements=NUMBER, seed=1)
    name = InstitutionName.objects.filter(kind="label").first()
    assert suggest(name.value, user=anonymous)[0].record == name.institution
    subject = FocusArea.objects.first()
    assert suggest(subject.name, user=anonymous, resources=["focus-areas"])[0].record == subject
    kept = asked("SELECT count(*) FROM partnerships_findablename")
    make_synthetic(agreements=NUMBER, seed=1)
    assert asked("SELECT count(*) FROM partnerships_findablename") == kept


def test_a_registry_with_real_agreements_is_left_alone_unless_told_otherwise():
    real = AgreementFactory(published=True, title="A real one (synthetic)")
    with pytest.raises(Refused, match="1 agreements stand here that are not synthetic"):
        make_synthetic(agreements=NUMBER, seed=1)
    assert standing() == type(standing())(real=1, synthetic=0)
    make_synthetic(agreements=NUMBER, seed=1, beside=True)
    assert standing() == type(standing())(real=1, synthetic=NUMBER)
    real.refresh_from_db()
    with pytest.raises(Refused, match="among real ones already"):
        make_synthetic(agreements=NUMBER, seed=1, beside=True)


def test_invented_institutions_stand_in_towns_of_their_country():
    make_synthetic(agreements=30, seed=1)
    places = set(Institution.objects.values_list("country_id", "city", "latitude", "longitude"))
    assert all(city and -90 < latitude < 90 for _, city, latitude, _ in places)
    points = {(latitude, longitude) for _, _, latitude, longitude in places}
    assert len(points) == len(places), "a point is one town of one country"


def test_institutions_come_from_a_dump_where_one_is_given(tmp_path):
    records = [record(f"5abc{letter}{other}") for letter in "defgh" for other in "defgh"]
    path = dump(tmp_path, *records, record("6abcde", status="withdrawn"))
    make_synthetic(agreements=30, seed=1, institutions=path)
    used = Institution.objects.filter(parties__isnull=False).distinct()
    assert used.count() > 10
    assert not Institution.objects.filter(ror_id=None).exists()
    assert {*used.values_list("visibility", "state")} == {(Disclosure.PUBLIC, "active")}
    asked("SELECT require_publishable(id) FROM partnerships_agreement")


def test_real_institutions_survive_when_synthetic_records_are_replaced():
    kept = InstitutionFactory(name="Kept")
    make_synthetic(agreements=20, seed=1)
    make_synthetic(agreements=20, seed=2)
    assert Institution.objects.filter(pk=kept.pk).exists()
    assert standing().synthetic == 20


def test_whoever_stops_it_finds_all_as_it_was():
    make_synthetic(agreements=20, seed=1)
    before = asked(_STATE_OF_THE_SCHEMA)

    def stop(what, done, of):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt), transaction.atomic():
        make_synthetic(agreements=20, seed=2, on_progress=stop)
    assert standing().synthetic == 20
    assert asked(_STATE_OF_THE_SCHEMA) == before


def test_what_is_made_ahead_comes_in_order_and_fails_where_it_is_taken():
    assert list(ahead(iter(range(50)))) == list(range(50))

    def failing():
        yield 1
        raise ValueError("no more")

    taken = ahead(failing())
    assert next(taken) == 1
    with pytest.raises(ValueError, match="no more"):
        next(taken)
