"""``include=``: what a record names, in full and in the same answer; ``count=``: how a list is counted."""

import pytest

from partnerships.models import Institution, InstitutionLink
from partnerships.search.answers import SHARE
from tests.contract import sentinels
from tests.factories import (
    AgreementFactory,
    EventFactory,
    InstitutionFactory,
    PersonFactory,
    SignatoryFactory,
    StatementFactory,
    publish_now,
)

from .conftest import follow
from .test_queries import full_record

pytestmark = pytest.mark.django_db
EVERYTHING = "include=institutions,people,events,focus_areas"


def ids(rows) -> set[str]:
    return {row["id"] for row in rows}


class TestInclude:
    def test_beside_a_record_and_beside_a_list(self, api, staff):
        agreement = full_record()
        for client in (api, staff):
            record = client.read(f"agreements/{agreement.uid}/?{EVERYTHING}")
            found = record.pop("included")
            assert record == client.read(f"agreements/{agreement.uid}/")
            named = {party["institution"]["id"] for party in record["parties"]}
            assert ids(found["institutions"]) == named
            for one in found["institutions"]:
                assert one == client.read(f"institutions/{one['id']}/")
            people = {row["person"]["id"] for row in record["signatories"] + record["statements"]}
            assert ids(found["people"]) == people
            assert ids(found["events"]) == {record["event"]["id"]}
            assert ids(found["focus_areas"]) == ids(record["focus_areas"])
            answer = client.read(f"agreements/?{EVERYTHING}&ordering=title")
            assert [one["id"] for one in answer["included"]["events"]] == [record["event"]["id"]]
            assert (
                len(answer["included"]["institutions"]) == len(ids(answer["included"]["institutions"])) == 2
            )

    def test_with_fields_and_omit(self, api):
        agreement = full_record()
        record = api.read(f"agreements/{agreement.uid}/?fields=id&include=institutions")
        assert set(record) == {"id", "included"} and len(record["included"]["institutions"]) == 2
        assert "names" in record["included"]["institutions"][0], "what is included is whole"
        answer = api.read("agreements/?omit=parties&include=events&page_size=1")
        assert "parties" not in answer["results"][0] and "events" in answer["included"]

    def test_relatives_of_institutions(self, api):
        record = full_record()
        below = record.parties.first().institution
        Institution.objects.update(visibility="public")
        above = InstitutionLink.objects.get(institution=below, kind="parent").target
        found = api.read(f"institutions/{below.uid}/?include=parents,children,predecessors,successors")
        assert [ids(rows) for rows in found["included"].values()] == [{above.uid}, set(), set(), set()]
        found = api.read(f"institutions/{above.uid}/?include=children")
        assert ids(found["included"]["children"]) == {below.uid}

    def test_what_is_refused(self, api):
        record = full_record()
        for path in (
            "agreements/?include=institution", f"agreements/{record.uid}/?include=nothing",
            "events/?include=x", "countries/KR/?include=people",
            "agreements/?include=institutions&format=csv", "agreements/?format=ndjson&include=people",
            f"institutions/?include={'parents,' * 51}", "partnerships/?include=institutions",
            "agreements/?include=a\u00e9%0a",
        ):  # fmt: skip
            assert set(api.bad_fields(path)) == {"include"}, path
        assert "included" not in api.read("agreements/?include=")

    def test_only_what_one_may_see(self, api, bearing):
        sentinels.build()
        for path in (f"agreements/?{EVERYTHING}", "institutions/?include=parents,children,successors"):
            answer = api.get(f"/api/v1/{path}").content.decode()
            assert not any(word in answer for word in sentinels.WORDS), path
        assert sentinels.CATALOGUE in str(bearing("read:internal").read("institutions/?include=children"))

    def test_statements(self, api, counted_queries):
        counted = []
        for rows in (2, 5):
            for _ in range(rows):
                full_record()
            api.read("agreements/")
            with counted_queries(f"GET /api/v1/agreements/?{EVERYTHING}") as captured:
                api.read(f"agreements/?{EVERYTHING}&page_size=100")
            counted.append(len(captured))
        assert counted[0] == counted[1]


