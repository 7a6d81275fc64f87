"""Records that other systems send: whole, changed in part, refused with the place of the fault."""

import json
from contextlib import contextmanager

import pytest
from django.test import override_settings

from partnerships.models import Agreement, AgreementRelation, Institution
from people.models import ApiToken, Role
from people.services.tokens import revoke_token
from tests.factories import (
    AgreementFactory,
    EventFactory,
    FocusAreaFactory,
    InstitutionFactory,
    MembershipFactory,
    OfficeFactory,
    PersonFactory,
)

from .conftest import ApiClient

pytestmark = pytest.mark.django_db
WRITE = ("write:agreements", "write:institutions")
JSON = "application/json"


def send(client, method: str, path: str, body, status: int) -> dict:
    content = body if isinstance(body, bytes | str) else json.dumps(body)
    response = getattr(client, method)(f"/api/v1/{path}", content, content_type=JSON)
    assert response.status_code == status, response.content.decode()[:2000]
    return response.json()


def post(client, path: str, body, status: int = 201) -> dict:
    return send(client, "post", path, body, status)


def patch(client, path: str, body, status: int = 200) -> dict:
    return send(client, "patch", path, body, status)


def faults(problem: dict) -> dict[str, str]:
    return {error["field"]: error["code"] for error in problem["errors"]}


@pytest.fixture
def system(bearing):
    """A system that may record agreements and what they name."""
    return bearing(*WRITE)


@pytest.fixture
def reviewer():
    client = ApiClient()
    client.force_login(MembershipFactory(role=Role.REVIEWER).user)
    return client


@contextmanager
def nothing_written():
    before = Agreement.objects.count(), Agreement.objects.values_list("updated_at", flat=True).last()
    yield
    assert (
        Agreement.objects.count(),
        Agreement.objects.values_list("updated_at", flat=True).last(),
    ) == before


@pytest.fixture
def parties():
    return [
        InstitutionFactory(name="The Alan Turing Institute", ror_id="035dkdb55", country_id="GB"),
        InstitutionFactory(name="KAIST", ror_id="05apxxy63", country_id="KR"),
    ]


def full(parties, **facts) -> dict:
    """The body of a record like the one that started the registry."""
    person, event, subject = PersonFactory(name="Tim Watson"), EventFactory(), FocusAreaFactory()
    return {
        "title": "Memorandum of understanding",
        "type": "memorandum_of_understanding",
        "summary": "Joint research.",
        "signed_on": "2024",
        "event": event.uid,
        "parties": [{"institution": "https://ror.org/035dkdb55"}, {"institution": {"id": parties[1].uid}}],
        "statements": [
            {"person": person.uid, "capacity": "Director", "summary": "Welcomed it.", "source": "news"}
        ],
        "focus_areas": [{"id": subject.uid, "emphasised": True}],
        "activities": [{"kind": "internships", "direction": "both"}, {"kind": "events"}],
        "sources": [{"id": "news", "title": "News release", "supports": ["parties", "signed_on"]}],
    } | facts


