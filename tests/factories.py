"""Factories that mirror the apps. A test states only what it is about."""

import hashlib

import factory
from factory.django import DjangoModelFactory

from partnerships import models as registry
from partnerships.services.publication import publish, submit_for_review
from people import models as people
from people.access import Disclosure, Visibility


class OfficeFactory(DjangoModelFactory):
    class Meta:
        model = people.Office

    name = factory.Sequence(lambda n: f"Office {n}")


class UserFactory(DjangoModelFactory):
    """A member of staff without any office."""

    class Meta:
        model = people.User
        skip_postgeneration_save = True

    username = factory.Sequence(lambda n: f"user{n}")
    is_staff = True

    @factory.post_generation
    def password(self, create, extracted, **kwargs):
        if extracted:
            self.set_password(extracted)
            self.save()


class MembershipFactory(DjangoModelFactory):
    class Meta:
        model = people.Membership

    user = factory.SubFactory(UserFactory)
    office = factory.SubFactory(OfficeFactory)
    role = people.Role.EDITOR


class PersonFactory(DjangoModelFactory):
    class Meta:
        model = people.Person

    name = factory.Sequence(lambda n: f"Person {n}")


class InstitutionFactory(DjangoModelFactory):
    class Meta:
        model = registry.Institution

    name = factory.Sequence(lambda n: f"Institution {n}")
    country_id = "GB"


class EventFactory(DjangoModelFactory):
    class Meta:
        model = registry.Event

    name = factory.Sequence(lambda n: f"Event {n}")


class FocusAreaFactory(DjangoModelFactory):
    class Meta:
        model = registry.FocusArea

    name = factory.Sequence(lambda n: f"Focus area {n}")


class AgreementFactory(DjangoModelFactory):
    """A draft with two parties and a source: ready to be published.

    ``AgreementFactory(published=True)`` publishes it through the services;
    ``parties=[…]`` names the institutions.
    """

    class Meta:
        model = registry.Agreement
        skip_postgeneration_save = True

    class Params:
        restricted = factory.Trait(visibility=Visibility.RESTRICTED, office=factory.SubFactory(OfficeFactory))

    title = factory.Sequence(lambda n: f"Agreement {n}")
    type = "memorandum_of_understanding"

    @factory.post_generation
    def parties(self, create, extracted, **kwargs):
        institutions = InstitutionFactory.create_batch(2) if extracted is None else extracted
        for position, institution in enumerate(institutions):
            PartyFactory(agreement=self, institution=institution, position=position)

    @factory.post_generation
    def sources(self, create, extracted, **kwargs):
        SourceFactory.create_batch(1 if extracted is None else extracted, agreement=self)

    @factory.post_generation
    def published(self, create, extracted, **kwargs):
        if extracted:
            publish_now(self)


class PartyFactory(DjangoModelFactory):
    class Meta:
        model = registry.Party

    agreement = factory.SubFactory(AgreementFactory, parties=[])
    institution = factory.SubFactory(InstitutionFactory)


class SignatoryFactory(DjangoModelFactory):
    class Meta:
        model = registry.Signatory

    party = factory.SubFactory(PartyFactory)
    person = factory.SubFactory(PersonFactory)
    name_as_printed = factory.LazyAttribute(lambda row: f"Dr {row.person.name}")
    title_as_printed = "Director"


class SourceFactory(DjangoModelFactory):
    class Meta:
        model = registry.Source

    agreement = factory.SubFactory(AgreementFactory, sources=0)
    title = factory.Sequence(lambda n: f"Press release {n}")
    supports = ["parties"]


class StatementFactory(DjangoModelFactory):
    class Meta:
        model = registry.Statement

    agreement = factory.SubFactory(AgreementFactory)
    person = factory.SubFactory(PersonFactory)
    capacity = "Minister"
    summary = "Welcomed the agreement."


class ActivityFactory(DjangoModelFactory):
    class Meta:
        model = registry.Activity

    agreement = factory.SubFactory(AgreementFactory)
    kind = "joint_research"


class SubjectFactory(DjangoModelFactory):
    """A focus area named by an agreement."""

    class Meta:
        model = registry.AgreementFocusArea

    agreement = factory.SubFactory(AgreementFactory)
    focus_area = factory.SubFactory(FocusAreaFactory)


class DocumentFactory(DjangoModelFactory):
    class Meta:
        model = registry.Document

    agreement = factory.SubFactory(AgreementFactory)
    title = factory.Sequence(lambda n: f"Document {n}")
    file = factory.django.FileField(filename="text.txt", data=b"text")
    filename = "text.txt"
    media_type = "text/plain"
    size = 4
    sha256 = hashlib.sha256(b"text").hexdigest()
    visibility = Visibility.PUBLIC


class AmendmentFactory(DjangoModelFactory):
    """An amendment that changed one term."""

    class Meta:
        model = registry.Amendment
        skip_postgeneration_save = True

    agreement = factory.SubFactory(AgreementFactory)
    number = 1
    title = factory.Sequence(lambda n: f"Change {n}")

    @factory.post_generation
    def terms(self, create, extracted, **kwargs):
        self.terms.create(field="binding", before="not_stated", after="binding")


def administrator(**kwargs) -> people.User:
    """A superuser, who may do everything."""
    return UserFactory(is_superuser=True, **kwargs)


def publish_now(agreement) -> None:
    """Bring a draft to publication, as an administrator would."""
    boss = people.User.objects.filter(username="publisher").first() or administrator(username="publisher")
    submit_for_review(agreement=agreement, by=boss)
    publish(agreement=agreement, by=boss)


def make_public(*rows) -> None:
    """Disclose shared records (persons, institutions, …) without an agreement."""
    for row in rows:
        row.visibility = Disclosure.PUBLIC
        row.save(update_fields=["visibility"])


class NoteFactory(DjangoModelFactory):
    class Meta:
        model = registry.Note

    agreement = factory.SubFactory(AgreementFactory)
    text = factory.Sequence(lambda n: f"Note {n}")
    written_by = factory.SubFactory(UserFactory)


class SuggestionFactory(DjangoModelFactory):
    """What a visitor reported about ``agreement``, or about another record where that is given."""

    class Meta:
        model = registry.Suggestion

    agreement = factory.SubFactory(AgreementFactory)
    field = "other"
    wrong = factory.Sequence(lambda n: f"Line {n} is wrong")
    source = "https://example.org/minutes"
    digest = factory.Sequence(lambda n: f"{n:064x}")
    ticket = factory.Sequence(lambda n: f"{n:032x}")


class CommitmentFactory(DjangoModelFactory):
    class Meta:
        model = registry.Commitment

    agreement = factory.SubFactory(AgreementFactory)
    what = factory.Sequence(lambda n: f"Promise {n}")
