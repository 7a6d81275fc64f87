"""A name leads to its institution where nobody need be asked; a new one is not recorded twice."""

import time

import pytest

from partnerships.models import Institution
from people.access import Disclosure
from tests.factories import InstitutionFactory, make_public

from .test_upsert import put
from .test_writing import WRITE, patch, post

pytestmark = pytest.mark.django_db
MATCH = "institutions/match/"


@pytest.fixture
def system(bearing):
    return bearing(*WRITE)


@pytest.fixture
def kaist():
    found = InstitutionFactory(name="Korea Advanced Institute of Science and Technology", country_id="KR",
                               ror_id="05apxxy63", website="https://www.kaist.ac.kr/")  # fmt: skip
    found.names.create(value="KAIST", kind="acronym")
    found.names.create(value="한국과학기술원", language="ko")
    make_public(found)
    return found


class TestMatching:
    @pytest.mark.parametrize(("asked", "chosen"), [
        ("name=korea+advanced+institute+of+science+and+technology", True),
        ("name=한국과학기술원&country=KR", True),
        ("name=한국과학기술원&country=GB", False),
        ("name=KAIST", False),
        ("name=KAIST&website=kaist.ac.kr", True),
        ("name=Korea+Advanced+Institute+of+Sience+and+Technology", False),
        ("name=Korea+Advanced+Institute+of+Sience+and+Technology&website=http://kaist.ac.kr/x", True),
        ("ror_id=https://ror.org/05apxxy63", True),
        ("name=Something+else&ror_id=05apxxy63", True),
        ("name=한국과학기술원&ror_id=035dkdb55", False),
    ])  # fmt: skip
    def test_chosen_only_where_nobody_need_be_asked(self, api, kaist, asked, chosen):
        found = api.read(f"{MATCH}?{asked}")
        assert found["chosen"] == (kaist.uid if chosen else None)
        [candidate] = found["candidates"]
        assert (candidate["id"], candidate["country"]) == (kaist.uid, "KR")
        assert candidate["reason"]
        assert 0 <= candidate["score"] <= 100

    def test_two_of_one_name(self, api, kaist):
        make_public(InstitutionFactory(name=kaist.name, country_id="US"))
        name = kaist.name.replace(" ", "+")
        assert api.read(f"{MATCH}?name={name}")["chosen"] is None
        assert len(api.read(f"{MATCH}?name={name}")["candidates"]) == 2
        assert api.read(f"{MATCH}?name={name}&country=KR")["chosen"] == kaist.uid
        assert len(api.read(f"{MATCH}?name={name}&limit=1")["candidates"]) == 1

    def test_nothing_like_it(self, api, kaist):
        assert api.read(f"{MATCH}?name=Zzyzx") == {"chosen": None, "candidates": []}

    def test_what_one_may_not_see_is_no_candidate(self, api, system):
        hidden = InstitutionFactory(name="Hidden Institute", ror_id="035dkdb55")
        for asked in ("name=Hidden+Institute", "ror_id=035dkdb55", f"id={hidden.uid}"):
            assert api.read(f"{MATCH}?{asked}") == {"chosen": None, "candidates": []}
            assert system.read(f"{MATCH}?{asked}")["chosen"] == hidden.uid

    def test_a_merged_one_leads_to_the_survivor(self, api, kaist):
        merged = InstitutionFactory(name="Old name")
        Institution.objects.filter(pk=merged.pk).update(merged_into=kaist)
        assert api.read(f"{MATCH}?id={merged.uid}")["chosen"] == kaist.uid

    @pytest.mark.parametrize(("asked", "fields"), [
        ("", ["name"]), ("name=", ["name"]), ("country=KR", ["name"]), ("name=x&bogus=1", ["bogus"]),
        ("name=x&country=ZZ", ["country"]), ("name=x&limit=0", ["limit"]), ("name=x&limit=x", ["limit"]),
        (f"name={'x' * 501}", ["name"]), ("name=x&fields=id", ["fields"]),
    ])  # fmt: skip
    def test_what_cannot_be_asked(self, api, asked, fields):
        assert api.bad_fields(f"{MATCH}?{asked}") == fields

    @pytest.mark.parametrize("name", ["%", "_", "'", "\\", "(", "😀", "‮", "a" * 500, "🇰🇷 대학교", "x,;|-"])
    def test_any_text_may_be_a_name(self, system, kaist, name):
        post(system, MATCH, {"items": [{"name": name}]}, 200)

    def test_a_list(self, system, kaist):
        items = [{"name": "한국과학기술원"}, {"name": "Nothing like it"}, {"ror_id": "05apxxy63"},
                 {"name": "KAIST", "country": "KR"}]  # fmt: skip
        found = post(system, MATCH, {"items": items, "limit": 3}, 200)["results"]
        assert [one["chosen"] for one in found] == [kaist.uid, None, kaist.uid, None]
        assert [len(one["candidates"]) for one in found] == [1, 0, 1, 1]

    def test_a_list_needs_credentials(self, api, bearing):
        post(api, MATCH, {"items": [{"name": "x"}]}, 401)
        post(bearing("read:public"), MATCH, {"items": [{"name": "x"}]}, 200)

    @pytest.mark.parametrize(("body", "pointers"), [
        ([], {None}), ({}, {"/items"}), ({"items": []}, {"/items"}),
        ({"items": [{"name": "x"}] * 1001}, {"/items"}),
        ({"items": [{"name": "x"}, {}, {"name": 5, "country": "ZZ"}, "x"]},
         {"/items/1/name", "/items/2/country", "/items/3"}),
        ({"items": [{"name": "x"}], "limit": 99}, {"/limit"}), ({"items": [{"nom": "x"}]}, {"/items/0/nom"}),
        ({"items": [{"name": "x\x00"}]}, {"/items/0/name"}),
    ])  # fmt: skip
    def test_what_is_no_list(self, system, body, pointers):
        problem = post(system, MATCH, body, 400)
        assert {one.get("pointer") for one in problem["errors"]} == pointers

    def test_few_statements_a_name(self, system, kaist, django_assert_max_num_queries):
        with django_assert_max_num_queries(20 + 100 * 7):
            started = time.monotonic()
            post(system, MATCH, {"items": [{"name": kaist.name, "country": "KR"}] * 100}, 200)
        assert time.monotonic() - started < 30


