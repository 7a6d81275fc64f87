"""Loading adds what is missing and nothing else, however often and whatever became of it since."""

import re
from io import StringIO

import pytest
from django.apps import apps
from django.core.management import call_command
from django.core.management.base import CommandError

from partnerships.models import (
    Agreement,
    FocusArea,
    Institution,
    InstitutionLink,
    InstitutionName,
    PendingInstitutionLink,
)
from partnerships.services.demo import FactsError, load_demo
from partnerships.services.demo.facts import stable_uid
from partnerships.services.publication import withdraw
from partnerships.services.ror import import_ror
from people.models import Person
from people.uids import PATTERN
from tests.factories import EventFactory, FocusAreaFactory, InstitutionFactory, PersonFactory, administrator
from tests.partnerships.services.ror.records import dump, named, place, record

pytestmark = pytest.mark.django_db

SEED = stable_uid("agreement", "turing-kaist")
KAIST = "05apxxy63"


def history_rows() -> dict[str, int]:
    models = (model for model in apps.get_models() if model.__name__.endswith("History"))
    return {model.__name__: model.objects.count() for model in models}


def seed() -> Agreement:
    return Agreement.objects.get(uid=SEED)


def test_second_load_changes_nothing_and_writes_no_history(seed_folder):
    first = load_demo(folder=seed_folder)
    before = history_rows()
    second = load_demo(folder=seed_folder)
    assert not second.added
    assert sorted(second.left_alone) == sorted(first.added["agreements"])
    assert history_rows() == before


def test_history_says_why_and_by_which_command(seed_folder):
    load_demo(folder=seed_folder)
    rows = [*seed().history.all(), *Institution.objects.get(ror_id=KAIST).history.all()]
    assert rows
    assert {row.pgh_context.metadata["reason"] for row in rows} == {"demo record"}
    assert {row.pgh_context.metadata["command"] for row in rows} == {"load_demo"}


def test_edits_of_staff_survive(seed_folder):
    load_demo(folder=seed_folder)
    row = seed()
    row.title = "As our office calls it"
    row.save()
    row.statements.all().delete()
    InstitutionName.objects.filter(value="카이스트").delete()
    Institution.objects.filter(ror_id=KAIST).update(city="Sejong", name="KAIST")
    Person.objects.filter(uid=stable_uid("person", "tim-watson")).update(name="T. Watson")
    before = history_rows()
    load_demo(folder=seed_folder)
    row.refresh_from_db()
    assert (row.title, row.statements.count()) == ("As our office calls it", 0)
    assert history_rows() == before


def test_what_was_withdrawn_or_deleted_does_not_come_back(seed_folder):
    load_demo(folder=seed_folder)
    withdraw(agreement=seed(), by=administrator(), reason="Not ours.")
    load_demo(folder=seed_folder)
    assert seed().publication_state == "withdrawn"
    seed().delete()
    assert not load_demo(folder=seed_folder).added
    assert not Agreement.objects.filter(uid=SEED).exists()


def test_institution_of_the_same_ror_id_is_used_and_gains_the_names_it_lacks(seed_folder):
    standing = InstitutionFactory(name="KAIST", ror_id=KAIST, country_id="KR", city="Sejong")
    InstitutionName.objects.create(institution=standing, value="한국과학기술원", kind="alias")
    report = load_demo(folder=seed_folder)
    standing.refresh_from_db()
    assert (standing.name, standing.city, standing.website) == ("KAIST", "Sejong", "")
    assert set(standing.names.values_list("value", "kind")) == {
        ("한국과학기술원", "alias"),
        ("카이스트", "alias"),
        ("Korea Advanced Institute of Science and Technology", "label"),
    }
    assert report.reused["institutions"] == ["KAIST"]
    assert standing.visibility == "public", "a public agreement names it now"


def test_institution_without_ror_id_is_known_by_name_and_country(seed_folder):
    here = InstitutionFactory(name="Kim Jaechul Graduate School of Artificial Intelligence", country_id="KR")
    elsewhere = InstitutionFactory(name="The Alan Turing Institute", country_id="GB", ror_id=None)
    load_demo(folder=seed_folder)
    speaker = seed().statements.get(person__name="Song Chong")
    assert speaker.institution == here
    assert not elsewhere.parties.exists(), "a ROR id is not given to a namesake"


def test_subject_and_event_of_the_same_name_are_used(seed_folder):
    subject, event = FocusAreaFactory(name="Data Science"), EventFactory(name="AI Seoul Summit 2024")
    load_demo(folder=seed_folder)
    assert subject in seed().focus_areas.all()
    assert seed().event == event
    assert FocusArea.objects.filter(name__iexact="data science").count() == 1


def test_a_namesake_is_not_taken_for_a_speaker(seed_folder):
    stranger = PersonFactory(name="Tim Watson")
    load_demo(folder=seed_folder)
    assert not stranger.statements.exists()
    assert Person.objects.filter(name="Tim Watson").count() == 2


def test_import_from_ror_finds_what_the_demo_made(tmp_path, seed_folder):
    load_demo(folder=seed_folder)
    before = Institution.objects.get(ror_id=KAIST)
    raw = record(
        "5abcde", names=[named("KAIST", "ror_display", "acronym")], locations=[place(1, "Daejeon", "KR")]
    )
    report = import_ror(path=dump(tmp_path, raw | {"id": f"https://ror.org/{KAIST}"}))
    after = Institution.objects.get(ror_id=KAIST)
    assert (report.adopted, after.pk, after.uid) == (1, before.pk, before.uid)
    assert "카이스트" in after.names.values_list("value", flat=True)


def test_a_relation_that_waited_for_a_demo_institution_is_made(seed_folder):
    other = InstitutionFactory(ror_id="03yrm5c26")
    PendingInstitutionLink.objects.create(institution=other, kind="parent", target_ror_id=KAIST)
    load_demo(folder=seed_folder)
    assert InstitutionLink.objects.filter(institution=other, target__ror_id=KAIST, kind="parent").exists()


def test_records_of_others_stay_as_they_are(seed_folder):
    own = InstitutionFactory(name="Unrelated")
    before = own.history.count()
    load_demo(folder=seed_folder)
    own.refresh_from_db()
    assert (own.visibility, own.history.count()) == ("internal", before)


def test_uids_are_stable_and_opaque():
    assert stable_uid("agreement", "turing-kaist") == stable_uid("agreement", "turing-kaist")
    assert stable_uid("agreement", "turing-kaist") != stable_uid("person", "turing-kaist")
    assert re.fullmatch(PATTERN, SEED)


def test_the_command_says_what_it_adds_and_what_it_leaves():
    told = StringIO()
    call_command("load_demo", stdout=told)
    assert "+ Memorandum of understanding between The Alan Turing Institute and KAIST" in told.getvalue()
    again = StringIO()
    call_command("load_demo", stdout=again)
    assert "Added, with the reason “demo record”: nothing." in again.getvalue()
    assert "Agreements left alone" in again.getvalue()


def test_the_command_is_silent_when_asked():
    told = StringIO()
    call_command("load_demo", stdout=told, verbosity=0)
    assert told.getvalue() == ""


def test_a_bad_file_loads_nothing_and_is_one_clear_line(monkeypatch):
    def refuse():
        raise FactsError("turing-kaist.toml: the key “signed” is not known.")

    monkeypatch.setattr("partnerships.management.commands.load_demo.load_demo", refuse)
    with pytest.raises(CommandError, match=r"“signed” is not known\. Nothing was loaded\."):
        call_command("load_demo")
