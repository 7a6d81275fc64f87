"""``If-Match``: what somebody changed meanwhile is not written over."""

import json
from threading import Barrier, Thread

import pytest
from django.db import connection
from django.test import override_settings

from partnerships.models import Agreement
from people.models import Role
from tests.factories import (
    AgreementFactory,
    EventFactory,
    InstitutionFactory,
    MembershipFactory,
    OfficeFactory,
)

from .conftest import ApiClient
from .test_writing import WRITE, faults

JSON = "application/json"


def change(client, path: str, body: dict, method: str = "patch", **headers):
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return getattr(client, method)(f"/api/v1/{path}", json.dumps(body), content_type=JSON, headers=named)


def tag(client, path: str) -> str:
    return client.get(f"/api/v1/{path}").headers["ETag"]


@pytest.fixture
def system(bearing):
    return bearing(*WRITE)


@pytest.mark.django_db
class TestPatch:
    @pytest.fixture(params=[AgreementFactory, InstitutionFactory, EventFactory])
    def path(self, request):
        row = request.param()
        names = {"Agreement": "agreements", "Institution": "institutions", "Event": "events"}
        return f"{names[type(row).__name__]}/{row.uid}/"

    def test_as_it_was_read_and_as_it_no_longer_is(self, system, path):
        key = "title" if path.startswith("agreements") else "name"
        read = tag(system, path)
        first = change(system, path, {key: "First"}, if_match=read)
        assert first.status_code == 200, first.content
        second = change(system, path, {key: "Second"}, if_match=read)
        assert second.status_code == 412
        assert system.read(path)[key] == "First"
        # The answer to a change carries the tag for the next one: the one that reading gives.
        assert first.headers["ETag"] == tag(system, path) != read
        assert change(system, path, {key: "Third"}, if_match=first.headers["ETag"]).status_code == 200

    def test_forms_of_the_header(self, system, path):
        read = tag(system, path)
        coded = f'{read[:-1]}-gzip"'
        # A weak tag never stands for the record in If-Match.
        for header, status in [
            ('"another"', 412), (f"W/{read}", 412), ("abc", 400), ("", 400),
            ("*", 200), (read, 200), (f'"another", {coded}', 200),
        ]:  # fmt: skip
            answer = change(system, path, {"reason": "again"}, if_match=header)
            assert answer.status_code == status, (header, answer.content)
            if status == 400:
                assert faults(answer.json()) == {"If-Match": "invalid"}
        for header, status in [("*", 412), (read, 412), (f"W/{read}", 412), ('"another"', 200)]:
            assert change(system, path, {"reason": "x"}, if_none_match=header).status_code == status, header

    def test_the_tag_is_that_of_the_address_and_of_the_reader(self, system, api, path):
        chosen = tag(system, f"{path}?fields=id")
        assert change(system, path, {"reason": "x"}, if_match=chosen).status_code == 412
        assert change(system, f"{path}?fields=id", {"reason": "x"}, if_match=chosen).status_code == 200
        indented = system.get(f"/api/v1/{path}", headers={"accept": "application/json; indent=4"})
        assert b"\n    " in indented.content and indented.headers["ETag"].endswith('-i4"')
        assert change(system, path, {"reason": "x"}, if_match=indented.headers["ETag"]).status_code == 200

    def test_a_registry_that_insists(self, system, path):
        key = "title" if path.startswith("agreements") else "name"
        with override_settings(API_REQUIRE_IF_MATCH=True):
            assert change(system, path, {key: "New"}).status_code == 428
            read = system.read(path)["updated_at"]
            assert change(system, path, {key: "New", "updated_at": read}).status_code == 200
            assert change(system, path, {key: "Newer"}, if_match=tag(system, path)).status_code == 200
        assert change(system, path, {key: "Newest"}).status_code == 200

    def test_who_may_not_learns_nothing(self, api, bearing, path):
        assert change(api, path, {}, if_match="*").status_code in {401, 404}
        if path.startswith("agreements"):
            reader = bearing("read:internal")
            assert change(reader, path, {}, if_match='"x"').status_code == 403, (
                "before any record is looked for"
            )


@pytest.mark.django_db
def test_acts(system):
    office = OfficeFactory()
    reviewer = ApiClient()
    reviewer.force_login(MembershipFactory(role=Role.REVIEWER, office=office).user)
    record = AgreementFactory(office=office)
    path = f"agreements/{record.uid}/"
    read = tag(reviewer, path)
    Agreement.objects.filter(pk=record.pk).update(title="Somebody was here")
    assert change(reviewer, f"{path}submit/", {}, "post", if_match=read).status_code == 412
    with override_settings(API_REQUIRE_IF_MATCH=True):
        assert change(reviewer, f"{path}submit/", {}, "post").status_code == 428
    record.refresh_from_db()
    assert record.publication_state == "draft"
    done = change(reviewer, f"{path}submit/", {}, "post", if_match=tag(reviewer, path))
    assert done.status_code == 200 and done.headers["ETag"] == tag(reviewer, path)


@pytest.mark.django_db
def test_what_is_made_has_the_tag_of_what_is_read(system):
    made = change(system, "events/", {"name": "Summit"}, "post")
    assert made.headers["ETag"] == tag(system, f"events/{made.json()['id']}/")


@pytest.mark.django_db(transaction=True)
def test_of_many_that_read_the_same_one_wins(bearing):
    record = AgreementFactory(title="Before")
    path = f"agreements/{record.uid}/"
    clients = [bearing(*WRITE, name=f"system {number}") for number in range(5)]
    read = tag(clients[0], path)
    assert {tag(client, path) for client in clients} == {read}
    start, answers = Barrier(len(clients)), {}

    def send(number):
        start.wait()
        try:
            answers[number] = change(
                clients[number], path, {"title": f"By {number}"}, if_match=read
            ).status_code
        finally:
            connection.close()

    threads = [Thread(target=send, args=[number]) for number in range(len(clients))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers.values()) == [200, 412, 412, 412, 412]
    [winner] = [number for number, status in answers.items() if status == 200]
    record.refresh_from_db()
    assert record.title == f"By {winner}"
