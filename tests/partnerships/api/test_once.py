"""Writes that are sent again are applied once; writes that are rehearsed are not applied at all."""

import json
import threading
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone

from partnerships import tasks
from partnerships.models import Agreement, Institution, KeptAnswer
from partnerships.services import repeating
from people.models import ApiToken, Role
from people.services.tokens import revoke_token
from tests.factories import AgreementFactory, InstitutionFactory, MembershipFactory

from .conftest import ApiClient
from .test_upsert import at_once
from .test_writing import JSON, WRITE, faults, patch

pytestmark = pytest.mark.django_db
BODY = {"title": "Letter of intent", "type": "letter_of_intent"}
LIST = "/api/v1/agreements/"


@pytest.fixture
def system(bearing):
    return bearing(*WRITE)


@pytest.fixture
def reviewer():
    client = ApiClient()
    client.force_login(MembershipFactory(role=Role.REVIEWER).user)
    return client


def keyed(client, key, body=BODY, path: str = LIST, method: str = "post"):
    content = body if isinstance(body, str) else json.dumps(body)
    return getattr(client, method)(path, content, content_type=JSON, headers={"idempotency-key": key})


class TestKeys:
    def test_the_same_again_is_answered_alike(self, system):
        first, again = keyed(system, '"k1"'), keyed(system, '"k1"')
        assert (first.status_code, again.status_code) == (201, 201)
        assert again.content == first.content
        assert again.headers["Location"] == first.headers["Location"]
        assert "Idempotent-Replayed" not in first.headers
        assert again.headers["Idempotent-Replayed"] == "true"
        assert again.headers["Content-Type"] == first.headers["Content-Type"]
        assert Agreement.objects.count() == 1

    def test_a_body_written_otherwise_is_the_same(self, system):
        keyed(system, "k1", '{"title": "T", "type": "other"}')
        assert keyed(system, "k1", '{"type":"other",  "title":"\\u0054"}').status_code == 201
        assert Agreement.objects.count() == 1

    @pytest.mark.parametrize("other", [
        {"body": BODY | {"title": "Another"}}, {"path": f"{LIST}?fields=id"},
        {"path": "/api/v1/institutions/", "body": {"name": "X"}},
    ])  # fmt: skip
    def test_another_request_needs_another_key(self, system, other):
        keyed(system, "k1")
        refused = keyed(system, "k1", **other)
        assert refused.status_code == 422
        assert refused.json()["title"] == "Unprocessable Entity"
        assert (Agreement.objects.count(), Institution.objects.count()) == (1, 0)

    def test_each_caller_has_keys_of_their_own(self, system, bearing, reviewer):
        for client in (system, bearing("write:agreements"), reviewer):
            assert "Idempotent-Replayed" not in keyed(client, "k1").headers
        assert Agreement.objects.count() == 3

    def test_a_refused_write_leaves_the_key_free(self, system):
        assert keyed(system, "k1", BODY | {"type": "treaty"}).status_code == 400
        assert keyed(system, "k1").status_code == 201
        assert KeptAnswer.objects.count() == 1

    def test_acts_changes_and_removals_take_keys(self, system, reviewer):
        record = AgreementFactory()
        address = f"{LIST}{record.uid}/"
        for client, path, body, method in (
            (system, address, {"summary": "S"}, "patch"),
            (system, f"{address}submit/", {}, "post"),
            (reviewer, f"{address}publish/", {}, "post"),
            (system, address, {"reason": "Wrong."}, "delete"),
        ):
            first = keyed(client, f"{method} {path[-9:]}".replace(" ", ":"), body, path, method)
            again = keyed(client, f"{method} {path[-9:]}".replace(" ", ":"), body, path, method)
            assert (first.status_code, first.content) == (again.status_code, again.content), path
            assert again.headers["Idempotent-Replayed"] == "true"

    def test_the_answer_stays_what_it_was(self, system):
        first = keyed(system, "k1")
        patch(system, f"agreements/{first.json()['id']}/", {"title": "Changed"})
        assert keyed(system, "k1").content == first.content

    def test_a_day_later_a_key_is_free(self, system):
        keyed(system, "k1")
        KeptAnswer.objects.update(made_at=timezone.now() - timedelta(hours=25))
        assert "Idempotent-Replayed" not in keyed(system, "k1").headers
        assert Agreement.objects.count() == 2

    def test_answers_whose_time_is_over_are_swept(self, system):
        keyed(system, "k1")
        assert repeating.sweep_answers in tasks.DUE
        assert repeating.sweep_answers() == 0
        assert repeating.sweep_answers(now=timezone.now() + timedelta(hours=25)) == 1
        assert not KeptAnswer.objects.exists()

    @pytest.mark.parametrize("key", ["", " ", '""', '"', "a b", "k,l", "é", "x" * 256, '"a"b"', "한", "a\tb"])
    def test_what_is_no_key(self, system, key):
        response = keyed(system, key)
        assert response.status_code == 400
        assert faults(response.json()) == {"Idempotency-Key": "invalid_key"}
        assert not Agreement.objects.exists()

    @pytest.mark.parametrize(
        "key", ["8e03978e-40d5-43dd-bc93-6894a57f9324", "x" * 255, '"a b\\"\\\\c"', "';--", "%00"]
    )
    def test_what_is_a_key(self, system, key):
        assert keyed(system, key).status_code == 201
        assert keyed(system, key).headers["Idempotent-Replayed"] == "true"

    def test_quotation_marks_are_no_part_of_a_key(self, system):
        keyed(system, "k1")
        assert keyed(system, '"k1"').headers["Idempotent-Replayed"] == "true"

    def test_a_revoked_token_is_told_nothing_again(self, system):
        keyed(system, "k1")
        revoke_token(token=ApiToken.objects.get())
        assert keyed(system, "k1").status_code == 401


