"""A registry in which every hidden record carries a word that must not be found.

Four words: of a draft, of an internal record, of a restricted one, and of the internal entries of
the shared catalogue (institutions, persons, events, subjects that no public record names). Each
word stands in every text that its record can carry, and in everything that hangs on it.
"""

from dataclasses import dataclass, field

from partnerships import models
from partnerships.services.feed import tell_all
from partnerships.services.texts.keeping import read_text
from tests import files
from tests.factories import (
    ActivityFactory,
    AgreementFactory,
    CommitmentFactory,
    EventFactory,
    FocusAreaFactory,
    InstitutionFactory,
    NoteFactory,
    OfficeFactory,
    PersonFactory,
    SignatoryFactory,
    SourceFactory,
    StatementFactory,
    SubjectFactory,
    SuggestionFactory,
    publish_now,
)

DRAFT, INTERNAL, RESTRICTED, CATALOGUE = (
    "quetzaldraft",
    "quetzalinternal",
    "quetzalrestricted",
    "quetzalcatalogue",
)
WORDS = (DRAFT, INTERNAL, RESTRICTED, CATALOGUE)
#: What only members of the owning office read, and only in the administration.
CONFIDENTIAL = "quetzalconfidential"
#: What a visitor may type into a search box to find them; a page that repeats it gives nothing away.
PROBE = "quetzal"
PUBLIC = "hummingbird"
#: Stands in the text of every document, beside the word that must not be found.
IN_DOCUMENTS = "osprey"


@dataclass
class Registry:
    office: object
    #: Another office, named for the restricted record.
    named: object
    agreements: dict[str, object] = field(default_factory=dict)


def build() -> Registry:
    """Make the registry: one public record, and hidden ones that touch it wherever they can."""
    registry = Registry(
        office=OfficeFactory(name="Office of birds"), named=OfficeFactory(name="Office of feathers")
    )
    shared = _public_side(registry)
    _catalogue(shared)
    for word, facts in (
        (DRAFT, {}),
        (INTERNAL, {"visibility": "internal"}),
        (RESTRICTED, {"visibility": "restricted", "office": registry.office}),
    ):
        registry.agreements[word] = _hidden(word, shared, **facts)
    for word in (INTERNAL, RESTRICTED):
        publish_now(registry.agreements[word])
    registry.agreements[RESTRICTED].sharing.create(office=registry.named)
    for record in registry.agreements.values():
        # Written and corrected: the history holds it twice.
        for text in (f"{CONFIDENTIAL} fee", f"{CONFIDENTIAL} fee, doubled"):
            models.Agreement.objects.filter(pk=record.pk).update(confidential_terms=text)
    for document in models.Document.objects.all():
        read_text(document_id=document.pk)
    _tell(registry)
    return registry


def _tell(registry: Registry) -> None:
    """Have the feed tell everything, and changes of it; what was public for a while was told to everybody."""
    tell_all()
    for word in (INTERNAL, RESTRICTED):
        rows = models.Agreement.objects.filter(pk=registry.agreements[word].pk)
        visibility = rows.values_list("visibility", flat=True)[0]
        steps = [{"summary": f"{word} again"}, {"visibility": "public"}, {"summary": f"{word} in public"}]
        for facts in [*steps, {"visibility": visibility}, {"summary": f"{word} inside"}]:
            rows.update(**facts)
            tell_all()


def _document(word: str, **facts):
    """A document with the word in its text."""
    return files.document_with(f"{IN_DOCUMENTS} {word}".encode(), **facts)


