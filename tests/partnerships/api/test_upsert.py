"""Records under the names of other systems: made once, changed after, whoever comes first."""

import threading
from urllib.parse import quote

import pytest
from django.db import connection

from partnerships.models import Agreement, AgreementIdentifier, Institution
from people.models import Person
from tests.factories import AgreementFactory, InstitutionFactory, OfficeFactory, PersonFactory

from .conftest import ApiClient
from .test_writing import WRITE, faults, patch, post, send

pytestmark = pytest.mark.django_db
BODY = {"title": "Letter of intent", "type": "letter_of_intent", "signed_on": "2024"}


def put(client, path: str, body, status: int = 200) -> dict:
    return send(client, "put", path, body, status)


@pytest.fixture
def system(bearing):
    return bearing(*WRITE)


class TestAgreements:
    def test_made_once_and_changed_after(self, system):
        made = put(system, "agreements/by/cris/17/", BODY, 201)
        assert made["identifiers"] == [{"system": "cris", "value": "17"}]
        changed = put(system, "agreements/by/cris/17/", BODY | {"title": "Corrected"})
        assert (changed["id"], changed["title"]) == (made["id"], "Corrected")
        assert Agreement.objects.count() == 1

    @pytest.mark.parametrize(("header", "status"), [("*", 412), ('"read"', 412), ("read", 400), ("", 400)])
    def test_what_was_read_cannot_be_new(self, system, header, status):
        address = "/api/v1/agreements/by/cris/17/"
        answer = system.put(address, BODY, content_type="application/json", headers={"If-Match": header})
        assert answer.status_code == status
        assert not Agreement.objects.exists()

    def test_sent_again_it_writes_nothing(self, system):
        parties = [{"institution": row.uid} for row in InstitutionFactory.create_batch(2)]
        body = BODY | {"parties": parties, "sources": [{"title": "News", "id": "s"}]}
        made = put(system, "agreements/by/cris/17/", body, 201)
        record = Agreement.objects.get()
        before = record.history.count(), record.updated_at
        assert put(system, "agreements/by/cris/17/", body) == made
        record.refresh_from_db()
        assert (record.history.count(), record.updated_at) == before

    def test_what_is_left_out_stays(self, system):
        """A system that sends what it knows does not wipe out what others have added."""
        made = put(system, "agreements/by/cris/17/", BODY, 201)
        patch(system, f"agreements/{made['id']}/", {"summary": "By the office."})
        changed = put(system, "agreements/by/cris/17/", {"title": "Letter", "signed_on": None})
        assert (changed["summary"], changed["signed_on"]) == ("By the office.", None)

    @pytest.mark.parametrize("name", [
        "17", "a/b", "a//b", "10.1000/182", "a b", "a%b", "a?b", "a#b", "한국/1", "a.b.", "a/", "by", "..",
        "urn:x:1;y=2", "x" * 200,
    ])  # fmt: skip
    def test_any_name_that_can_be_written(self, system, name):
        address = f"agreements/by/cris/{quote(name, safe='')}/"
        made = put(system, address, BODY, 201)
        assert made["identifiers"] == [{"system": "cris", "value": name}]
        assert put(system, address, BODY) == made
        assert system.read(address)["id"] == made["id"]

    @pytest.mark.parametrize("address", [
        "agreements/by/cris/a%00b/", "agreements/by/cris/%20/", f"agreements/by/cris/{'x' * 201}/",
        f"agreements/by/{'x' * 51}/1/", "agreements/by/%20/1/", "agreements/by/a%00/1/",
    ])  # fmt: skip
    def test_what_is_no_name(self, system, address):
        response = system.put(f"/api/v1/{address}", BODY, content_type="application/json")
        assert response.status_code == 400
        assert not Agreement.objects.exists()
        assert system.get(f"/api/v1/{address}").status_code == 404

    def test_bytes_that_are_no_text_are_a_name_like_others(self, system):
        response = system.put("/api/v1/agreements/by/cris/%FF/", BODY, content_type="application/json")
        assert response.status_code == 201
        assert system.read("agreements/by/cris/%FF/")["id"] == response.json()["id"]

    def test_reading_says_where_the_record_is(self, system, api):
        record = AgreementFactory(published=True)
        record.identifiers.create(system="esac", value="a/1")
        response = api.get("/api/v1/agreements/by/esac/a/1/?fields=id,identifiers")
        assert response.json() == {"id": record.uid, "identifiers": [{"system": "esac", "value": "a/1"}]}
        assert response.headers["Content-Location"].endswith(f"/api/v1/agreements/{record.uid}/")
        api.read("agreements/by/esac/a/2/", 404)
        assert api.bad_fields("agreements/by/esac/a/1/?bogus=1") == ["bogus"]

    def test_a_withdrawn_one_says_why(self, system, api):
        record = AgreementFactory(published=True)
        record.identifiers.create(system="esac", value="1")
        send(system, "delete", "agreements/by/esac/1/", {"reason": "Never signed."}, 200)
        assert "Never signed." in api.read("agreements/by/esac/1/", 410)["detail"]

    def test_nobody_learns_of_what_they_may_not_see(self, system, api):
        hidden = AgreementFactory(restricted=True, title="Hidden")
        hidden.identifiers.create(system="esac", value="1")
        api.read("agreements/by/esac/1/", 404)
        system.read("agreements/by/esac/1/", 404)
        problem = put(system, "agreements/by/esac/1/", BODY, 409)
        assert "Hidden" not in str(problem)
        problem = post(system, "agreements/", BODY | {"identifiers": [{"system": "esac", "value": "1"}]}, 400)
        assert "Hidden" not in str(problem)

    def test_other_offices_records_are_theirs(self, bearing):
        AgreementFactory(office=OfficeFactory()).identifiers.create(system="esac", value="1")
        put(bearing(*WRITE, office=OfficeFactory()), "agreements/by/esac/1/", BODY, 403)

    def test_nobody_without_credentials(self, api):
        put(api, "agreements/by/esac/1/", BODY, 401)

    def test_a_new_one_needs_what_a_new_one_needs(self, system):
        problem = put(system, "agreements/by/cris/17/", {"signed_on": "2024"}, 400)
        assert set(faults(problem)) == {"title", "type"}
        assert {one["pointer"] for one in problem["errors"]} == {"/title", "/type"}

    def test_identifiers_in_a_body(self, system):
        rows = [{"system": "cris", "value": "1"}, {"system": "esac", "value": "2"}]
        made = post(system, "agreements/", BODY | {"identifiers": rows})
        assert made["identifiers"] == rows
        problem = post(system, "agreements/", BODY | {"identifiers": rows[1:]}, 400)
        assert problem["errors"][0]["pointer"].startswith("/identifiers/0")
        changed = put(system, "agreements/by/esac/2/", {"identifiers": []})
        assert changed["identifiers"] == rows[1:], "the name in the address stays"
        assert patch(system, f"agreements/{made['id']}/", {"identifiers": []})["identifiers"] == []

    def test_the_other_verbs(self, system):
        made = put(system, "agreements/by/cris/17/", BODY, 201)
        assert patch(system, "agreements/by/cris/17/", {"summary": "S"})["summary"] == "S"
        patch(system, "agreements/by/cris/18/", {"summary": "S"}, 404)
        post(system, "agreements/by/cris/17/", {}, 405)
        send(system, "put", f"agreements/{made['id']}/", BODY, 405)
        assert send(system, "delete", "agreements/by/cris/17/", {}, 200)["outcome"] == "deleted"
        send(system, "delete", "agreements/by/cris/17/", {}, 404)