class TestRecording:
    def test_a_whole_agreement(self, system, parties):
        made = post(system, "agreements/", full(parties))
        assert (made["publication_state"], made["status"], made["signed_on"]) == ("draft", "signed", "2024")
        assert made["end"] == {"kind": "unknown", "on": None}
        assert made["signatories"] == []
        assert [party["institution"]["name"] for party in made["parties"]] == [
            "The Alan Turing Institute",
            "KAIST",
        ]
        [source] = made["sources"]
        assert made["statements"][0]["source"] == source["id"] != "news"
        assert [row["kind"] for row in made["activities"]] == ["internships", "events"]
        assert made["activities"][1]["direction"] == "not_stated"
        assert system.read(f"agreements/{made['id']}/") == made

    def test_the_answer_says_where_it_is(self, system, parties):
        response = system.post("/api/v1/agreements/", full(parties), content_type=JSON)
        assert response.headers["Location"] == response.json()["url"]
        assert ApiClient().get(response.headers["Location"]).status_code == 404, (
            "a draft is nobody's business"
        )

    def test_history_says_which_token_and_why(self, system, parties):
        made = post(system, "agreements/", full(parties, reason="From our CRIS."))
        first = Agreement.objects.get(uid=made["id"]).history.earliest("pgh_id")
        facts = first.pgh_context.metadata
        assert facts["reason"] == "From our CRIS."
        assert facts["token"]
        assert facts["request_id"]

    def test_from_draft_to_publication(self, system, reviewer, parties):
        made = post(system, "agreements/", full(parties))
        address = f"agreements/{made['id']}/"
        assert post(system, f"{address}submit/", {}, 200)["publication_state"] == "in_review"
        post(system, f"{address}publish/", {}, 403)
        assert (
            post(reviewer, f"{address}send-back/", {"reason": "Add a day."}, 200)["publication_state"]
            == "draft"
        )
        post(system, f"{address}submit/", {}, 200)
        post(reviewer, f"{address}publish/", {}, 200)
        assert ApiClient().read(address)["parties"] == made["parties"]
        post(reviewer, f"{address}withdraw/", {"reason": "Recorded twice."}, 200)
        assert "Recorded twice." in ApiClient().read(address, 410)["detail"]

    def test_an_act_out_of_turn_is_a_conflict(self, reviewer):
        draft = AgreementFactory()
        assert "is draft" in post(reviewer, f"agreements/{draft.uid}/publish/", {}, 409)["detail"]

    def test_an_act_that_needs_a_reason_names_it(self, reviewer):
        record = AgreementFactory(published=True)
        for body in ({}, {"reason": None}, {"reason": "  "}):
            assert set(faults(post(reviewer, f"agreements/{record.uid}/withdraw/", body, 400))) == {"reason"}
        assert faults(post(reviewer, f"agreements/{record.uid}/withdraw/", {"why": "x"}, 400)) == {
            "why": "unknown_key"
        }

    def test_a_reviewer_approves_and_duties_may_be_separate(self, system, reviewer, parties):
        made = post(system, "agreements/", full(parties))
        address = f"agreements/{made['id']}/"
        post(reviewer, f"{address}approve/", {}, 409)
        post(reviewer, f"{address}submit/", {}, 200)
        post(system, f"{address}approve/", {}, 403)
        with override_settings(SEPARATION_OF_DUTIES=True):
            problem = post(reviewer, f"{address}approve/", {}, 409)
            assert "You submitted this record yourself" in problem["detail"]
        post(reviewer, f"{address}approve/", {"reason": "All checked."}, 200)
        assert Agreement.objects.get(uid=made["id"]).approvals.get().comment == "All checked."

    def test_publication_needs_what_the_database_asks(self, system, reviewer, parties):
        made = post(system, "agreements/", full(parties, sources=[], statements=[]))
        post(system, f"agreements/{made['id']}/submit/", {}, 200)
        problem = post(reviewer, f"agreements/{made['id']}/publish/", {}, 400)
        assert problem["detail"] == "A published agreement needs a source."

    def test_what_agreements_name(self, system):
        kaist = post(
            system,
            "institutions/",
            {
                "name": "KAIST",
                "ror_id": "https://ror.org/05apxxy63",
                "country": "KR",
                "names": [
                    {"value": "한국과학기술원", "language": "ko"},
                    {"value": "KAIST", "kind": "acronym"},
                ],
            },
        )
        assert kaist["ror_id"] == "https://ror.org/05apxxy63"
        school = post(system, "institutions/", {"name": "Graduate School", "parents": ["05apxxy63"]})
        assert [row["id"] for row in school["parents"]] == [kaist["id"]]
        assert [row["id"] for row in system.rows("institutions/?q=한국과학기술원")] == [kaist["id"]]
        person = post(
            system,
            "people/",
            {"name": "Song Chong", "orcid": "0000-0002-1825-0097", "names": [{"value": "정송"}]},
        )
        assert person["orcid"] == "https://orcid.org/0000-0002-1825-0097"
        event = post(system, "events/", {"name": "AI Seoul Summit 2024", "starts_on": "2024"})
        assert event["starts_on"] == "2024"
        above = post(system, "focus-areas/", {"name": "Security"})
        below = post(system, "focus-areas/", {"name": "Defence", "parent": above["id"]})
        assert below["parent"]["id"] == above["id"]
        assert ApiClient().rows("institutions/") == [], "no public agreement names them yet"


