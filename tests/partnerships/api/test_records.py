"""What the record of an agreement says."""

import pytest

from partnerships.models import AgreementRelation, Period
from tests.factories import (
    ActivityFactory,
    AgreementFactory,
    DocumentFactory,
    EventFactory,
    FocusAreaFactory,
    InstitutionFactory,
    OfficeFactory,
    PersonFactory,
    SignatoryFactory,
    SourceFactory,
    StatementFactory,
    SubjectFactory,
    publish_now,
)

pytestmark = pytest.mark.django_db
HERE = "http://testserver"


@pytest.fixture
def seed():
    """A record like the one that started the registry: little is known, and nothing is invented."""
    turing = InstitutionFactory(name="The Alan Turing Institute", ror_id="035dkdb55", country_id="GB")
    kaist = InstitutionFactory(name="KAIST", ror_id="05apxxy63", country_id="KR")
    agreement = AgreementFactory(
        title="Memorandum of understanding on data science and AI",
        summary="Joint research and sharing of talent.",
        signed_on="2024",
        event=EventFactory(name="AI Seoul Summit 2024"),
        parties=[turing, kaist],
        sources=0,
    )
    source = SourceFactory(agreement=agreement, title="News release", supports=["parties", "signed_on"])
    StatementFactory(
        agreement=agreement,
        person=PersonFactory(name="Tim Watson"),
        capacity="Programme director",
        institution=turing,
        summary="Named the fields of work.",
        language="en",
        source=source,
    )
    SubjectFactory(agreement=agreement, focus_area=FocusAreaFactory(name="Defence"), emphasised=True)
    ActivityFactory(agreement=agreement, kind="internships", direction="both")
    publish_now(agreement)
    agreement.refresh_from_db()
    return agreement


def test_the_whole_record(api, seed):
    [turing, kaist] = [party.institution for party in seed.parties.all()]
    statement, subject, activity, source = (
        rows.get() for rows in (seed.statements, seed.subjects, seed.activities, seed.sources)
    )
    expected = {
        "id": seed.uid,
        "url": f"{HERE}/api/v1/agreements/{seed.uid}/",
        "html_url": f"{HERE}/agreements/{seed.uid}/",
        "title": "Memorandum of understanding on data science and AI",
        "type": "memorandum_of_understanding",
        "status": "signed",
        "status_reason": "signed 2024; neither an effective date nor an end is stated",
        "visibility": "public",
        "summary": "Joint research and sharing of talent.",
        "languages": [],
        "announced_on": None,
        "signed_on": "2024",
        "signed_place": None,
        "signed_country": None,
        "effective_from": None,
        "end": {"kind": "unknown", "on": None},
        "current_end": {"kind": "unknown", "on": None},
        "periods": [],
        "amendments": [],
        "term_as_stated": None,
        "renewal": {"rule": "not_stated", "note": None},
        "notice": None,
        "termination": None,
        "binding": "not_stated",
        "event": {"id": seed.event.uid, "name": "AI Seoul Summit 2024"},
        "parties": [
            {
                "role": "party",
                "reference": None,
                "institution": {
                    "id": turing.uid,
                    "name": "The Alan Turing Institute",
                    "ror_id": "https://ror.org/035dkdb55",
                    "country": "GB",
                },
            },
            {
                "role": "party",
                "reference": None,
                "institution": {
                    "id": kaist.uid,
                    "name": "KAIST",
                    "ror_id": "https://ror.org/05apxxy63",
                    "country": "KR",
                },
            },
        ],
        "signatories": [],
        "statements": [
            {
                "person": {"id": statement.person.uid, "name": "Tim Watson"},
                "capacity": "Programme director",
                "institution": {"id": turing.uid, "name": "The Alan Turing Institute"},
                "summary": "Named the fields of work.",
                "language": "en",
                "source": source.uid,
            }
        ],
        "focus_areas": [{"id": subject.focus_area.uid, "name": "Defence", "emphasised": True}],
        "activities": [
            {
                "id": activity.uid,
                "kind": "internships",
                "direction": "both",
                "from_institution": None,
                "to_institution": None,
                "quota": None,
                "quota_note": None,
                "starts_on": None,
                "ends_on": None,
                "description": None,
            }
        ],
        "sources": [
            {
                "id": source.uid,
                "kind": "press_release",
                "title": "News release",
                "url": None,
                "publisher": None,
                "published_on": None,
                "retrieved_on": None,
                "language": None,
                "supports": ["parties", "signed_on"],
                "quote": None,
                "note": None,
            }
        ],
        "documents": [],
        "relations": [],
        "inverse_relations": [],
        "identifiers": [],
        "created_at": seed.created_at.isoformat().replace("+00:00", "Z"),
        "updated_at": seed.updated_at.isoformat().replace("+00:00", "Z"),
    }
    found = api.read(f"agreements/{seed.uid}/")
    assert found == expected
    assert list(found) == list(expected), "the keys come in a fixed order"
    assert api.rows("agreements/") == [expected], "a list shows the same record"


