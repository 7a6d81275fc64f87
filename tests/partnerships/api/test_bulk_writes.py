"""Many records in one request: all of them, or none and each fault with its place."""

import json
import time

import pytest

from partnerships.models import Agreement, Institution, Party
from people.models import Person
from tests.factories import AgreementFactory, InstitutionFactory, OfficeFactory, PersonFactory

from .test_upsert import at_once
from .test_writing import WRITE, faults, full, post, send

pytestmark = pytest.mark.django_db
BULK = "agreements/bulk/"


@pytest.fixture
def system(bearing):
    return bearing(*WRITE)


@pytest.fixture
def parties():
    return [InstitutionFactory(ror_id="035dkdb55"), InstitutionFactory(ror_id="05apxxy63")]


def plain(number: int, **facts) -> dict:
    return {"title": f"Agreement {number}", "type": "other"} | facts


class TestCreating:
    def test_many_stand_as_each_would(self, system, parties):
        signed = [{"institution": "05apxxy63", "name_as_printed": name} for name in ("A. Lee", "B. Kim")]
        signed.insert(1, {"institution": "035dkdb55", "name_as_printed": "C. Watson"})
        whole = full(parties) | {
            "signatories": signed, "end": {"kind": "date", "on": "2027"},
            "periods": [{"number": 1, "starts_on": "2027", "end": {"kind": "open_ended"}}],
            "relations": [{"kind": "renews", "agreement": AgreementFactory().uid}],
            "activities": [{"kind": "internships", "direction": "one_way",
                            "from_institution": "05apxxy63", "to_institution": "035dkdb55"}],
        }  # fmt: skip
        single = post(system, "agreements/", whole | {"identifiers": [{"system": "x", "value": "0"}]})
        items = [whole | {"identifiers": [{"system": "x", "value": str(number)}]} for number in (1, 2)]
        told = post(system, BULK, {"items": items, "reason": "Taken over."})
        assert (told["count"], {item["outcome"] for item in told["items"]}) == (2, {"created"})
        for item in told["items"]:
            record = system.read(item["url"].removeprefix("http://testserver/api/v1/"))
            assert without_names(record) == without_names(single)
            history = Agreement.objects.get(uid=item["id"]).history.get()
            assert history.pgh_context.metadata["reason"] == "Taken over."

    def test_statements_do_not_grow_with_the_records(self, system, parties, django_assert_max_num_queries):
        row = [{"institution": uid} for uid in ("035dkdb55", "05apxxy63")]
        items = [plain(number, parties=row, sources=[{"title": "S"}]) for number in range(100)]
        with django_assert_max_num_queries(40):
            post(system, BULK, {"items": items})
        assert (Agreement.objects.count(), Party.objects.count()) == (100, 200)

    def test_one_fault_leaves_nothing(self, system, parties):
        items = [plain(0), plain(1, parties=[{"institution": "05apxxy63"}, {"institution": "nobody"}]),
                 plain(2), {"title": "x"}, "x", None]  # fmt: skip
        problem = post(system, BULK, {"items": items}, 400)
        assert [(one["pointer"], one["code"]) for one in problem["errors"]] == [
            ("/items/1/parties/1/institution", "unknown"),
            ("/items/3/type", "required"),
            ("/items/4", "invalid"),
            ("/items/5", "null"),
        ]
        assert problem["errors"][0]["field"] == "items.1.parties.1.institution"
        assert problem["detail"] == "4 of 6 records were refused; nothing was written."
        assert not Agreement.objects.exists()

    @pytest.mark.parametrize(("facts", "place"), [
        ({"effective_from": "2025", "end": {"kind": "date", "on": "2024"}}, "/ends_on"),
        ({"parties": [{"institution": "05apxxy63"}] * 2}, "/parties/1"),
        ({"signatories": [{"institution": "05apxxy63", "name_as_printed": "A"}]},
         "/signatories/0/institution"),
        ({"sources": [{"title": "x", "url": "javascript:alert(1)"}]}, "/sources/0/url"),
        ({"notice": {"amount": 3, "unit": "months"}, "signed_on": "2024",
          "termination": {"on": "2023"}}, "/terminated_on"),
        ({"visibility": "restricted"}, "/office"),
    ])  # fmt: skip
    def test_what_services_and_the_database_refuse_has_its_place(self, system, parties, facts, place):
        problem = post(system, BULK, {"items": [plain(0), plain(1, **facts), plain(2)]}, 400)
        assert [one["pointer"] for one in problem["errors"]] == [f"/items/1{place}"]
        assert not Agreement.objects.exists()

    def test_identifiers_that_meet(self, system):
        AgreementFactory().identifiers.create(system="x", value="1")
        names = [[{"system": "x", "value": value}] for value in ("1", "2", "2")]
        items = [plain(number, identifiers=name) for number, name in enumerate(names)]
        problem = post(system, BULK, {"items": items}, 400)
        assert [one["pointer"] for one in problem["errors"]] == [
            "/items/0/identifiers/0",
            "/items/2/identifiers/0",
        ]
        assert Agreement.objects.count() == 1

    def test_another_offices_record(self, bearing):
        own, other = OfficeFactory(), OfficeFactory()
        client = bearing(*WRITE, office=own)
        post(client, BULK, {"items": [plain(0)]})
        assert Agreement.objects.get().office == own
        problem = post(client, BULK, {"items": [plain(0), plain(1, office=other.uid)]}, 400)
        assert [one["pointer"] for one in problem["errors"]] == ["/items/1/office"]

    def test_entries_in_bulk(self, system):
        names = [f"Institute of {field} research" for field in ("fusion", "polar", "seaweed")]
        told = post(system, "institutions/bulk/", {"items": [{"name": name} for name in names]})
        assert [Institution.objects.get(uid=item["id"]).name for item in told["items"]] == names
        items = [{"name": "A", "orcid": "0000-0002-1825-0097"}, {"name": "B", "orcid": "0000-0002-1825-0097"}]
        problem = post(system, "people/bulk/", {"items": items}, 400)
        assert [one["pointer"] for one in problem["errors"]] == ["/items/1/orcid"]
        assert not Person.objects.exists()

    def test_a_rehearsal_and_a_key(self, system):
        body = {"items": [plain(0), plain(1)]}
        assert post(system, f"{BULK}?dry_run=true", body, 200)["count"] == 2
        assert not Agreement.objects.exists()
        headers = {"idempotency-key": "k"}
        sent = [
            system.post(f"/api/v1/{BULK}", body, content_type="application/json", headers=headers)
            for _ in range(2)
        ]
        assert sent[0].content == sent[1].content
        assert Agreement.objects.count() == 2