class TestChanging:
    def test_what_is_left_out_stays(self, system, parties):
        made = post(system, "agreements/", full(parties))
        changed = patch(system, f"agreements/{made['id']}/", {"signed_on": "2024-05"})
        assert changed["signed_on"] == "2024-05"
        moving = {"signed_on", "updated_at", "status_reason"}
        assert {k: v for k, v in changed.items() if k not in moving} == {
            k: v for k, v in made.items() if k not in moving
        }

    def test_null_takes_back(self, system, parties):
        made = post(system, "agreements/", full(parties, end={"kind": "date", "on": "2027"}))
        body = {"signed_on": None, "event": None, "summary": None, "end": {"kind": "open_ended"}}
        changed = patch(system, f"agreements/{made['id']}/", body)
        assert (changed["signed_on"], changed["event"], changed["summary"]) == (None, None, None)
        assert changed["end"] == {"kind": "open_ended", "on": None}

    def test_a_list_replaces_the_list(self, system, parties):
        made = post(system, "agreements/", full(parties))
        third = InstitutionFactory()
        rows = [{"institution": third.uid, "role": "coordinator"}, {"institution": "05apxxy63"}]
        changed = patch(system, f"agreements/{made['id']}/", {"parties": rows})
        assert [(row["institution"]["id"], row["role"]) for row in changed["parties"]] == [
            (third.uid, "coordinator"),
            (parties[1].uid, "party"),
        ]

    def test_the_order_of_a_list_is_kept(self, system, parties):
        made = post(system, "agreements/", full(parties))
        turned = [{"institution": row["institution"]} for row in reversed(made["parties"])]
        changed = patch(system, f"agreements/{made['id']}/", {"parties": turned})
        assert [row["institution"]["name"] for row in changed["parties"]] == [
            "KAIST",
            "The Alan Turing Institute",
        ]

    def test_what_was_read_can_be_sent_back_and_says_nothing_new(self, system, parties):
        made = post(system, "agreements/", full(parties))
        lists = ("parties", "signatories", "statements", "focus_areas", "activities", "sources", "relations")
        plain = ("title", "type", "summary", "signed_on", "event", "end", "renewal", "notice", "termination",
                 "binding", "languages", "term_as_stated", "visibility")  # fmt: skip
        record = Agreement.objects.get(uid=made["id"])
        before = record.history.count(), record.updated_at
        body = {key: made[key] for key in (*lists, *plain)}
        body["focus_areas"] = [{k: row[k] for k in ("id", "emphasised")} for row in made["focus_areas"]]
        assert patch(system, f"agreements/{made['id']}/", body) == made
        record.refresh_from_db()
        assert (record.history.count(), record.updated_at) == before

    def test_rows_keep_their_identity(self, system, parties):
        """A source that other systems refer to is not replaced by a copy."""
        made = post(system, "agreements/", full(parties))
        source = made["sources"][0] | {"title": "Corrected title"}
        changed = patch(system, f"agreements/{made['id']}/", {"sources": [source]})
        assert [row["id"] for row in changed["sources"]] == [made["sources"][0]["id"]]
        assert changed["statements"] == made["statements"]

    @pytest.mark.django_db(transaction=True)
    def test_a_stale_change_is_refused(self, system, parties):
        made = post(system, "agreements/", full(parties))
        address = f"agreements/{made['id']}/"
        patch(system, address, {"summary": "First.", "updated_at": made["updated_at"]})
        problem = patch(system, address, {"summary": "Second.", "updated_at": made["updated_at"]}, 409)
        assert "changed since" in problem["detail"]
        assert system.read(address)["summary"] == "First."

    def test_a_party_somebody_signed_for_does_not_vanish(self, system, parties):
        signed = [
            {"institution": "05apxxy63", "name_as_printed": "Prof. A. Lee", "title_as_printed": "President"}
        ]
        made = post(system, "agreements/", full(parties, signatories=signed))
        rows = [{"institution": parties[0].uid}, {"institution": InstitutionFactory().uid}]
        problem = patch(system, f"agreements/{made['id']}/", {"parties": rows}, 400)
        assert set(faults(problem)) == {"parties"}
        patch(system, f"agreements/{made['id']}/", {"parties": rows, "signatories": []})

    def test_relations_to_records_out_of_sight_stay(self, reviewer):
        hidden = AgreementFactory(restricted=True)
        record = AgreementFactory()
        AgreementRelation.objects.create(agreement=record, kind="renews", target=hidden)
        older = AgreementFactory()
        rows = [{"kind": "amends", "agreement": older.uid}]
        changed = patch(reviewer, f"agreements/{record.uid}/", {"relations": rows})
        assert [row["kind"] for row in changed["relations"]] == ["amends"]
        assert record.relations.count() == 2

    def test_an_entry_of_the_catalogue(self, system, parties):
        address = f"institutions/{parties[1].uid}/"
        changed = patch(
            system, address, {"city": "Daejeon", "names": [{"value": "카이스트", "language": "ko"}]}
        )
        assert changed["city"] == "Daejeon"
        assert [name["value"] for name in changed["names"]] == ["카이스트"]
        stale = {"city": "Seoul", "updated_at": "2024-05-21T00:00:00Z"}
        patch(system, address, stale, 409)
        assert Institution.objects.get(pk=parties[1].pk).city == "Daejeon"

    def test_renaming_a_person_leaves_what_they_signed(self, system, parties):
        person = PersonFactory(name="A. Lee")
        signed = [{"institution": "05apxxy63", "person": person.uid, "name_as_printed": "Prof. A. Lee"}]
        made = post(system, "agreements/", full(parties, signatories=signed))
        patch(system, f"people/{person.uid}/", {"name": "Another Name"})
        [row] = system.read(f"agreements/{made['id']}/")["signatories"]
        assert (row["name_as_printed"], row["person"]["name"]) == ("Prof. A. Lee", "Another Name")


