"""A facts file that says too much, too little or something odd is refused by file and key."""

from pathlib import Path

import pytest

from partnerships.models import Agreement, AgreementRelation, Institution
from partnerships.partial_dates import PartialDate
from partnerships.services.demo import FactsError, load_demo
from partnerships.services.demo.reading import read_facts

INSTITUTIONS = """
[here]
name = "Here"
country = "GB"

[there]
name = "There"
parents = ["here"]
names = [{ value = "저기", language = "ko" }]
"""
AGREEMENT = """
title = "Memorandum between Here and There"
type = "memorandum_of_understanding"
signed_on = "2024-05"

[[parties]]
institution = "here"

[[parties]]
institution = "there"

[[sources]]
title = "A release"
supports = ["parties"]
"""


@pytest.fixture
def folder(tmp_path):
    """Write a folder of facts files: everything empty but what is given, by the files' names."""

    def write(agreement: str = AGREEMENT, **others: str) -> Path:
        others = {"institutions": INSTITUTIONS, "people": "", "events": "", "focus_areas": ""} | others
        for name, text in others.items():
            (tmp_path / f"{name}.toml").write_text(text)
        (tmp_path / "agreements").mkdir(exist_ok=True)
        (tmp_path / "agreements" / "here-there.toml").write_text(agreement)
        return tmp_path

    return write


def test_reads_what_is_said_and_leaves_out_what_is_not(folder):
    facts = read_facts(folder())
    agreement = facts.agreements["here-there"]
    assert (agreement.signed_on, agreement.announced_on) == (PartialDate(2024, 5), None)
    assert [party.institution for party in agreement.parties] == ["here", "there"]
    assert [name.value for name in facts.institutions["there"].names] == ["저기"]
    assert agreement.sources[0].kind == "press_release"


@pytest.mark.parametrize(
    ("extra", "complaint"),
    [
        ("signed = '2024'", "here-there.toml: the key “signed” is not known."),
        ("key = 'x'", "the key “key” is not known."),
        ("signed_on = '2024-13'", "signed_on “2024-13”: There is no month 13."),
        ("signed_on = 2024-05-21", "signed_on “2024-05-21”: is not a text such as"),
        ("signed_on = 'May 2024'", "Write a year, a month or a day"),
        ("binding = 'maybe'", "binding “maybe”: is not one of not_stated, binding, non_binding"),
        ("event = 'nowhere'", "here-there.toml: event “nowhere” is not described in any file."),
        ("statements = 'none'", "statements is not a list of tables."),
        ("statements = [{ person = 'nobody', summary = 'x' }]", "person “nobody” is not described"),
        ("statements = [{ person = 'nobody' }]", "statements 1: the key “summary” is missing."),
        ("statements = ['x']", "statements 1: is not a table."),
        ("focus_areas = [{ area = 'nothing' }]", "focus area “nothing” is not described"),
        ("focus_areas = [{ area = 'x', emphasised = 'yes' }]", "emphasised “yes”: is neither true nor false"),
        ("activities = [{ kind = 'chess' }]", "activities 1: kind “chess”: is not one of"),
        ("activities = [{ kind = 'events', quota = -1 }]", "quota “-1”: is not a whole number"),
        ("activities = [{ kind = 'events', from_party = 'x' }]", "party “x” is not described"),
        ("relations = [{ kind = 'renews', agreement = 'x' }]", "agreement “x” is not described"),
        ("summary = '  '", "summary “  ”: is not a text"),
    ],
)
def test_refuses_by_file_and_key(folder, extra, complaint):
    head, _, parts = AGREEMENT.partition("[[")
    text = "\n".join(line for line in head.splitlines() if line.partition(" ")[0] != extra.partition(" ")[0])
    with pytest.raises(FactsError) as caught:
        read_facts(folder(f"{text}\n{extra}\n[[{parts}"))
    assert complaint in str(caught.value)


@pytest.mark.parametrize(
    ("institutions", "complaint"),
    [
        ("[here]\ncountry = 'GB'", "institutions.toml, [here]: the key “name” is missing."),
        ("[here]\nname = 'Here'\nrorid = '1'", "[here]: the key “rorid” is not known."),
        ("[here]\nname = 'Here'\nror = '035dkdb56'", "is not a ROR id (its check digits do not fit)"),
        ("[here]\nname = 'Here'\ntypes = ['castle']", "types “['castle']”: is not one of"),
        ("[here]\nname = 'Here'\ntypes = 'education'", "is not a list"),
        ("[here]\nname = 'Here'\nlatitude = 'north'", "latitude “north”: is not a number"),
        ("[here]\nname = 'Here'\nnames = [{ kind = 'alias' }]", "names 1: the key “value” is missing."),
        ("[here]\nname = 'Here'\nparents = ['there']", "parent “there” is not described in any file."),
        (
            "[here]\nname = 'Here'\nparents = ['there']\n[there]\nname = 'There'\nparents = ['here']",
            "institutions.toml: the parents close a circle: ",
        ),
        ("here = 1", "institutions.toml, [here]: is not a table."),
        ("[here", "institutions.toml is no valid TOML"),
    ],
)
def test_refuses_institutions(folder, institutions, complaint):
    with pytest.raises(FactsError) as caught:
        read_facts(folder(institutions=institutions))
    assert complaint in str(caught.value)


def test_a_party_must_be_described(folder):
    with pytest.raises(FactsError, match="institution “there” is not described in any file"):
        read_facts(folder(institutions="[here]\nname = 'Here'"))


def test_a_missing_file_is_named(folder):
    path = folder()
    (path / "events.toml").unlink()
    with pytest.raises(FactsError, match=r"events\.toml cannot be read"):
        read_facts(path)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ('institution = "there"', 'institution = "here"', "This institution is a party already."),
        ('[[parties]]\ninstitution = "there"', "", "needs two parties"),
        ('signed_on = "2024-05"', 'end = "date"', "Give the date, or choose another kind of end."),
        ("[[sources]]", '[[relations]]\nkind = "renews"\nagreement = "here-there"\n[[sources]]', "itself"),
        ('title = "A release"', 'title = "A release"\nurl = "not an address"', "valid URL"),
    ],
)
def test_what_the_registry_refuses_is_told_with_the_file(folder, old, new, complaint):
    assert old in AGREEMENT
    with pytest.raises(FactsError) as caught:
        load_demo(folder=folder(AGREEMENT.replace(old, new)))
    assert str(caught.value).startswith("here-there.toml is refused by the registry: ")
    assert complaint in str(caught.value)


@pytest.mark.django_db
def test_one_refusal_loads_nothing_at_all(folder):
    path = folder()
    (path / "agreements" / "z.toml").write_text(AGREEMENT.replace('"there"', '"here"'))
    with pytest.raises(FactsError):
        load_demo(folder=path)
    assert not Agreement.objects.exists()
    assert not Institution.objects.exists()


@pytest.mark.django_db
def test_a_later_agreement_is_added_beside_those_that_stand(folder):
    path = folder()
    load_demo(folder=path)
    (path / "agreements" / "later.toml").write_text(
        AGREEMENT.replace("Memorandum between", "Renewal between").replace(
            "[[sources]]", '[[relations]]\nkind = "renews"\nagreement = "here-there"\n\n[[sources]]'
        )
    )
    report = load_demo(folder=path)
    assert dict(report.added) == {"agreements": ["Renewal between Here and There"]}
    assert report.left_alone == ["Memorandum between Here and There"]
    assert sorted(report.reused["institutions"]) == ["Here", "There"]

    assert AgreementRelation.objects.get().target.title == "Memorandum between Here and There"
