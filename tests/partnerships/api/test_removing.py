"""Taking records back through the API: withdrawn, deleted, or refused with what names them."""

import pytest

from partnerships.models import Agreement, AgreementRelation, Institution
from people.models import Role
from tests.factories import (
    AgreementFactory,
    EventFactory,
    FocusAreaFactory,
    InstitutionFactory,
    MembershipFactory,
    OfficeFactory,
    PersonFactory,
    SignatoryFactory,
    StatementFactory,
    SubjectFactory,
)

from .conftest import ApiClient
from .test_writing import JSON, WRITE, faults, send

pytestmark = pytest.mark.django_db


def delete(client, path: str, body=None, status: int = 200) -> dict:
    return send(client, "delete", path, body or {}, status)


@pytest.fixture
def system(bearing):
    return bearing(*WRITE)


class TestAgreements:
    def test_a_published_one_is_withdrawn_with_its_reason(self, system, api):
        record = AgreementFactory(published=True)
        address = f"agreements/{record.uid}/"
        assert set(faults(delete(system, address, status=400))) == {"reason"}
        told = delete(system, address, {"reason": "Recorded twice."})
        assert told == {"id": record.uid, "outcome": "withdrawn"}
        assert "Recorded twice." in api.read(address, 410)["detail"]
        last = Agreement.objects.get(pk=record.pk).history.latest("pgh_id")
        assert last.pgh_context.metadata["reason"] == "Recorded twice."

    def test_the_reason_may_stand_in_the_address(self, system, api):
        record = AgreementFactory(published=True)
        response = system.delete(f"/api/v1/agreements/{record.uid}/?reason=Recorded%20twice.")
        assert response.json()["outcome"] == "withdrawn"
        assert "Recorded twice." in api.read(f"agreements/{record.uid}/", 410)["detail"]

    def test_sent_again_it_says_the_same_and_writes_nothing(self, system):
        record = AgreementFactory(published=True)
        first = delete(system, f"agreements/{record.uid}/", {"reason": "Wrong."})
        before = record.history.count()
        assert delete(system, f"agreements/{record.uid}/", {"reason": "Wrong."}) == first
        assert record.history.count() == before

    def test_a_draft_is_deleted(self, system):
        record = AgreementFactory()
        assert delete(system, f"agreements/{record.uid}/")["outcome"] == "deleted"
        assert not Agreement.objects.exists()
        delete(system, f"agreements/{record.uid}/", status=404)

    def test_one_in_review_is_the_reviewers(self, system):
        record = AgreementFactory(publication_state="in_review")
        assert "in review" in delete(system, f"agreements/{record.uid}/", status=409)["detail"]

    def test_a_draft_that_another_record_names_stays(self, system):
        record, newer = AgreementFactory(), AgreementFactory(title="Newer")
        AgreementRelation.objects.create(agreement=newer, kind="renews", target=record)
        problem = delete(system, f"agreements/{record.uid}/", status=409)
        assert [(one["id"], one["name"]) for one in problem["named_by"]] == [(newer.uid, "Newer")]
        hidden = AgreementFactory(restricted=True, title="Hidden")
        AgreementRelation.objects.all().update(agreement=hidden)
        problem = delete(system, f"agreements/{record.uid}/", status=409)
        assert problem["named_by"] == []
        assert "Hidden" not in str(problem)

    def test_only_who_may(self, bearing, api):
        office = OfficeFactory()
        drafts, published = AgreementFactory(office=office), AgreementFactory(office=office, published=True)
        why = {"reason": "x"}
        delete(api, f"agreements/{published.uid}/", why, 401)
        for client in (bearing("read:internal"), bearing(*WRITE, office=OfficeFactory())):
            delete(client, f"agreements/{published.uid}/", why, 403)
        delete(bearing("write:institutions"), f"agreements/{published.uid}/", why, 403)
        editor = ApiClient()
        editor.force_login(MembershipFactory(role=Role.EDITOR, office=office).user)
        delete(editor, f"agreements/{published.uid}/", why, 403)
        delete(editor, f"agreements/{drafts.uid}/", why, 403)
        delete(bearing("write:agreements", office=office), f"agreements/{drafts.uid}/", why)

    @pytest.mark.parametrize("body", ["[]", '"x"', "5", '{"why": 1}', '{"reason": {}}'])
    def test_what_is_no_reason(self, system, body):
        record = AgreementFactory(published=True)
        send(system, "delete", f"agreements/{record.uid}/", body, 400)
        assert Agreement.objects.get().publication_state == "published"

    def test_an_unknown_parameter(self, system):
        record = AgreementFactory()
        response = system.delete(f"/api/v1/agreements/{record.uid}/?dry_rum=1")
        assert set(faults(response.json())) == {"dry_rum"}
        assert Agreement.objects.exists()