class TestWhoMay:
    @pytest.mark.parametrize("path", ["agreements", "institutions", "people", "events", "focus-areas"])
    def test_nobody_without_credentials(self, api, path):
        assert post(api, f"{path}/", {}, 401)["title"] == "Unauthorized"

    def test_nobody_acts_without_credentials(self, api):
        record = AgreementFactory(published=True)
        post(api, f"agreements/{record.uid}/withdraw/", {"reason": "x"}, 401)
        patch(api, f"agreements/{record.uid}/", {"title": "x"}, 401)

    @pytest.mark.parametrize("path", ["activities", "sources", "countries", "partnerships"])
    def test_what_is_derived_or_belongs_to_a_record_is_only_read(self, system, path):
        post(system, f"{path}/", {}, 405)

    @pytest.mark.parametrize(("scopes", "path"), [
        (("read:public",), "agreements"), (("read:internal",), "agreements"),
        (("write:institutions",), "agreements"), (("write:agreements",), "institutions"),
        (("write:agreements",), "people"), (("read:internal",), "events"),
    ])  # fmt: skip
    def test_only_what_the_scope_allows(self, bearing, scopes, path):
        body = {"title": "x", "type": "other"} if path == "agreements" else {"name": "x"}
        post(bearing(*scopes), f"{path}/", body, 403)

    def test_a_token_that_records_entries_sees_them(self, bearing):
        made = post(bearing("write:institutions"), "institutions/", {"name": "X"})
        assert made["visibility"] == "internal"

    def test_a_token_of_an_office_keeps_to_it(self, bearing):
        own, other = OfficeFactory(), OfficeFactory()
        client = bearing(*WRITE, office=own)
        made = post(client, "agreements/", {"title": "x", "type": "other"})
        assert made["office"]["id"] == own.uid
        assert "office" in faults(
            post(client, "agreements/", {"title": "x", "type": "other", "office": other.uid}, 400)
        )
        patch(client, f"agreements/{AgreementFactory(office=other).uid}/", {"title": "Mine now"}, 403)

    def test_what_one_may_not_see_is_not_there(self, bearing):
        client = bearing(*WRITE)
        hidden = AgreementFactory(restricted=True)
        patch(client, f"agreements/{hidden.uid}/", {"title": "x"}, 404)
        body = {"title": "x", "type": "other", "relations": [{"kind": "renews", "agreement": hidden.uid}]}
        seen = post(client, "agreements/", body, 400)["errors"]
        body["relations"][0]["agreement"] = "zzzzzzzzzz"
        unseen = post(client, "agreements/", body, 400)["errors"]
        assert [one["code"] for one in seen] == [one["code"] for one in unseen] == ["unknown"]

    def test_nobody_hides_a_record_from_themselves(self, bearing):
        client = bearing(*WRITE)
        with nothing_written():
            problem = post(
                client, "agreements/", {"title": "x", "type": "other", "visibility": "restricted"}, 400
            )
        assert set(faults(problem)) <= {"visibility", "office", None}

    def test_a_browser_needs_its_mark(self):
        client = ApiClient(enforce_csrf_checks=True)
        client.force_login(MembershipFactory(role=Role.EDITOR).user)
        post(client, "agreements/", {"title": "x", "type": "other"}, 403)
        assert not Agreement.objects.exists()

    def test_a_viewer_records_nothing(self):
        client = ApiClient()
        client.force_login(MembershipFactory(role=Role.VIEWER).user)
        post(client, "agreements/", {"title": "x", "type": "other"}, 403)

    def test_a_revoked_token_stops_at_once(self, system):
        post(system, "institutions/", {"name": "X"})
        revoke_token(token=ApiToken.objects.get())
        post(system, "institutions/", {"name": "Y"}, 401)