class TestChanging:
    def test_many_are_changed(self, system):
        rows = AgreementFactory.create_batch(3)
        items = [{"id": row.uid, "summary": f"About {row.pk}"} for row in rows]
        told = send(system, "patch", BULK, {"items": items, "reason": "Checked."}, 200)
        assert [item["id"] for item in told["items"]] == [row.uid for row in rows]
        for row in rows:
            row.refresh_from_db()
            assert row.summary == f"About {row.pk}"
            assert row.history.latest("pgh_id").pgh_context.metadata["reason"] == "Checked."

    @pytest.mark.django_db(transaction=True)
    def test_what_says_nothing_new_is_told_so(self, system):
        one, other = AgreementFactory(), AgreementFactory(summary="S")
        items = [{"id": one.uid, "summary": "S"}, {"id": other.uid, "summary": "S"}]
        told = send(system, "patch", BULK, {"items": items}, 200)
        assert [item["outcome"] for item in told["items"]] == ["changed", "unchanged"]

    def test_one_fault_leaves_everything(self, system):
        row, published, hidden = (
            AgreementFactory(),
            AgreementFactory(published=True),
            AgreementFactory(restricted=True),
        )
        for bad, place in (
            ({"id": published.uid, "sources": []}, "/items/1"),
            ({"id": hidden.uid, "title": "x"}, "/items/1/id"),
            ({"id": "nothing"}, "/items/1/id"),
            ({"id": "x\x00"}, "/items/1/id"),
            ({"id": row.uid}, "/items/1/id"),
            ({"title": "x"}, "/items/1/id"),
            ({"id": published.uid, "type": "x"}, "/items/1/type"),
        ):
            problem = send(system, "patch", BULK, {"items": [{"id": row.uid, "title": "New"}, bad]}, 400)
            assert [one["pointer"] for one in problem["errors"]] == [place], bad
        row.refresh_from_db()
        assert row.title != "New"

    def test_a_stale_one_is_a_conflict(self, system):
        row = AgreementFactory()
        items = [{"id": row.uid, "title": "New", "updated_at": "2020-01-01T00:00:00Z"}]
        problem = send(system, "patch", BULK, {"items": items}, 409)
        assert problem["errors"][0]["pointer"] == "/items/0"

    def test_another_offices_record(self, bearing):
        row = AgreementFactory(office=OfficeFactory())
        client = bearing(*WRITE, office=OfficeFactory())
        send(client, "patch", BULK, {"items": [{"id": row.uid, "title": "Mine"}]}, 403)

    def test_a_registry_that_insists_wants_to_know_what_was_read(self, system, settings):
        settings.API_REQUIRE_IF_MATCH = True
        row = AgreementFactory()
        item = {"id": row.uid, "title": "New"}
        send(system, "patch", BULK, {"items": [item]}, 428)
        send(system, "delete", BULK, {"items": [row.uid]}, 428)
        read = system.read(f"agreements/{row.uid}/")["updated_at"]
        send(system, "patch", BULK, {"items": [item | {"updated_at": read}]}, 200)

    def test_entries_by_any_of_their_ids(self, system):
        kaist = InstitutionFactory(ror_id="05apxxy63")
        person = PersonFactory(orcid="0000-0002-1825-0097")
        for path, uid in (("institutions", "https://ror.org/05apxxy63"),
                          ("people", "https://orcid.org/0000-0002-1825-0097")):  # fmt: skip
            send(system, "patch", f"{path}/bulk/", {"items": [{"id": uid, "name": "New"}]}, 200)
        kaist.refresh_from_db()
        person.refresh_from_db()
        assert (kaist.name, person.name) == ("New", "New")