class TestEntries:
    @pytest.mark.parametrize(("path", "factory"), [
        ("institutions", InstitutionFactory), ("people", PersonFactory),
        ("events", EventFactory), ("focus-areas", FocusAreaFactory),
    ])  # fmt: skip
    def test_what_nothing_names_is_deleted_once(self, system, path, factory):
        row = factory()
        delete(system, f"{path}/{row.uid}/", {"reason": "A slip."})
        delete(system, f"{path}/{row.uid}/", status=404)
        kept = type(row)._meta.get_field("history").related_model.objects
        last = kept.filter(pgh_obj=row.pk).latest("pgh_id")
        assert (last.pgh_label, last.pgh_context.metadata["reason"]) == ("delete", "A slip.")

    def test_what_is_public_stays(self, system):
        institution = AgreementFactory(published=True).parties.first().institution
        assert "public" in delete(system, f"institutions/{institution.uid}/", status=409)["detail"]

    def test_what_names_an_entry_is_told(self, system):
        record = AgreementFactory(title="Naming", event=EventFactory())
        party = record.parties.first()
        person = SignatoryFactory(party=party).person
        speaker = StatementFactory(agreement=record).person
        subject = SubjectFactory(agreement=record).focus_area
        for path, row in (
            ("institutions", party.institution), ("people", person), ("people", speaker),
            ("focus-areas", subject), ("events", record.event),
        ):  # fmt: skip
            problem = delete(system, f"{path}/{row.uid}/", status=409)
            assert [one["name"] for one in problem["named_by"]] == ["Naming"], path
            assert problem["named_by"][0]["url"].endswith(f"/api/v1/agreements/{record.uid}/")

    def test_relatives_name_each_other(self, system):
        top = InstitutionFactory(name="University")
        below = InstitutionFactory(name="School")
        below.links.create(kind="parent", target=top)
        problem = delete(system, f"institutions/{top.uid}/", status=409)
        assert [one["name"] for one in problem["named_by"]] == ["School"]
        delete(system, f"institutions/{below.uid}/")
        delete(system, f"institutions/{top.uid}/")
        assert not Institution.objects.exists()

    def test_a_hidden_record_is_not_told_of(self, bearing):
        client = bearing("write:institutions")
        party = AgreementFactory(title="Hidden draft").parties.first()
        problem = delete(client, f"institutions/{party.institution.uid}/", status=409)
        assert problem["named_by"] == []
        assert "Hidden" not in str(problem)

    def test_only_who_may(self, bearing):
        row = InstitutionFactory()
        delete(bearing("write:agreements"), f"institutions/{row.uid}/", status=403)
        editor = ApiClient()
        editor.force_login(MembershipFactory(role=Role.EDITOR).user)
        delete(editor, f"institutions/{row.uid}/", status=403)

    @pytest.mark.parametrize("path", ["activities", "sources", "countries", "partnerships"])
    def test_what_is_derived_or_belongs_to_a_record_is_only_read(self, system, path):
        assert system.delete(f"/api/v1/{path}/x/", content_type=JSON).status_code == 405