BAD = [
    ({"title": None}, {"title"}),
    ({"title": "  "}, {"title"}),
    ({"title": "x" * 501}, {"title"}),
    ({"title": ["x"]}, {"title"}),
    ({"title": "nul\x00"}, {"title"}),
    ({"type": "treaty"}, {"type"}),
    ({"signed_on": "2024-13"}, {"signed_on"}),
    ({"signed_on": "2023-02-29"}, {"signed_on"}),
    ({"signed_on": 2024}, {"signed_on"}),
    ({"signed_on": {"year": 2024}}, {"signed_on"}),
    ({"effective_from": "2025", "end": {"kind": "date", "on": "2024"}}, None),
    ({"end": {"kind": "date"}}, None),
    ({"end": {"kind": "unknown", "on": "2024"}}, None),
    ({"end": "2024"}, {"end"}),
    ({"end": {"kind": "date", "on": "2024", "at": 1}}, {"end.at"}),
    ({"status": "in_force"}, {"status"}),
    ({"publication_state": "published"}, {"publication_state"}),
    ({"bogus": 1, "colour": 2}, {"bogus", "colour"}),
    ({"parties": "KAIST"}, {"parties"}),
    ({"parties": [{}]}, {"parties.0.institution"}),
    ({"parties": [{"institution": "05apxxy63"}, {"institution": "nobody"}]}, {"parties.1.institution"}),
    ({"parties": [{"institution": 5}]}, {"parties.0.institution"}),
    ({"parties": [{"institution": "x\x00"}]}, {"parties.0.institution"}),
    ({"parties": [{"institution": "05apxxy63", "role": "king"}]}, {"parties.0.role"}),
    ({"parties": [{"institution": "05apxxy63"}, {"institution": "https://ror.org/05apxxy63"}]}, None),
    ({"parties": [None]}, {"parties.0"}),
    ({"signatories": [{"institution": "035dkdb55", "name_as_printed": ""}]},
     {"signatories.0.name_as_printed"}),
    ({"parties": [{"institution": "05apxxy63"}],
      "signatories": [{"institution": "035dkdb55", "name_as_printed": "A"}], "activities": []},
     {"signatories.0.institution"}),
    ({"statements": [{"person": "nobody", "summary": "x"}]}, {"statements.0.person"}),
    ({"sources": [{"title": "x", "url": "javascript:alert(1)"}], "statements": []}, {"sources.0.url"}),
    ({"sources": [{"title": "x", "supports": ["everything"]}], "statements": []}, {"sources.0.supports"}),
    ({"sources": [{"title": "x", "retrieved_on": "2024"}], "statements": []}, {"sources.0.retrieved_on"}),
    ({"focus_areas": [{"id": "nothing"}]}, {"focus_areas.0.id"}),
    ({"activities": [{"kind": "golf"}]}, {"activities.0.kind"}),
    ({"activities": [{"kind": "events", "quota": -1}]}, {"activities.0.quota"}),
    ({"activities": [{"kind": "events", "quota": 10**20}]}, {"activities.0.quota"}),
    ({"activities": [{"kind": "events", "starts_on": "2025", "ends_on": "2024"}]}, None),
    ({"notice": {"amount": 0, "unit": "months"}}, {"notice.amount"}),
    ({"termination": {"reason": "x"}}, {"termination.on"}),
    ({"periods": [{"number": 1, "end": {"kind": "unknown"}}] * 2}, None),
    ({"languages": ["x" * 40]}, {"languages.0"}),
    ({"signed_country": "ZZ"}, {"signed_country"}),
    ({"office": "nowhere"}, {"office"}),
    ({"event": "nothing"}, {"event"}),
    ({"relations": [{"kind": "renews", "agreement": "nothing"}]}, {"relations.0.agreement"}),
]  # fmt: skip


