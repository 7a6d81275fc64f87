"""The queue of institutions that likely stand twice."""

import pytest
from django.core.exceptions import PermissionDenied

from partnerships.models import (
    DuplicatePair,
    DuplicateSearch,
    InstitutionIdentifier,
    InstitutionLink,
    NotDuplicate,
)
from partnerships.services.duplicates import are_due, find_duplicates, host_of, not_the_same, waiting_pairs
from partnerships.services.merging import merge_institutions, unmerge_institutions
from partnerships.tasks import hand_over_changed_institutions
from tests.factories import InstitutionFactory, MembershipFactory, UserFactory

pytestmark = pytest.mark.django_db


def pairs() -> dict[tuple[str, str], str]:
    return {(row.a.name, row.b.name): row.reason for row in DuplicatePair.objects.select_related("a", "b")}


def look_again() -> None:
    DuplicateSearch.objects.all().delete()
    find_duplicates()


def test_likely_pairs_are_found_with_their_reasons():
    InstitutionFactory(name="University of Tartu", country_id="EE", ror_id="03z77qz90")
    InstitutionFactory(name="university of TARTU", country_id="EE")
    InstitutionFactory(name="University of Tartuu", country_id="EE")
    assert hand_over_changed_institutions() == 1
    assert pairs() == {
        ("University of Tartu", "university of TARTU"): "same name, same country",
        ("University of Tartu", "University of Tartuu"): "95 % similar, same country",
        ("university of TARTU", "University of Tartuu"): "95 % similar, same country",
    }
    assert not are_due()
    assert hand_over_changed_institutions() == 0


def test_two_ror_ids_other_countries_numbers_and_relatives_are_no_pair():
    for country, ror_id in (("CN", "05apxxy63"), ("CN", "052gg0110")):
        InstitutionFactory(name="Ministry of Water", country_id=country, ror_id=ror_id)
    for country in ("KE", "PE"):
        InstitutionFactory(name="Ministry of Education", country_id=country)
    for number in (1, 2):
        InstitutionFactory(name=f"Public School of Music Number {number}")
    parent = InstitutionFactory(name="Alpha University", website="https://alpha.example/")
    child = InstitutionFactory(name="Beta College", website="http://www.alpha.example")
    InstitutionLink.objects.create(institution=child, target=parent)
    find_duplicates()
    assert pairs() == {}


def test_a_website_or_an_identifier_in_common_is_told():
    one = InstitutionFactory(name="Alpha", website="https://www.alpha.example/")
    two = InstitutionFactory(name="Omega", website="http://alpha.example")
    for institution in (one, two):
        InstitutionIdentifier.objects.create(institution=institution, scheme="wikidata", value="Q1")
    find_duplicates()
    assert pairs() == {
        ("Alpha", "Omega"): "same Wikidata id (Q1); same website (alpha.example)",
    }


@pytest.mark.parametrize(
    ("address", "host"),
    [
        ("https://www.a.example/", "a.example"),
        ("HTTP://A.example/x/", "a.example/x"),
        ("http://[", ""),
        ("", ""),
    ],
)
def test_host_of_an_address(address, host):
    assert host_of(address) == host


def test_what_was_said_not_to_be_the_same_is_not_proposed_again():
    one, two = (InstitutionFactory(name="Twin Institute") for _ in range(2))
    find_duplicates()
    editor = MembershipFactory(role="editor").user
    with pytest.raises(PermissionDenied):
        not_the_same(one=one, other=two, by=MembershipFactory(role="viewer").user)
    for _ in range(2):
        not_the_same(one=two, other=one, by=editor, reason="two campuses")
    look_again()
    assert pairs() == {}
    said = NotDuplicate.objects.get()
    assert (said.a, said.b, said.by, said.reason) == (one, two, editor, "two campuses")


def test_a_merge_takes_its_pairs_away_and_parting_brings_them_back():
    one, two = (InstitutionFactory(name="Twin Institute") for _ in range(2))
    by = UserFactory(is_superuser=True)
    find_duplicates()
    assert waiting_pairs(by).count() == 1
    merge = merge_institutions(survivor=one, merged=two, by=by)
    assert waiting_pairs(by).count() == 0
    look_again()
    assert pairs() == {}
    unmerge_institutions(merge=merge, by=by)
    look_again()
    assert len(pairs()) == 1


def test_a_job_that_was_cut_off_goes_on_where_it_stopped(monkeypatch):
    monkeypatch.setattr("partnerships.services.duplicates.BATCH", 2)
    for _ in range(5):
        InstitutionFactory(name="The very same name")
    assert find_duplicates(limit=2) == 2
    assert find_duplicates() == 3
    assert DuplicatePair.objects.count() == 10


def test_hidden_institutions_are_not_told_of(anonymous):
    for _ in range(2):
        InstitutionFactory(name="Twin Institute")
    find_duplicates()
    assert waiting_pairs(anonymous).count() == 0
