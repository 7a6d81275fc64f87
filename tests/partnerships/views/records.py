"""Records with something in every corner, for the tests of the pages."""

from partnerships.models import Agreement, AgreementRelation, InstitutionLink, Period
from tests.factories import (
    ActivityFactory,
    AgreementFactory,
    AmendmentFactory,
    DocumentFactory,
    EventFactory,
    FocusAreaFactory,
    InstitutionFactory,
    PersonFactory,
    SignatoryFactory,
    SourceFactory,
    StatementFactory,
    SubjectFactory,
    publish_now,
)


def full_agreement(rows: int = 2, **facts) -> Agreement:
    """A published agreement with ``rows`` rows of every kind that belongs to one."""
    parent = InstitutionFactory(country_id="KR")
    parties = InstitutionFactory.create_batch(rows, country_id="KR")
    for institution in parties:
        InstitutionLink.objects.create(institution=institution, kind="parent", target=parent)
        institution.names.create(value=f"다른 이름 {institution.pk}", language="ko")
    record = AgreementFactory(parties=parties, sources=rows, event=EventFactory(), **facts)
    source = record.sources.first()
    for party in record.parties.all():
        person = PersonFactory()
        person.names.create(value=f"이름 {person.pk}", kind="native", language="ko")
        SignatoryFactory(party=party, person=person)
        StatementFactory(agreement=record, person=person, institution=party.institution, source=source)
        ActivityFactory(agreement=record, direction="one_way", from_party=party)
        SubjectFactory(agreement=record, focus_area=FocusAreaFactory())
        DocumentFactory(agreement=record)
    for number in range(1, rows + 1):
        Period.objects.create(agreement=record, number=number)
        AmendmentFactory(agreement=record, number=number, document=record.documents.first(), source=source)
        AgreementRelation.objects.create(
            agreement=record, kind="renews", target=AgreementFactory(published=True)
        )
        AgreementRelation.objects.create(
            agreement=AgreementFactory(published=True), kind="amends", target=record
        )
    publish_now(record)
    return record


def seed_agreement(**facts) -> Agreement:
    """What is known of the case that started it: no signatory, no day, no term, no end."""
    turing = InstitutionFactory(name="The Alan Turing Institute", ror_id="035dkdb55", city="London")
    kaist = InstitutionFactory(
        name="Korea Advanced Institute of Science and Technology", ror_id="05apxxy63", country_id="KR"
    )
    kaist.names.create(value="한국과학기술원", language="ko")
    kaist.names.create(value="KAIST", kind="acronym")
    school = InstitutionFactory(name="Kim Jaechul Graduate School of AI", country_id="KR")
    InstitutionLink.objects.create(institution=school, kind="parent", target=kaist)
    record = AgreementFactory(
        title="Memorandum of understanding on artificial intelligence",
        parties=[turing, kaist],
        sources=0,
        signed_on="2024",
        event=EventFactory(name="AI Seoul Summit 2024", country_id="KR"),
        **facts,
    )
    SourceFactory(
        agreement=record, title="Press release", supports=["parties", "signed_on"], quote="so agreed"
    )
    StatementFactory(
        agreement=record, person=PersonFactory(name="Song Chong"), institution=school, summary="Welcomed it."
    )
    ActivityFactory(agreement=record, kind="secondments", direction="both")
    SubjectFactory(
        agreement=record, focus_area=FocusAreaFactory(name="Artificial intelligence"), emphasised=True
    )
    publish_now(record)
    return record