class TestRecordingNewOnes:
    @pytest.mark.parametrize("facts", [
        {"name": "Korea Advanced Institute of Science and Technology"},
        {"name": "korea advanced institute of science and technology", "country": "KR"},
        {"name": "한국과학기술원"},
    ])  # fmt: skip
    def test_one_that_stands_is_named(self, system, kaist, facts):
        problem = post(system, "institutions/", facts, 409)
        [found] = problem["candidates"]
        assert (found["id"], found["name"]) == (kaist.uid, kaist.name)
        assert found["reason"]
        assert Institution.objects.count() == 1
        made = post(system, "institutions/?accept_similar=true", facts)
        assert made["id"] != kaist.uid

    @pytest.mark.parametrize("facts", [
        {"name": "KAIST"},
        {"name": "Korea Advanced Institute of Science and Technology", "country": "US"},
        {"name": "Korea Advanced Institute of Science and Technology", "ror_id": "035dkdb55"},
        {"name": "Korea Institute of Science and Technology", "country": "KR"},
    ])  # fmt: skip
    def test_others_are_not_hindered(self, system, kaist, facts):
        post(system, "institutions/", facts)

    def test_sub_units_of_different_institutions_share_names(self, system, kaist):
        other = InstitutionFactory(name="Seoul National University")
        body = {"name": "Graduate School of Law", "parents": [kaist.uid]}
        post(system, "institutions/", body)
        assert len(post(system, "institutions/", body, 409)["candidates"]) == 1
        post(system, "institutions/", body | {"parents": [other.uid]})

    def test_in_bulk_and_by_identifier(self, system, kaist):
        items = [{"name": "Quite another"}, {"name": kaist.name}]
        problem = post(system, "institutions/bulk/", {"items": items}, 409)
        assert problem["errors"][0]["pointer"] == "/items/1"
        assert problem["errors"][0]["candidates"][0]["id"] == kaist.uid
        assert Institution.objects.count() == 1
        problem = put(system, "institutions/by/grid/grid.37172.30/", {"name": kaist.name}, 409)
        assert problem["candidates"][0]["id"] == kaist.uid
        put(system, "institutions/by/grid/grid.37172.30/?accept_similar=true", {"name": kaist.name}, 201)

    def test_nobody_learns_of_what_they_may_not_see(self, bearing):
        """Whoever may record institutions sees them all; the check asks the gate all the same."""
        hidden = InstitutionFactory(name="Hidden Institute", visibility=Disclosure.INTERNAL)
        problem = post(bearing("write:institutions"), "institutions/", {"name": "Hidden Institute"}, 409)
        assert problem["candidates"][0]["id"] == hidden.uid
        post(bearing("read:public"), "institutions/", {"name": "Hidden Institute"}, 403)

    def test_changing_a_name_is_not_recording(self, system, kaist):
        other = InstitutionFactory(name="Other")
        patch(system, f"institutions/{other.uid}/", {"name": kaist.name})