class TestBadInput:
    @pytest.mark.parametrize(("facts", "fields"), BAD)
    def test_a_fault_is_named_and_nothing_is_written(self, system, parties, facts, fields):
        body = full(parties) | facts
        with nothing_written():
            problem = post(system, "agreements/", body, 400)
            assert problem["errors"], problem
            assert all(error["message"] for error in problem["errors"])
            if fields is not None:
                assert {field.removesuffix(".0") if fields == {"sources.0.supports"} else field
                        for field in faults(problem)} == fields  # fmt: skip
        made = post(system, "agreements/", full(parties))
        with nothing_written():
            patch(system, f"agreements/{made['id']}/", facts, 400)
        assert system.read(f"agreements/{made['id']}/") == made

    @pytest.mark.parametrize(
        "body", ["", "{", "[]", "[1]", "null", "5", '"x"', b"\xff\xfe", "NaN", '{"title": NaN}']
    )
    def test_what_is_no_body(self, system, body):
        with nothing_written():
            post(system, "agreements/", body, 400)

    def test_another_kind_of_body(self, system):
        response = system.post("/api/v1/agreements/", {"title": "x"})
        assert response.status_code == 415

    def test_a_body_beyond_measure(self, system, settings):
        settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
        post(system, "agreements/", {"title": "x" * 2000, "type": "other"}, 413)

    def test_a_body_too_deep(self, system):
        post(system, "agreements/", "[" * 100_000, 400)
        post(system, "agreements/", '{"end":' * 50_000, 400)

    def test_a_list_too_long(self, system, parties):
        rows = [{"institution": "05apxxy63"}] * 2001
        problem = post(system, "agreements/", full(parties) | {"parties": rows}, 400)
        assert set(faults(problem)) == {"parties"}

    def test_a_relation_that_closes_a_circle(self, system):
        older, newer = AgreementFactory(), AgreementFactory()
        patch(system, f"agreements/{newer.uid}/", {"relations": [{"kind": "renews", "agreement": older.uid}]})
        back = {"relations": [{"kind": "renews", "agreement": newer.uid}]}
        assert "circle" in patch(system, f"agreements/{older.uid}/", back, 400)["detail"]
        itself = {"relations": [{"kind": "renews", "agreement": older.uid}]}
        patch(system, f"agreements/{older.uid}/", itself, 400)

    def test_a_published_record_keeps_what_publication_needs(self, system):
        record = AgreementFactory(published=True)
        patch(system, f"agreements/{record.uid}/", {"sources": []}, 400)
        patch(system, f"agreements/{record.uid}/", {"parties": []}, 400)
        assert (record.sources.count(), record.parties.count()) == (1, 2)

    @pytest.mark.parametrize(("path", "body", "field"), [
        ("institutions", {"name": ""}, "name"),
        ("institutions", {"name": "X", "ror_id": "05apxxy64"}, "ror_id"),
        ("institutions", {"name": "X", "country": "KOR"}, "country"),
        ("institutions", {"name": "X", "latitude": 91}, "latitude"),
        ("institutions", {"name": "X", "latitude": "NaN"}, "latitude"),
        ("institutions", {"name": "X", "website": "ftp//x"}, "website"),
        ("institutions", {"name": "X", "parents": ["nobody"]}, "parents.0"),
        ("institutions", {"name": "X", "visibility": "public"}, "visibility"),
        ("people", {"name": "X", "orcid": "0000-0002-1825-0098"}, "orcid"),
        ("people", {"name": "X", "names": [{"value": ""}]}, "names.0.value"),
        ("events", {"name": "X", "starts_on": "2024-02-30"}, "starts_on"),
        ("focus-areas", {"name": "X", "parent": "nothing"}, "parent"),
    ])  # fmt: skip
    def test_entries_name_the_fault(self, system, path, body, field):
        assert set(faults(post(system, f"{path}/", body, 400))) == {field}

    def test_an_institution_stands_once(self, system, parties):
        problem = post(system, "institutions/", {"name": "Again", "ror_id": "05apxxy63"}, 400)
        assert set(faults(problem)) == {"ror_id"}
        assert Institution.objects.count() == 2

    def test_an_institution_is_not_above_itself(self, system, parties):
        top, below = parties
        patch(system, f"institutions/{below.uid}/", {"parents": [top.uid]})
        assert "itself" in patch(system, f"institutions/{top.uid}/", {"parents": [below.uid]}, 400)["detail"]

    def test_an_unknown_parameter(self, system):
        assert set(faults(post(system, "agreements/?dry_rum=1", {"title": "x", "type": "other"}, 400))) == {
            "dry_rum"
        }


def test_a_change_of_one_row_does_not_write_the_others(system, parties):
    many = [{"institution": row.uid} for row in [*parties, *InstitutionFactory.create_batch(200)]]
    made = post(system, "agreements/", full(parties) | {"parties": many})
    last = {"institution": InstitutionFactory().uid}
    record = Agreement.objects.get(uid=made["id"])
    before = sum(party.history.count() for party in record.parties.all())
    patch(system, f"agreements/{made['id']}/", {"parties": [*many[:-1], last]})
    assert sum(party.history.count() for party in record.parties.all()) == before
    assert [party.institution.uid for party in record.parties.all()][-1] == last["institution"]
