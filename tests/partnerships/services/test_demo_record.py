"""The demo record as a whole: every agreement published, sourced and dated no better than its source."""

from pathlib import Path

import pytest

from partnerships.models import Agreement, FocusArea, Institution
from partnerships.partial_dates import PartialDate
from partnerships.ror import parse_ror
from partnerships.services.demo import load_demo
from partnerships.services.demo.facts import Facts, stable_uid
from partnerships.services.demo.reading import DEMO, read_facts

FACTS: Facts = read_facts()
KEYS = sorted(FACTS.agreements)

#: Announced and signed, as the sources state it. A date that no source states is not there.
DATES = {
    "airbus-omnitronics-2025": ("2025-10-16", None),
    "cbtu-arc-2024": ("2024-04-30", "2024"),
    "fulbright-canada-memores-2025": ("2025-09-24", None),
    "minlaw-attorney-general-myanmar-2014": ("2014-10-10", "2014-10-10"),
    "minlaw-icc-court-2017": ("2017-06-28", "2017-06-28"),
    "minlaw-supreme-court-myanmar-2014": ("2014-10-10", "2014-10-09"),
    "nasa-esa-rosalind-franklin-2024": (None, "2024-05-16"),
    "nasa-nikon-lunar-camera": ("2024-02-29", None),
    "oral-care-platform-2025": ("2025-01-30", None),
    "siac-aiac-2026": ("2026-06-03", "2026-06-03"),
    "simc-aiac-2026": ("2026-06-03", "2026-06-03"),
    "singapore-shanghai-lawyers-2023": ("2023-04-24", "2023-04-19"),
    "singapore-vietnam-2008": ("2008-03-12", "2008-03-12"),
    "turing-kaist": (None, "2024"),
    "united-states-japan-lunar-rover-2024": (None, "2024-04-09"),
    "united-states-japan-space-framework-2023": (None, "2023-01"),
    "united-states-peru-2024": (None, "2024-08"),
}
GOVTECH = [key for key in KEYS if key.startswith("govtech-")]

#: Who signed for whom, where a source says so; everywhere else nobody.
SIGNATORIES = {
    "minlaw-icc-court-2017": {
        ("Mr Han Kok Juan", "singapore-ministry-of-law"),
        ("Mr Alexis Henri Louis Mourre", "icc-court"),
    },
    "minlaw-supreme-court-myanmar-2014": {("Ms Indranee Rajah SC", "singapore-ministry-of-law")},
    "nasa-esa-rosalind-franklin-2024": {("Nicky Fox", "nasa"), ("Daniel Neuenschwander", "esa")},
    "singapore-shanghai-lawyers-2023": {
        ("Ms Sharon Ong", "singapore-ministry-of-law"),
        ("Ms Lisa Sam", "law-society-of-singapore"),
        ("Mr Ji Nuo", "shanghai-bar-association"),
        ("Mr Wu Jianyong", "shanghai-municipal-bureau-of-justice"),
    },
    "singapore-vietnam-2008": {("Professor S Jayakumar", "singapore"), ("Mr Ha Hung Cuong", "vietnam")},
    "united-states-japan-lunar-rover-2024": {
        ("Bill Nelson", "united-states"),
        ("Masahito Moriyama", "japan"),
    },
}


def date(text: str | None) -> PartialDate | None:
    return PartialDate.parse(text) if text else None


def test_every_agreement_is_spoken_for():
    assert set(DATES) | set(GOVTECH) == set(KEYS)
    assert len(GOVTECH) == 8


@pytest.mark.parametrize("key", KEYS)
def test_dates_are_those_of_the_source(key):
    said = FACTS.agreements[key]
    announced, signed = DATES.get(key, ("2017-02-13", "2017-02-13"))
    assert (said.announced_on, said.signed_on) == (date(announced), date(signed))
    assert (said.effective_from, said.end, said.ends_on, said.binding) == (
        None,
        "unknown",
        None,
        "not_stated",
    )