def _public_side(registry: Registry) -> dict:
    shared = {
        "institution": InstitutionFactory(name=f"{PUBLIC} University", ror_id="05apxxy63", country_id="KR"),
        "second": InstitutionFactory(name=f"{PUBLIC} College", country_id="GB"),
        "person": PersonFactory(name=f"{PUBLIC} Speaker", orcid="0000-0002-1825-0097"),
        "event": EventFactory(name=f"{PUBLIC} Summit", country_id="KR"),
        "subject": FocusAreaFactory(name=f"{PUBLIC} Studies"),
    }
    record = AgreementFactory(
        title=f"{PUBLIC} agreement",
        parties=[shared["institution"], shared["second"]],
        event=shared["event"],
        effective_from="2020",
        published=False,
    )
    StatementFactory(agreement=record, person=shared["person"])
    SignatoryFactory(party=record.parties.first(), person=shared["person"])
    SubjectFactory(agreement=record, focus_area=shared["subject"])
    ActivityFactory(agreement=record)
    # What a public document held before is for staff.
    replaced = _document(INTERNAL, agreement=record, title=f"{PUBLIC} text", filename=f"{INTERNAL}.txt")
    files.replace(replaced, f"{IN_DOCUMENTS} {PUBLIC}".encode(), f"{PUBLIC}.txt")
    for visibility, word in (("internal", INTERNAL), ("restricted", RESTRICTED)):
        paper = _document(
            word, agreement=record, title=f"{word} paper", filename=f"{word}.txt", visibility=visibility
        )
        number = record.amendments.count() + 1
        record.amendments.create(number=number, title=f"{PUBLIC} amendment", document=paper)
    record.identifiers.create(system="esac", value=f"{PUBLIC}/1")
    record.office = registry.office
    record.save()
    publish_now(record)
    # Beside the record: staff read these, or the office only; a promise is public or is not.
    NoteFactory(agreement=record, text=f"{INTERNAL} note")
    NoteFactory(agreement=record, text=f"{RESTRICTED} note", visibility="restricted")
    CommitmentFactory(agreement=record, what=f"{INTERNAL} promise", who=INTERNAL)
    # What a visitor reported is read by staff; who they are, by those who decide about it.
    report = SuggestionFactory(agreement=record, wrong=f"{INTERNAL} error", source=INTERNAL)
    models.SuggestionContact.objects.create(suggestion=report, name=RESTRICTED)
    CommitmentFactory(
        agreement=record, what=f"{PUBLIC} promise", visibility="public", person=shared["person"]
    )
    registry.agreements[PUBLIC] = record
    return shared | {"agreement": record}


def _catalogue(shared: dict) -> None:
    """Internal entries beside, below and behind public ones."""
    word = CATALOGUE
    institution = InstitutionFactory(name=f"{word} Institute", city=word, description=word, country_id="KR")
    institution.names.create(value=f"{word} alias", kind="alias")
    institution.names.create(value=f"{word} 연구원", kind="label", language="ko")
    institution.identifiers.create(scheme="grid", value=word)
    for kind in ("parent", "predecessor", "related"):
        models.InstitutionLink.objects.create(
            institution=institution, kind=kind, target=shared["institution"]
        )
    person = PersonFactory(name=f"{word} Person")
    person.names.create(value=f"{word} alias")
    person.names.create(value=f"{word} 이름", kind="native", language="ko")
    CommitmentFactory(agreement=shared["agreement"], what="By nobody", visibility="public", person=person)
    EventFactory(name=f"{word} Summit", country_id="KR")
    FocusAreaFactory(name=f"{word} Studies", parent=shared["subject"])


def _hidden(word: str, shared: dict, **facts):
    """A record full of ``word`` that shares parties, people, event and subject with the public one."""
    record = AgreementFactory(
        title=f"{word} agreement",
        summary=f"About {word}.",
        parties=[shared["institution"], shared["second"]],
        sources=0,
        event=shared["event"],
        term_as_stated=word,
        signed_place=word,
        signed_on="2024",
        effective_from="2024",
        renewal_note=word,
        terminated_on="2025",
        termination_reason=word,
        **facts,
    )
    party = record.parties.first()
    party.reference = word
    party.save()
    SignatoryFactory(party=party, person=shared["person"], name_as_printed=word, title_as_printed=word)
    StatementFactory(
        agreement=record, person=shared["person"], institution=shared["second"], capacity=word, summary=word
    )
    SubjectFactory(agreement=record, focus_area=shared["subject"])
    ActivityFactory(agreement=record, description=word, quota_note=word)
    SourceFactory(
        agreement=record, title=word, publisher=word, quote=word, note=word, url=f"https://{word}.org/"
    )
    _document(word, agreement=record, title=word, filename=f"{word}.txt", version=word, note=word)
    models.Period.objects.create(agreement=record, number=1, starts_on="2024", note=word)
    amendment = models.Amendment.objects.create(agreement=record, number=1, title=word, summary=word)
    amendment.terms.create(field="renewal_note", before=word, after=word)
    NoteFactory(agreement=record, text=word)
    SuggestionFactory(agreement=record, wrong=f"{word} is wrong", source=word)
    CommitmentFactory(agreement=record, what=word, who=word, visibility="public")
    models.AgreementRelation.objects.create(
        agreement=record, kind="supersedes", target=shared["agreement"], note=word
    )
    record.identifiers.create(system="esac", value=f"{word}/1")
    return record
