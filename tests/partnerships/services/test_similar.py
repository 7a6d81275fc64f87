"""A record that may say the same as another one is noticed."""

import pytest

from partnerships.models import AgreementRelation, InstitutionLink
from partnerships.services.similar import similar_agreements
from tests.factories import (
    AgreementFactory,
    InstitutionFactory,
    MembershipFactory,
    OfficeFactory,
    administrator,
    publish_now,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def pair():
    return InstitutionFactory(name="Alpha"), InstitutionFactory(name="Beta")


@pytest.fixture
def record(pair):
    return AgreementFactory(parties=pair, signed_on="2024")


def found(record, user=None) -> list:
    return [row.agreement for row in similar_agreements(agreement=record, user=user or administrator())]


def reason(record) -> str:
    (row,) = similar_agreements(agreement=record, user=administrator())
    return row.reason


def test_the_same_parties_in_time_that_may_overlap(record, pair):
    other = AgreementFactory(parties=pair, signed_on="2020")
    assert found(record) == [other]
    assert reason(record) == "the same parties; the same type; in time that may overlap (an end is not known)"


def test_one_party_in_common_is_no_matter(record, pair):
    AgreementFactory(parties=[pair[0], InstitutionFactory()])
    assert found(record) == []


def test_a_record_with_one_party_resembles_nothing(record, pair):
    assert found(AgreementFactory(parties=pair[:1])) == []


def test_two_parties_in_common_of_many(record, pair):
    other = AgreementFactory(parties=[*pair, InstitutionFactory(name="Gamma")], type="consortium")
    assert found(record) == [other]
    assert "parties in common: Alpha · Beta" in reason(record)
    assert "another type (consortium agreement)" in reason(record)


@pytest.mark.parametrize("ours", ["school", "university"])
def test_a_school_stands_for_its_university_and_the_other_way(pair, ours):
    alpha, university = pair
    school = InstitutionFactory(name="School of Beta")
    InstitutionLink.objects.create(institution=school, kind="parent", target=university)
    sides = {"school": school, "university": university}
    theirs = sides["university" if ours == "school" else "school"]
    record = AgreementFactory(parties=[alpha, sides[ours]])
    other = AgreementFactory(parties=[alpha, theirs])
    assert found(record) == [other]
    assert theirs.name in reason(record)


def test_a_university_and_its_own_school_are_not_two_sides(pair):
    """Ours names both; theirs names only the university: that is one party in common."""
    _, university = pair
    school = InstitutionFactory()
    InstitutionLink.objects.create(institution=school, kind="parent", target=university)
    record = AgreementFactory(parties=[school, university])
    AgreementFactory(parties=[university, InstitutionFactory()])
    assert found(record) == []


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"signed_on": "2010", "end_kind": "date", "ends_on": "2015"}, False),
        ({"signed_on": "2010", "end_kind": "date", "ends_on": "2024-01"}, True),
        ({"signed_on": "2010", "terminated_on": "2012"}, False),
        ({"signed_on": "2010", "end_kind": "open_ended"}, True),
        ({}, True),
    ],
)
def test_only_time_that_may_overlap_counts(record, pair, facts, expected):
    other = AgreementFactory(parties=pair, **facts)
    assert found(record) == ([other] if expected else [])
    assert found(other) == ([record] if expected else []), "both sides see it alike"


def test_certain_overlap_is_said_as_such(pair):
    facts = {"signed_on": "2024", "end_kind": "open_ended"}
    record, _ = AgreementFactory(parties=pair, **facts), AgreementFactory(parties=pair, **facts)
    assert reason(record) == "the same parties; the same type; at the same time"


def test_the_same_type_comes_first(record, pair):
    same = AgreementFactory(parties=pair)
    another = AgreementFactory(parties=pair, type="exchange")
    assert found(record) == [same, another]


@pytest.mark.parametrize("backward", [True, False])
def test_what_a_record_relates_to_is_no_surprise(record, pair, backward):
    other = AgreementFactory(parties=pair)
    one, two = (record, other) if backward else (other, record)
    AgreementRelation.objects.create(agreement=one, kind="renews", target=two)
    assert found(record) == []


def test_the_gate_holds(record, pair):
    AgreementFactory(parties=pair, visibility="restricted", office=OfficeFactory())
    assert found(record, MembershipFactory().user) == []


def test_drafts_are_no_secret_among_staff_but_to_others(record, pair, anonymous):
    other = AgreementFactory(parties=pair)
    publish_now(record)
    assert found(record, MembershipFactory().user) == [other]
    assert found(record, anonymous) == []


def test_statements_do_not_grow_with_what_is_found(record, pair, django_assert_num_queries):
    user = administrator()
    AgreementFactory(parties=pair)
    with django_assert_num_queries(11):
        found(record, user)
    AgreementFactory.create_batch(5, parties=pair)
    with django_assert_num_queries(11):
        found(record, user)