@pytest.mark.parametrize("key", KEYS)
def test_signatories_are_those_whom_a_source_names(key):
    named = {
        (signatory.name_as_printed, party.institution)
        for party in FACTS.agreements[key].parties
        for signatory in party.signatories
    }
    assert named == SIGNATORIES.get(key, set())


@pytest.mark.parametrize("key", KEYS)
def test_sources_support_what_the_record_states(key):
    said = FACTS.agreements[key]
    supported = {name for source in said.sources for name in source.supports}
    stated = {name for name in ("announced_on", "signed_on", "signed_place", "event", "statements",
                                "relations", "activities", "focus_areas", "summary")
              if getattr(said, name)}  # fmt: skip
    if said.signed_country:
        stated.add("signed_place")
    if SIGNATORIES.get(key):
        stated.add("signatories")
    if key not in GOVTECH:  # which of the eight are memorandums of intent is not known
        stated.add("type")
    assert supported == stated | {"parties"}


@pytest.mark.parametrize("key", KEYS)
def test_sources_have_an_address_but_for_the_seed(key):
    addresses = [source.url for source in FACTS.agreements[key].sources]
    assert all(addresses) or key == "turing-kaist"


def test_nothing_is_described_that_no_agreement_names():
    used = {"institutions": set(), "people": set(), "events": set(), "focus_areas": set()}
    for said in FACTS.agreements.values():
        used["events"] |= {said.event} - {None}
        used["focus_areas"] |= {subject.area for subject in said.focus_areas}
        used["institutions"] |= {party.institution for party in said.parties}
        used["institutions"] |= {row.institution for row in said.statements} - {None}
        used["people"] |= {row.person for row in said.statements}
        used["people"] |= {row.person for party in said.parties for row in party.signatories}
    for key in list(used["institutions"]):
        used["institutions"] |= set(FACTS.institutions[key].parents)
    for _ in range(3):
        used["focus_areas"] |= {FACTS.focus_areas[key].parent for key in used["focus_areas"]} - {None}
    for kind, keys in used.items():
        assert keys == set(getattr(FACTS, kind)), kind


def test_ror_ids_are_whole_and_each_stands_once():
    ids = [said.ror for said in FACTS.institutions.values() if said.ror]
    assert len(set(ids)) == len(ids)
    assert all(parse_ror(ror) == ror for ror in ids)


def test_uids_differ():
    kinds = (("agreement", FACTS.agreements), ("institution", FACTS.institutions), ("person", FACTS.people))
    uids = [stable_uid(kind, key) for kind, keys in kinds for key in keys]
    assert len(set(uids)) == len(uids)


def test_files_are_packaged_with_the_app():
    assert DEMO.is_relative_to(Path(__file__).parents[3] / "partnerships")


@pytest.mark.django_db
def test_everything_is_published_and_what_it_names_is_public(anonymous):
    report = load_demo()
    assert len(report.added["agreements"]) == len(KEYS)
    rows = Agreement.objects.visible_to(anonymous).with_status(anonymous)
    assert {row.uid for row in rows} == {stable_uid("agreement", key) for key in KEYS}
    for row in rows:
        assert row.parties.count() >= 2
        assert row.sources.count() == 1
        assert row.published_at
    assert not Institution.objects.exclude(visibility="public").exists()
    assert not FocusArea.objects.exclude(visibility="public").exists()


@pytest.mark.django_db
def test_status_follows_from_what_is_known(anonymous):
    load_demo()
    status = dict(Agreement.objects.with_status(anonymous).values_list("uid", "status"))
    for key in KEYS:
        announced, signed = DATES.get(key, ("2017-02-13", "2017-02-13"))
        expected = "signed" if signed else "announced" if announced else "unknown"
        assert status[stable_uid("agreement", key)] == expected, key


@pytest.mark.django_db
def test_an_arrangement_implements_its_framework(anonymous):
    load_demo()
    rover = Agreement.objects.get(uid=stable_uid("agreement", "united-states-japan-lunar-rover-2024"))
    relation = rover.relations.get()
    framework = stable_uid("agreement", "united-states-japan-space-framework-2023")
    assert (relation.kind, relation.target.uid) == ("implements", framework)