class TestCount:
    @pytest.fixture
    def many(self, seven, monkeypatch):
        # As if a sample of two cards were many.
        monkeypatch.setattr("partnerships.search.answers.COUNTED", -1)

    def test_none(self, api, seven):
        for path in ("agreements/?", "agreements/?country=GB&", "institutions/?", "partnerships/?"):
            plain = api.read(f"{path}page_size=3")
            for paging in ("page_size=3", "page_size=3&cursor="):
                answer = api.read(f"{path}{paging}&count=none")
                assert answer["count"] is None and "count_interval" not in answer
                assert answer["results"] == plain["results"], path
        pages = follow(api, "agreements/?count=none&page_size=3")
        assert [len(page["results"]) for page in pages] == [3, 3, 1]
        pages = follow(api, "agreements/?count=none&page_size=7")
        assert [len(page["results"]) for page in pages] == [7]
        assert len(follow(api, "agreements/?count=none&page_size=2&cursor=")) == 4
        api.read("agreements/?count=none&page=2", status=404)
        assert api.read("agreements/?count=none&q=nothinglikeit")["results"] == []

    def test_none_asks_nothing(self, api, seven, counted_queries):
        api.read("agreements/")
        for path in ("agreements/?count=none", "institutions/?count=none&cursor="):
            with counted_queries(f"GET /api/v1/{path}") as captured:
                api.read(path)
            asked = " ".join(query["sql"] for query in captured.captured_queries)
            assert "tally" not in asked and "sampledcard" not in asked

    def test_exact(self, api, many):
        assert api.read("agreements/?q=title")["count"] % SHARE == 0, "estimated by itself"
        for path in ("agreements/?q=title", "agreements/?q=title&cursor=", "agreements/?country=GB"):
            answer = api.read(f"{path}&count=exact")
            assert answer["count"] in {0, 7} and "count_interval" not in answer
        assert api.read("agreements/?q=title&count=exact")["count"] == 7

    def test_estimate(self, api, seven):
        for paging in ("", "&cursor="):
            answer = api.read(f"agreements/?q=title&count=estimate{paging}")
            low, high = answer["count_interval"]
            assert low <= answer["count"] <= high and low <= 7 <= high
            assert len(answer["results"]) == 7
        # Where a tally stands, it is exact and costs no more.
        assert api.read("agreements/?count=estimate")["count"] == 7

    def test_what_was_meant_is_found_without_counting(self, api):
        kaist = InstitutionFactory(name="KAIST", visibility="public")
        AgreementFactory(title="Quantum", parties=[kaist, InstitutionFactory()], published=True)
        for paging in ("", "&cursor="):
            plain = api.read(f"agreements/?q=kaits{paging}")
            answer = api.read(f"agreements/?q=kaits&count=none{paging}")
            assert answer["results"] == plain["results"] != [] and answer["corrected"] == plain["corrected"]

    def test_what_is_refused(self, api):
        for value in ("all", "0", "EXACT", "none%00"):
            assert api.bad_fields(f"agreements/?count={value}") in (["count"], [None])
        assert api.bad_fields("agreements/none/?count=none") == ["count"]


def test_who_is_spoken_for_is_included(api):
    record = AgreementFactory(published=False)
    statement = StatementFactory(agreement=record, institution=InstitutionFactory(), person=PersonFactory())
    SignatoryFactory(party=record.parties.first(), person=PersonFactory())
    record.event = EventFactory()
    record.save()
    publish_now(record)
    found = api.read(f"agreements/{record.uid}/?include=institutions,people")["included"]
    assert statement.institution.uid in ids(found["institutions"])
    assert len(found["institutions"]) == 3 and len(found["people"]) == 2