def test_everything_that_the_model_knows(api):
    agreement = AgreementFactory(
        announced_on="2019-12",
        signed_on="2020-01-15",
        signed_place="Daejeon",
        signed_country_id="KR",
        languages=["en", "ko"],
        effective_from="2020-02",
        end_kind="date",
        ends_on="2023",
        term_as_stated="three years",
        renewal="automatic",
        renewal_note="for two years each",
        notice_amount=6,
        notice_unit="months",
        terminated_on="2024-06",
        termination_reason="By agreement.",
        binding="non_binding",
    )
    Period.objects.create(
        agreement=agreement, number=1, starts_on="2023", end_kind="date", ends_on="2025-01-31"
    )
    first, second = agreement.parties.all()
    ActivityFactory(
        agreement=agreement, kind="student_exchange", direction="one_way", from_party=first, to_party=second,
        quota=4, quota_note="students a year", starts_on="2021", ends_on="2022",
    )  # fmt: skip
    publish_now(agreement)
    found = api.read(f"agreements/{agreement.uid}/")
    assert found["announced_on"], found["signed_on"] == ("2019-12", "2020-01-15")
    assert (found["signed_place"], found["signed_country"]) == ("Daejeon", "KR")
    assert found["languages"] == ["en", "ko"]
    assert found["effective_from"] == "2020-02"
    assert found["end"] == {"kind": "date", "on": "2023"}
    assert found["current_end"] == {"kind": "date", "on": "2025-01-31"}
    end = {"kind": "date", "on": "2025-01-31"}
    assert found["periods"] == [{"number": 1, "starts_on": "2023", "end": end, "note": None}]
    assert found["term_as_stated"] == "three years"
    assert found["renewal"] == {"rule": "automatic", "note": "for two years each"}
    assert found["notice"] == {"amount": 6, "unit": "months"}
    assert found["termination"] == {"on": "2024-06", "reason": "By agreement."}
    assert (found["status"], found["binding"]) == ("terminated", "non_binding")
    [activity] = found["activities"]
    assert activity["from_institution"] == {"id": first.institution.uid, "name": first.institution.name}
    assert activity["to_institution"]["id"] == second.institution.uid
    assert (activity["quota"], activity["quota_note"]) == (4, "students a year")
    assert (activity["starts_on"], activity["ends_on"]) == ("2021", "2022")


def test_a_signatory_stands_as_printed(api):
    agreement = AgreementFactory()
    party = agreement.parties.first()
    person = PersonFactory(name="Hong Gildong")
    SignatoryFactory(party=party, person=person, name_as_printed="Prof. Hong", title_as_printed="President")
    SignatoryFactory(party=party, person=None, name_as_printed="A. N. Other", title_as_printed="", position=1)
    publish_now(agreement)
    person.name = "Hong Gil-dong"
    person.save(update_fields=["name"])
    [first, second] = api.read(f"agreements/{agreement.uid}/")["signatories"]
    assert first == {
        "name_as_printed": "Prof. Hong",
        "title_as_printed": "President",
        "institution": {"id": party.institution.uid, "name": party.institution.name},
        "person": {"id": person.uid, "name": "Hong Gil-dong"},
    }
    assert (second["person"], second["title_as_printed"]) == (None, None)


def test_relations_read_from_both_sides(api):
    older, newer = AgreementFactory(title="Old"), AgreementFactory(title="New")
    AgreementRelation.objects.create(agreement=newer, kind="renews", target=older, note="clause 4")
    publish_now(older)
    publish_now(newer)

    def reference(agreement):
        address = f"{HERE}/api/v1/agreements/{agreement.uid}/"
        return {"id": agreement.uid, "title": agreement.title, "url": address}

    found = api.read(f"agreements/{newer.uid}/")
    assert found["relations"] == [{"kind": "renews", "agreement": reference(older), "note": "clause 4"}]
    found = api.read(f"agreements/{older.uid}/")
    assert found["inverse_relations"] == [
        {"kind": "renewed_by", "agreement": reference(newer), "note": "clause 4"}
    ]


def test_a_document(api):
    agreement = AgreementFactory(published=True)
    document = DocumentFactory(agreement=agreement, title="Signed text", language="en", version="1.0")
    [found] = api.read(f"agreements/{agreement.uid}/")["documents"]
    assert (found["title"], found["language"], found["version"]) == ("Signed text", "en", "1.0")
    assert (found["size"], found["sha256"]) == (4, document.sha256)
    assert found["download_url"] == f"{HERE}/documents/{document.uid}/"


def test_only_who_works_on_records_sees_their_office_and_state(api, staff, bearing):
    agreement = AgreementFactory(published=True, office=OfficeFactory(name="Partnerships"))
    keys = {"publication_state", "office", "withdrawal_reason"}
    path = f"agreements/{agreement.uid}/"
    assert not keys & set(api.read(path))
    assert not keys & set(bearing("read:internal").read(path))
    assert not api.read(f"{path}?fields=office")
    for client in (staff, bearing("write:agreements")):
        found = client.read(path)
        assert found["publication_state"] == "published"
        assert found["office"]["name"] == "Partnerships"
