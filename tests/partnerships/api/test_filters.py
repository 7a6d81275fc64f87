"""Every filter of agreements, asked over HTTP. The rules behind them are held in ``test_filters`` above."""

import pytest

from partnerships.models import InstitutionLink
from tests.factories import (
    ActivityFactory,
    AgreementFactory,
    EventFactory,
    FocusAreaFactory,
    InstitutionFactory,
    MembershipFactory,
    PersonFactory,
    StatementFactory,
    SubjectFactory,
    make_public,
    publish_now,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    """Two records, A and B, that differ in everything that one may ask for."""
    kaist = InstitutionFactory(name="KAIST", ror_id="05apxxy63", country_id="KR")
    kaist.names.create(value="한국과학기술원", kind="label", language="ko")
    school = InstitutionFactory(name="Graduate School", country_id="KR")
    InstitutionLink.objects.create(institution=school, kind="parent", target=kaist)
    turing = InstitutionFactory(name="Turing Institute", ror_id="035dkdb55")
    root = FocusAreaFactory(name="Computing")
    made = {
        "kaist": kaist,
        "school": school,
        "root": root,
        "subject": FocusAreaFactory(name="AI", parent=root),
        "event": EventFactory(name="Summit"),
        "person": PersonFactory(name="Speaker", orcid="0000-0002-1825-0097"),
    }
    first = AgreementFactory(
        title="A", type="framework", parties=[school, turing], signed_on="2024-05",
        event=made["event"], summary="On robots.",
    )  # fmt: skip
    SubjectFactory(agreement=first, focus_area=made["subject"])
    ActivityFactory(agreement=first, kind="secondments")
    StatementFactory(agreement=first, person=made["person"])
    publish_now(first)
    second = AgreementFactory(
        title="B", type="exchange", signed_on="2010", effective_from="2010", end_kind="date", ends_on="2015"
    )
    publish_now(second)
    return made | {"A": first, "B": second}


@pytest.mark.parametrize(
    ("question", "titles"),
    [
        ("", "AB"),
        ("q=robots", "A"),
        ("q=한국과학기술원", "A"),
        ("q=Graduate+Turing", "A"),
        ("country=KR", "A"),
        ("country=kr&country=GB", "AB"),
        ("institution=05apxxy63", "A"),
        ("institution=https://ror.org/035dkdb55", "A"),
        ("person=0000-0002-1825-0097", "A"),
        ("person=https://orcid.org/0000-0002-1825-0097", "A"),
        ("type=exchange", "B"),
        ("type=exchange&type=framework", "AB"),
        ("status=ended", "B"),
        ("status=signed", "A"),
        ("activity=secondments", "A"),
        ("activity=funding", ""),
        ("signed_after=2024", "A"),
        ("signed_before=2023", "B"),
        ("signed_after=2024-05-31&signed_before=2024", "A"),
        ("in_force_on=2012-06-01", "B"),
        ("in_force_on=2020", ""),
        ("ends_before=2015", "B"),
        ("ends_before=2014", ""),
        ("updated_since=2000-01-01", "AB"),
        ("updated_since=2999-01-01", ""),
        ("type=exchange&country=KR", ""),
    ],
)
def test_what_a_question_finds(api, world, question, titles):
    answer = api.read(f"agreements/?{question}")
    assert "".join(sorted(row["title"] for row in answer["results"])) == titles
    assert answer["count"] == len(titles)


@pytest.mark.parametrize("name", ["institution", "focus_area", "event", "person"])
def test_ids_of_the_registry(api, world, name):
    key = {"institution": "school", "focus_area": "subject"}.get(name, name)
    assert [row["title"] for row in api.rows(f"agreements/?{name}={world[key].uid}")] == ["A"]


def test_children_are_included(api, world):
    assert [row["title"] for row in api.rows(f"agreements/?focus_area={world['root'].uid}")] == ["A"]
    assert [row["title"] for row in api.rows(f"agreements/?institution={world['kaist'].uid}")] == ["A"]


@pytest.mark.parametrize(
    ("ordering", "titles"),
    [
        ("signed_on", ["B", "A"]),
        ("-signed_on", ["A", "B"]),
        ("title", ["A", "B"]),
        ("-title", ["B", "A"]),
        ("ends_on", ["B", "A"]),
        ("-ends_on", ["B", "A"]),
        ("-updated_at,title", ["A", "B"]),
    ],
)
def test_ordering(api, world, ordering, titles):
    assert [row["title"] for row in api.rows(f"agreements/?ordering={ordering}")] == titles


@pytest.mark.parametrize(
    ("question", "fields"),
    [
        ("bogus=1", ["bogus"]),
        ("bogus=1&status=zzz", ["bogus", "status"]),
        ("country=XX", ["country"]),
        ("institution=nobody", ["institution"]),
        ("institution=035dkdb56", ["institution"]),
        ("person=x", ["person"]),
        ("type=treaty", ["type"]),
        ("status=zzz", ["status"]),
        ("focus_area=x", ["focus_area"]),
        ("activity=dancing", ["activity"]),
        ("event=x", ["event"]),
        ("signed_after=2024-13", ["signed_after"]),
        ("signed_before=tomorrow", ["signed_before"]),
        ("in_force_on=2024-02-30", ["in_force_on"]),
        ("ends_before=99999", ["ends_before"]),
        ("updated_since=yesterday", ["updated_since"]),
        ("ordering=colour", ["ordering"]),
        (f"q={'x' * 301}", ["q"]),
    ],
)
def test_a_wrong_question_is_refused_by_name(api, world, question, fields):
    assert api.bad_fields(f"agreements/?{question}") == fields


class TestPartnerships:
    def test_a_partnership_is_what_two_institutions_share(self, api, world):
        [school, turing] = [party.institution for party in world["A"].parties.all()]
        draft = AgreementFactory(title="draft", parties=[school, turing])
        later = AgreementFactory(title="C", parties=[turing, school], announced_on="2025", published=True)
        uid = "-".join(sorted([school.uid, turing.uid]))
        [row] = api.rows("partnerships/?country=KR")
        assert (row["id"], row["agreement_count"]) == (uid, 2)
        assert (row["first_on"], row["latest_on"]) == ("2024-05", "2025")
        assert row["types"] == ["framework", "memorandum_of_understanding"]
        assert [one["id"] for one in row["institutions"]] == uid.split("-")
        found = api.read(f"partnerships/{uid}/")
        assert {key: found[key] for key in row} == row
        assert {one["title"] for one in found["agreements"]} == {"A", "C"}
        assert draft.uid not in str(found)
        assert later.uid in str(found)

    def test_either_order_and_ror_ids_are_understood(self, api):
        one = InstitutionFactory(ror_id="05apxxy63")
        two = InstitutionFactory(ror_id="035dkdb55")
        AgreementFactory(parties=[one, two], published=True)
        ids = [
            api.read(f"partnerships/{uid}/")["id"]
            for uid in (f"{one.uid}-{two.uid}", f"{two.uid}-{one.uid}", "05apxxy63-035dkdb55")
        ]
        assert len(set(ids)) == 1

    def test_the_filters_are_those_of_agreements(self, api, world):
        assert api.read("partnerships/")["count"] == 2
        assert [row["types"] for row in api.rows("partnerships/?type=exchange")] == [["exchange"]]
        assert api.read("partnerships/?activity=secondments")["count"] == 1
        assert api.read("partnerships/?signed_after=2030")["count"] == 0
        assert api.bad_fields("partnerships/?bogus=1&status=zzz") == ["bogus", "status"]

    def test_one_side_must_answer_to_institution_and_country(self, api, world):
        korean, british, german = (InstitutionFactory(country_id=code) for code in ("KR", "GB", "DE"))
        AgreementFactory(parties=[korean, british, german], published=True)
        assert api.read(f"partnerships/?institution={german.uid}")["count"] == 2
        assert api.read("partnerships/?country=DE")["count"] == 2
        assert api.read(f"partnerships/?institution={german.uid}&country=KR")["count"] == 1

    @pytest.mark.parametrize("seen_by", ["everybody", "staff"])
    def test_one_by_name_is_that_one(self, api, seen_by):
        if seen_by == "staff":
            api.force_login(MembershipFactory().user)
        korean, british, german, faculty = InstitutionFactory.create_batch(4)
        InstitutionLink.objects.create(institution=faculty, kind="parent", target=korean)
        AgreementFactory(parties=[korean, british, german], type="framework", published=True)
        AgreementFactory(parties=[british, faculty], type="exchange", published=True)
        make_public(korean)
        uid = "-".join(sorted((korean.uid, british.uid)))
        named = f"partnerships/?partnership={british.uid}-{korean.uid}"
        assert [(row["id"], row["agreement_count"]) for row in api.rows(named)] == [(uid, 1)]
        assert api.read(named)["count"] == 1
        assert [row["agreement_count"] for row in api.rows(f"{named}&sub_units=1")] == [2]
        assert [row["types"] for row in api.rows(f"{named}&sub_units=1&type=exchange")] == [["exchange"]]
        below = f"partnerships/?partnership={british.uid}-{faculty.uid}"
        assert [row["agreement_count"] for row in api.rows(below)] == [1]
        assert [row["id"] for row in api.rows(f"{below}&sub_units=1")] == [uid]
        assert api.rows(f"partnerships/?partnership={korean.uid}-{faculty.uid}&sub_units=1") == []
        both = f"{named}&partnership={german.uid}-{british.uid}"
        assert api.read(both)["count"] == len(api.rows(both)) == 2

    def test_sub_units_come_with_their_parent(self, api, world):
        [row] = api.rows(f"partnerships/?institution={world['kaist'].uid}")
        assert world["school"].uid in row["id"]

    @pytest.mark.parametrize("ordering", ["agreements", "-agreements", "first_on", "-latest_on"])
    def test_ordering(self, api, world, ordering):
        parties = [party.institution for party in world["B"].parties.all()]
        AgreementFactory(parties=parties, signed_on="2030", published=True)
        counts = [row["agreement_count"] for row in api.rows(f"partnerships/?ordering={ordering}")]
        assert counts == ([1, 2] if ordering == "agreements" else [2, 1])

    def test_who_shares_nothing_has_no_partnership(self, api, world):
        uids = f"{world['kaist'].uid}-{world['school'].uid}"
        for uid in (uids, "nobody", "a-b", "-", "a-b-c"):
            assert api.read(f"partnerships/{uid}/", status=404)["status"] == 404


@pytest.mark.parametrize(
    ("path", "names"),
    [
        ("institutions/?q=한국과학기술원", ["KAIST"]),
        ("institutions/?parent=05apxxy63", ["Graduate School"]),
        ("institutions/?country=KR&ordering=-name", ["KAIST", "Graduate School"]),
        ("institutions/?has_agreements=true&country=KR", ["Graduate School"]),
        ("institutions/?ordering=-agreements,name&country=KR", ["Graduate School", "KAIST"]),
        ("people/?q=speak", ["Speaker"]),
        ("focus-areas/?q=ai", ["AI"]),
        ("events/?q=summit", ["Summit"]),
        ("countries/?q=south+korea", ["South Korea"]),
    ],
)
def test_other_resources(api, world, path, names):
    assert [row["name"] for row in api.rows(path)] == names


def test_parts_of_one_agreement(api, world):
    uid = world["A"].uid
    assert [row["kind"] for row in api.rows(f"activities/?agreement={uid}")] == ["secondments"]
    assert api.read(f"sources/?agreement={uid}")["count"] == 1
    assert api.read(f"documents/?agreement={uid}")["count"] == 0
    assert api.read("sources/?kind=press_release")["count"] == 2
    for resource in ("activities", "sources", "documents"):
        assert api.bad_fields(f"{resource}/?agreement=x&bogus=") == ["agreement", "bogus"]