class TestRemoving:
    def test_many_are_removed(self, system):
        draft, published = AgreementFactory(), AgreementFactory(published=True)
        items = [{"id": draft.uid}, {"id": published.uid, "reason": "Never signed."}]
        told = send(system, "delete", BULK, {"items": items}, 200)
        assert [item["outcome"] for item in told["items"]] == ["deleted", "withdrawn"]
        assert Agreement.objects.get().withdrawal_reason == "Never signed."

    def test_one_fault_leaves_everything(self, system):
        draft, published = AgreementFactory(), AgreementFactory(published=True)
        items = [draft.uid, published.uid]
        problem = send(system, "delete", BULK, {"items": items}, 400)
        assert [one["pointer"] for one in problem["errors"]] == ["/items/1/reason"]
        waiting = AgreementFactory(publication_state="in_review")
        problem = send(system, "delete", BULK, {"items": [draft.uid, waiting.uid]}, 409)
        assert Agreement.objects.count() == 3
        party = published.parties.first().institution
        problem = send(system, "delete", "institutions/bulk/", {"items": [party.uid]}, 409)
        assert problem["errors"][0]["pointer"] == "/items/0"


class TestBadInput:
    @pytest.mark.parametrize("body", [
        {}, {"items": []}, {"items": {}}, {"items": "x"}, {"items": [plain(0)], "more": 1}, [], [plain(0)],
        {"items": [plain(0)], "reason": {}}, {"items": [plain(number) for number in range(1001)]},
    ])  # fmt: skip
    def test_what_is_no_bulk(self, system, body):
        for method in ("post", "patch", "delete"):
            send(system, method, BULK, body, 400)
        assert not Agreement.objects.exists()

    def test_a_thousand_bad_ones_are_told_shortly(self, system):
        problem = post(system, BULK, {"items": [{}] * 1000}, 400)
        assert len(problem["errors"]) == 200

    def test_very_many_unknown_names_are_looked_up_at_once(self, system, django_assert_max_num_queries):
        rows = [{"institution": f"unknown{number}"} for number in range(2000)]
        with django_assert_max_num_queries(20):
            post(system, BULK, {"items": [plain(number, parties=rows) for number in range(3)]}, 400)

    def test_a_body_beyond_measure(self, system, settings):
        large = json.dumps({"items": [plain(0, summary="x" * 10_000)] * 400})
        assert len(large) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        assert post(system, f"{BULK}?dry_run=true", large, 200)["count"] == 400
        settings.MAX_BULK_MB = 3
        post(system, BULK, large, 413)
        post(system, "agreements/", large, 413)

    def test_nobody_without_credentials(self, api, bearing):
        post(api, BULK, {"items": [plain(0)]}, 401)
        post(bearing("read:internal"), BULK, {"items": [plain(0)]}, 403)
        assert api.get(f"/api/v1/{BULK}").status_code == 405

    @pytest.mark.parametrize("path", ["activities", "sources", "documents", "countries", "partnerships"])
    def test_what_is_only_read(self, system, path):
        assert system.post(f"/api/v1/{path}/bulk/", {}, content_type="application/json").status_code in {
            404,
            405,
        }


@pytest.mark.django_db(transaction=True)
def test_two_that_overlap_wait_for_each_other(system):
    """The same records in opposite order, with the same institutions: nobody gets a 500."""
    rows = AgreementFactory.create_batch(12)
    shared = InstitutionFactory.create_batch(4)

    def send_one(number):
        order = rows if number % 2 else rows[::-1]
        items = [
            {"id": row.uid, "summary": f"{number}", "parties": [{"institution": one.uid} for one in shared]}
            for row in order
        ]
        body = {"items": items}
        return system.patch(f"/api/v1/{BULK}", body, content_type="application/json")

    started = time.monotonic()
    answers = at_once(6, send_one)
    assert set(answers) <= {200, 409}
    assert 200 in answers
    assert len(set(Agreement.objects.values_list("summary", flat=True))) == 1
    assert time.monotonic() - started < 60


def without_names(value):
    """A record without what is its own: ids, addresses, dates of the registry."""
    own = {"id", "url", "html_url", "created_at", "updated_at", "identifiers", "source"}
    if isinstance(value, dict):
        return {key: without_names(inner) for key, inner in value.items() if key not in own}
    return [without_names(inner) for inner in value] if isinstance(value, list) else value


def test_faults_of_a_bulk_are_fields_too(system):
    problem = post(system, BULK, {"items": [plain(0, colour=1)]}, 400)
    assert faults(problem) == {"items.0.colour": "unknown_key"}