@pytest.mark.django_db(transaction=True)
def test_the_same_key_at_once_is_applied_once(system):
    assert at_once(8, lambda number: keyed(system, "k1")) == [201] * 8
    assert Agreement.objects.count() == KeptAnswer.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_one_that_waits_too_long_is_told_so(system, monkeypatch):
    monkeypatch.setattr(repeating, "WAIT_SECONDS", 1)
    keyed(system, "k0")
    holder = KeptAnswer.objects.get().holder
    held, done = threading.Event(), threading.Event()

    def at_work():
        with transaction.atomic():
            repeating.claim(holder=holder, key="k1", fingerprint="x")
            held.set()
            done.wait(20)
            transaction.set_rollback(True)
        connection.close()

    thread = threading.Thread(target=at_work)
    thread.start()
    assert held.wait(10)
    response = keyed(system, "k1")
    done.set()
    thread.join()
    assert (response.status_code, response.headers["Retry-After"]) == (409, "1")
    assert Agreement.objects.count() == 1
    assert keyed(system, "k1").status_code == 201, "the first was taken back: this one does it"


class TestRehearsals:
    def snapshot(self) -> dict:
        models = [Agreement, Institution, KeptAnswer]
        counts = {model.__name__: model.objects.count() for model in models}
        kept = {
            model.__name__ + "History": model._meta.get_field("history").related_model.objects.count()
            for model in (Agreement, Institution)
        }
        return (
            counts
            | kept
            | {
                "states": list(
                    Agreement.objects.values_list("pk", "updated_at", "title", "publication_state")
                )
            }
        )

    @pytest.mark.parametrize("key", [None, "k1"])
    def test_nothing_stands_after_one(self, system, reviewer, key, django_capture_on_commit_callbacks):
        record, published = AgreementFactory(), AgreementFactory(published=True)
        waiting = AgreementFactory(publication_state="in_review")
        before = self.snapshot()
        headers = {"idempotency-key": key} if key else {}
        with django_capture_on_commit_callbacks() as callbacks:
            for client, method, path, body, status in (
                (system, "post", LIST, BODY, "201"),
                (system, "patch", f"{LIST}{record.uid}/", {"title": "T"}, "200"),
                (system, "put", f"{LIST}by/cris/1/", BODY, "201"),
                (system, "delete", f"{LIST}{record.uid}/", {}, "200"),
                (system, "delete", f"{LIST}{published.uid}/", {"reason": "x"}, "200"),
                (system, "post", f"{LIST}{record.uid}/submit/", {}, "200"),
                (reviewer, "post", f"{LIST}{waiting.uid}/publish/", {}, "200"),
                (system, "post", "/api/v1/institutions/", {"name": "New"}, "201"),
            ):
                response = getattr(client, method)(
                    f"{path}?dry_run=true", json.dumps(body), content_type=JSON, headers=headers
                )
                assert response.status_code == 200, response.content
                assert response.headers["Dry-Run"] == "true"
                assert response.headers["Dry-Run-Status"] == status
                assert "Location" not in response.headers
        assert not callbacks
        assert self.snapshot() == before

    def test_it_says_what_would_be(self, system):
        record = AgreementFactory()
        response = system.patch(f"{LIST}{record.uid}/?dry_run=1", {"title": "T"}, content_type=JSON)
        assert response.json()["title"] == "T"

    def test_every_rule_speaks(self, system):
        """Rules that wait for the end of the transaction too."""
        record = AgreementFactory(published=True)
        response = system.patch(f"{LIST}{record.uid}/?dry_run=true", {"sources": []}, content_type=JSON)
        assert response.status_code == 400
        assert "source" in response.json()["detail"]
        for body in ({"title": "x"}, BODY | {"end": {"kind": "date", "on": "1999"}, "signed_on": "2024"}):
            assert system.post(f"{LIST}?dry_run=true", body, content_type=JSON).status_code == 400

    def test_a_key_keeps_its_meaning(self, system):
        keyed(system, "k1")
        response = keyed(system, "k1", BODY | {"title": "Other"}, f"{LIST}?dry_run=true")
        assert response.json()["title"] == "Other"
        assert keyed(system, "k1").headers["Idempotent-Replayed"] == "true"

    @pytest.mark.parametrize("word", ["yes", "2", "tru"])
    def test_a_word_that_says_neither(self, system, word):
        response = system.post(f"{LIST}?dry_run={word}", BODY, content_type=JSON)
        assert faults(response.json()) == {"dry_run": "invalid"}
        assert not Agreement.objects.exists()

    def test_no_is_no(self, system):
        assert system.post(f"{LIST}?dry_run=false", BODY, content_type=JSON).status_code == 201

    def test_reading_knows_no_rehearsal(self, api):
        assert api.bad_fields("agreements/?dry_run=true") == ["dry_run"]

    def test_who_may_not_write_may_not_rehearse(self, bearing, api):
        assert api.post(f"{LIST}?dry_run=true", BODY, content_type=JSON).status_code == 401
        client = bearing("read:internal")
        assert client.post(f"{LIST}?dry_run=true", BODY, content_type=JSON).status_code == 403


