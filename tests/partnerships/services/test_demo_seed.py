"""The record that the registry was asked for with, fact by fact, and on every road that finds it."""

import pytest
from django.http import QueryDict

from partnerships.filtersets import AgreementFilterSet
from partnerships.models import Agreement, IndexCard, Institution
from partnerships.querysets.institutions import institution_family
from partnerships.services.demo import load_demo
from partnerships.services.demo.facts import stable_uid
from people.models import Person

pytestmark = pytest.mark.django_db

UID = stable_uid("agreement", "turing-kaist")


@pytest.fixture
def seed(anonymous, seed_folder):
    load_demo(folder=seed_folder)
    return Agreement.objects.visible_to(anonymous).with_status(anonymous).get(uid=UID)


def found(query: str, user) -> set[str]:
    filters = AgreementFilterSet(QueryDict(query), IndexCard.objects.visible_to(user), user=user)
    assert filters.is_valid(), filters.errors
    return {card.agreement.uid for card in filters.result}


def test_instrument_and_dates(seed):
    assert (seed.type, seed.status, seed.visibility) == ("memorandum_of_understanding", "signed", "public")
    assert (str(seed.signed_on), seed.announced_on, seed.effective_from) == ("2024", None, None)
    assert (seed.end_kind, seed.ends_on) == ("unknown", None)
    assert (seed.binding, seed.renewal, seed.term_as_stated) == ("not_stated", "not_stated", "")
    assert (seed.notice_amount, seed.signed_place, seed.signed_country, seed.languages) == (
        None,
        "",
        None,
        [],
    )


def test_event_is_named_without_invented_days_or_place(seed):
    event = seed.event
    assert event.name == "AI Seoul Summit 2024"
    assert (event.starts_on, event.ends_on, event.place, event.country) == (None, None, "", None)


def test_parties(seed):
    told = [(party.institution.name, party.institution.ror_url, party.institution.country_id, party.role)
            for party in seed.parties.all()]  # fmt: skip
    assert told == [
        ("The Alan Turing Institute", "https://ror.org/035dkdb55", "GB", "party"),
        ("Korea Advanced Institute of Science and Technology", "https://ror.org/05apxxy63", "KR", "party"),
    ]
    assert [party.reference for party in seed.parties.all()] == ["", ""]


def test_nobody_is_named_as_signatory(seed):
    assert not Person.objects.exclude(signatures=None).filter(signatures__party__agreement=seed).exists()
    assert all(not party.signatories.exists() for party in seed.parties.all())


def test_three_people_speak(seed):
    statements = list(seed.statements.select_related("person", "institution", "source"))
    told = [(row.person.name, row.institution and row.institution.name) for row in statements]
    assert told == [
        ("Michelle Donelan", None),
        ("Tim Watson", "The Alan Turing Institute"),
        ("Song Chong", "Kim Jaechul Graduate School of Artificial Intelligence"),
    ]
    assert all(row.capacity and row.summary and row.source == seed.sources.get() for row in statements)


def test_the_school_that_a_speaker_heads_is_a_child_of_kaist(seed, anonymous):
    kaist = Institution.objects.visible_to(anonymous).by_identifier("https://ror.org/05apxxy63").get()
    school = Institution.objects.visible_to(anonymous).get(name__startswith="Kim Jaechul")
    assert [link.target for link in school.links.filter(kind="parent")] == [kaist]
    assert school.pk in institution_family([kaist.pk])


def test_subjects_and_what_is_singled_out(seed):
    assert [(row.focus_area.name, row.emphasised) for row in seed.subjects.all()] == [
        ("Artificial intelligence", False),
        ("Data science", False),
        ("Defence and national security", True),
    ]


def test_activities_go_both_ways_and_count_nobody(seed):
    activities = list(seed.activities.all())
    assert [row.kind for row in activities] == [
        "joint_research", "knowledge_exchange", "talent_sharing", "joint_programme", "events",
        "internships", "placements", "secondments",
    ]  # fmt: skip
    assert {row.direction for row in activities} == {"both"}
    assert {(row.quota, row.starts_on, row.ends_on) for row in activities} == {(None, None, None)}


def test_one_source(seed):
    source = seed.sources.get()
    assert (source.kind, source.url, source.published_on, source.publisher) == ("press_release", "", None, "")
    assert {"parties", "signed_on", "event", "activities", "focus_areas", "statements"} <= set(
        source.supports
    )
    assert not {"signatories", "announced_on", "effective_from", "end", "binding"} & set(source.supports)


@pytest.mark.parametrize(
    "query",
    [
        "q=KAIST",
        "q=카이스트",
        "q=한국과학기술원",
        "q=Turing defence",
        "q=Song Chong",
        "country=KR",
        "country=GB",
        "institution=035dkdb55",
        "institution=https://ror.org/05apxxy63",
        "activity=secondments",
        "type=memorandum_of_understanding&status=signed",
        "signed_after=2024-05&signed_before=2024-05",
    ],
)
def test_every_road_finds_it(seed, anonymous, query):
    assert UID in found(query, anonymous)


@pytest.mark.parametrize("key", ["defence-and-national-security", "computer-and-information-sciences"])
def test_its_subjects_find_it_and_so_does_what_stands_above_them(seed, anonymous, key):
    assert UID in found(f"focus_area={stable_uid('focus area', key)}", anonymous)


def test_its_event_and_its_speakers_find_it(seed, anonymous):
    assert found(f"event={seed.event.uid}", anonymous) == {UID}
    assert found(f"person={stable_uid('person', 'tim-watson')}", anonymous) == {UID}


@pytest.mark.parametrize("query", ["country=FR", "activity=joint_degrees", "in_force_on=2024-06-01"])
def test_what_it_does_not_say_does_not_find_it(seed, anonymous, query):
    assert UID not in found(query, anonymous)
