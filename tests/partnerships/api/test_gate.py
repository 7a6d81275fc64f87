"""Nobody reads through the API what the gate keeps."""

import pytest

from partnerships.models import AgreementRelation
from partnerships.services.publication import withdraw
from people.access import Visibility
from tests.factories import (
    ActivityFactory,
    AgreementFactory,
    DocumentFactory,
    EventFactory,
    FocusAreaFactory,
    InstitutionFactory,
    MembershipFactory,
    OfficeFactory,
    PersonFactory,
    SourceFactory,
    StatementFactory,
    administrator,
    make_public,
    publish_now,
)

from .conftest import ApiClient

pytestmark = pytest.mark.django_db

PARTS = (("sources", SourceFactory), ("activities", ActivityFactory), ("documents", DocumentFactory))


def titles(client: ApiClient, question: str = "") -> list[str]:
    return sorted(row["title"] for row in client.rows(f"agreements/{question}"))


@pytest.fixture
def office():
    return OfficeFactory()


@pytest.fixture
def records(office):
    return {
        "public": AgreementFactory(title="public", published=True),
        "internal": AgreementFactory(title="internal", visibility=Visibility.INTERNAL, published=True),
        "restricted": AgreementFactory(
            title="restricted", visibility=Visibility.RESTRICTED, office=office, published=True
        ),
        "draft": AgreementFactory(title="draft"),
    }


def test_each_kind_of_visitor_finds_what_is_theirs(api, bearing, staff, records, office):
    assert titles(api) == ["public"]
    assert titles(bearing("read:public")) == ["public"]
    assert titles(bearing("read:internal")) == ["internal", "public"]
    assert titles(bearing("read:internal", "read:public", office=office)) == [
        "internal",
        "public",
        "restricted",
    ]
    assert titles(staff) == ["draft", "internal", "public"]
    member = ApiClient()
    member.force_login(MembershipFactory(office=office, role="viewer").user)
    assert titles(member) == ["draft", "internal", "public", "restricted"]


def test_what_is_hidden_is_not_there(api, records):
    for name in ("internal", "restricted", "draft"):
        assert api.read(f"agreements/{records[name].uid}/", status=404)["status"] == 404
        assert titles(api, f"?q={name}") == []
    hidden = records["draft"].parties.first().institution
    assert api.bad_fields(f"agreements/?institution={hidden.uid}") == ["institution"]
    assert api.read(f"institutions/{hidden.uid}/", status=404)


def test_parts_of_hidden_records_are_hidden(api, staff, records):
    for path, factory in PARTS:
        part = factory(agreement=records["draft"])
        assert api.read(f"{path}/{part.uid}/", status=404)
        assert part.uid not in str(api.read(f"{path}/"))
        assert staff.read(f"{path}/{part.uid}/")["id"] == part.uid


def test_internal_documents_of_public_records_are_hidden(api, bearing, records):
    document = DocumentFactory(agreement=records["public"], visibility=Visibility.INTERNAL)
    path = f"agreements/{records['public'].uid}/"
    assert api.read(path)["documents"] == []
    assert api.read(f"documents/{document.uid}/", status=404)
    assert [row["id"] for row in bearing("read:internal").read(path)["documents"]] == [document.uid]


def test_relations_to_hidden_records_do_not_show(api, staff, records):
    public, draft = records["public"], records["draft"]
    AgreementRelation.objects.create(agreement=draft, kind="supersedes", target=public)
    path = f"agreements/{public.uid}/"
    found = api.read(path)
    assert (found["inverse_relations"], found["status"]) == ([], "unknown")
    assert staff.read(path)["inverse_relations"][0]["kind"] == "superseded_by"


def test_counts_and_appearances_keep_to_the_gate(api, staff):
    institutions = InstitutionFactory.create_batch(2)
    event, person = EventFactory(), PersonFactory()
    seen = AgreementFactory(parties=institutions, event=event)
    StatementFactory(agreement=seen, person=person)
    publish_now(seen)
    draft = AgreementFactory(parties=institutions, event=event, signed_on="1999", type="framework")
    StatementFactory(agreement=draft, person=person)
    pair = "-".join(sorted(institution.uid for institution in institutions))
    for client, expected in ((api, 1), (staff, 2)):
        assert client.read(f"institutions/{institutions[0].uid}/")["agreement_count"] == expected
        assert client.read(f"events/{event.uid}/")["agreement_count"] == expected
        assert client.read("countries/GB/")["agreement_count"] == expected
        assert len(client.read(f"people/{person.uid}/")["statements"]) == expected
        assert client.read(f"partnerships/{pair}/")["agreement_count"] == expected
        assert len(client.read(f"partnerships/{pair}/")["agreements"]) == expected
    assert api.read(f"partnerships/{pair}/")["first_on"] is None, "the draft dates nothing"


def test_an_internal_subject_above_a_public_one_is_not_named(api, staff):
    root = FocusAreaFactory(name="Secret field")
    subject = FocusAreaFactory(parent=root)
    make_public(subject)
    assert api.read(f"focus-areas/{subject.uid}/")["parent"] is None
    assert staff.read(f"focus-areas/{subject.uid}/")["parent"]["name"] == "Secret field"


class TestWithdrawn:
    @pytest.fixture
    def withdrawn(self):
        agreement = AgreementFactory()
        for _, factory in PARTS:
            factory(agreement=agreement)
        publish_now(agreement)
        return withdraw(agreement=agreement, by=administrator(), reason="Recorded twice.")

    def test_its_address_says_why_it_is_gone(self, api, withdrawn):
        problem = api.read(f"agreements/{withdrawn.uid}/", status=410)
        assert problem["title"] == "Gone"
        assert "Recorded twice." in problem["detail"]
        assert titles(api) == []

    def test_so_do_its_parts_and_its_partnership(self, api, withdrawn):
        for path, _ in PARTS:
            part = getattr(withdrawn, path).last()
            assert "Recorded twice." in api.read(f"{path}/{part.uid}/", status=410)["detail"]
        pair = "-".join(sorted(party.institution.uid for party in withdrawn.parties.all()))
        assert api.read(f"partnerships/{pair}/", status=410)

    def test_who_works_on_records_still_reads_it(self, staff, withdrawn):
        found = staff.read(f"agreements/{withdrawn.uid}/")
        assert found["publication_state"] == "withdrawn"
        assert found["withdrawal_reason"] == "Recorded twice."

    def test_an_internal_document_was_never_to_be_seen(self, api, withdrawn):
        document = DocumentFactory(agreement=withdrawn, visibility=Visibility.INTERNAL)
        assert api.read(f"documents/{document.uid}/", status=404)

    def test_an_internal_record_is_simply_not_there(self, api):
        agreement = AgreementFactory(visibility=Visibility.INTERNAL, published=True)
        withdraw(agreement=agreement, by=administrator(), reason="A secret reason.")
        assert "secret" not in str(api.read(f"agreements/{agreement.uid}/", status=404))


def test_exports_keep_to_the_gate(api, records):
    for kind in ("csv", "ndjson"):
        body = api.body(f"agreements/?format={kind}").decode()
        assert "public" in body
        assert "draft" not in body