class TestEntries:
    def test_institutions_by_their_ror_id(self, system):
        made = put(system, "institutions/by/ror/https:%2F%2Fror.org%2F05apxxy63/", {"name": "KAIST"}, 201)
        assert made["ror_id"] == "https://ror.org/05apxxy63"
        changed = put(system, "institutions/by/ror/05apxxy63/", {"city": "Daejeon"})
        assert (changed["id"], changed["name"], changed["city"]) == (made["id"], "KAIST", "Daejeon")
        problem = put(system, "institutions/by/ror/05apxxy63/", {"ror_id": "035dkdb55"}, 400)
        assert set(faults(problem)) == {"ror_id"}

    def test_institutions_by_another_register(self, system):
        made = put(system, "institutions/by/grid/grid.37172.30/", {"name": "KAIST"}, 201)
        assert made["identifiers"] == [{"scheme": "grid", "value": "grid.37172.30", "preferred": False}]
        rows = [{"scheme": "grid", "value": "grid.37172.30", "preferred": True}]
        changed = put(system, "institutions/by/grid/grid.37172.30/", {"identifiers": rows})
        assert changed["identifiers"] == rows
        second = InstitutionFactory(name="Another")
        second.identifiers.create(scheme="grid", value="grid.37172.30")
        problem = put(system, "institutions/by/grid/grid.37172.30/", {"city": "x"}, 409)
        assert {one["name"] for one in problem["candidates"]} == {"KAIST", "Another"}

    def test_a_merged_one_leads_to_the_survivor(self, system):
        survivor, merged = InstitutionFactory(), InstitutionFactory(ror_id="05apxxy63")
        Institution.objects.filter(pk=merged.pk).update(merged_into=survivor)
        assert system.read("institutions/by/ror/05apxxy63/")["id"] == survivor.uid

    def test_people_by_their_orcid(self, system):
        made = put(system, "people/by/orcid/0000-0002-1825-0097/", {"name": "Josiah Carberry"}, 201)
        assert made["orcid"].endswith("0000-0002-1825-0097")
        put(system, "people/by/orcid/0000000218250097/", {"name": "J. Carberry"})
        assert Person.objects.get().name == "J. Carberry"

    @pytest.mark.parametrize(("address", "field"), [
        ("institutions/by/ror/05apxxy64/", "value"), ("institutions/by/cris/1/", "system"),
        ("people/by/orcid/0000-0002-1825-0098/", "value"), ("people/by/ror/1/", "system"),
    ])  # fmt: skip
    def test_what_is_no_identifier(self, system, address, field):
        assert set(faults(put(system, address, {"name": "X"}, 400))) == {field}
        system.read(address, 404)

    @pytest.mark.parametrize("path", ["events", "focus-areas", "activities"])
    def test_where_no_other_system_gives_names(self, system, path):
        assert system.put(f"/api/v1/{path}/by/x/1/", {}, content_type="application/json").status_code == 404


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("path", "body", "model"), [
    ("agreements/by/cris/a%2F1/", BODY, Agreement),
    ("institutions/by/grid/grid.1/", {"name": "New"}, Institution),
    ("institutions/by/ror/05apxxy63/", {"name": "New"}, Institution),
    ("people/by/orcid/0000-0002-1825-0097/", {"name": "New"}, Person),
])  # fmt: skip
def test_many_at_once_make_one(bearing, path, body, model):
    client = bearing(*WRITE)
    answers = at_once(8, lambda number: client.put(f"/api/v1/{path}", body, content_type="application/json"))
    assert sorted(answers) == [200] * 7 + [201]
    assert model.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_put_and_post_at_once_make_one(bearing):
    client = bearing(*WRITE)
    whole = BODY | {"identifiers": [{"system": "cris", "value": "1"}]}

    def one(number):
        if number % 2:
            return client.post("/api/v1/agreements/", whole, content_type="application/json")
        return client.put("/api/v1/agreements/by/cris/1/", BODY, content_type="application/json")

    answers = at_once(8, one)
    assert answers.count(201) == 1
    assert set(answers) <= {200, 201, 400}
    assert AgreementIdentifier.objects.count() == Agreement.objects.count() == 1


def at_once(number: int, send) -> list[int]:
    """Send requests from so many threads at the same moment; the statuses."""
    start, answers = threading.Barrier(number), []

    def run(which):
        try:
            start.wait()
            answers.append(send(which).status_code)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[which]) for which in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answers) == number
    return answers


def test_a_client_without_a_token_reads_what_is_public(api: ApiClient):
    person = PersonFactory(orcid="0000-0002-1825-0097", visibility="public")
    assert api.read("people/by/orcid/https:%2F%2Forcid.org%2F0000-0002-1825-0097/")["id"] == person.uid