class TestPlaces:
    @pytest.mark.parametrize(("body", "pointers"), [
        ({"parties": [{"institution": "05apxxy63"}, {"institution": "nobody"}]}, {"/parties/1/institution"}),
        ({"end": {"kind": "date", "on": "2024", "at~/x": 1}}, {"/end/at~0~1x"}),
        ({"a.b": 1, "c/d": 1}, {"/a.b", "/c~1d"}),
        ({"sources": [{"title": "x", "url": "javascript:alert(1)"}]}, {"/sources/0/url"}),
        ({"parties": [{"institution": "05apxxy63"}] * 2}, {"/parties/1"}),
    ])  # fmt: skip
    def test_a_fault_is_pointed_at(self, system, body, pointers):
        InstitutionFactory(ror_id="05apxxy63")
        response = system.post(LIST, BODY | body, content_type=JSON)
        assert response.status_code == 400
        assert {error["pointer"] for error in response.json()["errors"]} == pointers

    def test_what_is_about_the_whole_points_at_the_whole(self, system):
        record = AgreementFactory(published=True)
        response = system.patch(f"{LIST}{record.uid}/", {"sources": []}, content_type=JSON)
        assert [(one["field"], one.get("pointer")) for one in response.json()["errors"]] == [(None, None)]

    def test_a_parameter_has_no_place_in_a_body(self, system):
        response = system.post(f"{LIST}?bogus=1", BODY, content_type=JSON)
        assert "pointer" not in response.json()["errors"][0]

    @pytest.mark.parametrize(("body", "words"), [
        ('{"title": "A", "type": "other", "title": "B"}', "“title” stands twice"),
        ('{"title": "A", "type": "other", "end": {"kind": "date", "kind": "a"}}', "“kind” stands twice"),
        ('{"\\ud800": 1, "\\ud800": 2}', "stands twice"),
        ('{"title": "\\ud800", "type": "other"}', "UTF-8"),
        ('{"title": ' + "[" * 60 + "]" * 60 + "}", "nested too deeply"),
        ('{"title": ' * 900 + "1" + "}" * 900, "nested too deeply"),
    ])  # fmt: skip
    def test_what_programs_read_differently_is_refused(self, system, body, words):
        response = system.post(LIST, body, content_type=JSON)
        assert response.status_code == 400
        assert words in response.json()["detail"]
