"""``manage.py import_agreements``: the same import, in the name of an account, by a kept profile."""

import pytest
from django.core.management import CommandError, call_command

from partnerships.models import Agreement, ImportProfile, Party
from partnerships.services.importing import Mapping
from tests.factories import MembershipFactory

from .sheets import csv_of

pytestmark = pytest.mark.django_db
HEADINGS = ["Our no.", "Partner", "Other partner", "Title", "Signed"]


@pytest.fixture
def profile(office):
    mapping = Mapping(
        targets=["identifier", "party_A", "party_B", "title", "signed_on"],
        type="memorandum_of_understanding",
        system="own",
        unsure="create",
    )
    return ImportProfile.objects.create(
        office=office, name="Our sheet", headers=HEADINGS, mapping=mapping.dump()
    )


@pytest.fixture
def sheet(tmp_path):
    path = tmp_path / "ours.csv"
    path.write_bytes(csv_of(HEADINGS, ["7", "Alpha", "Beta", "Exchange", "2024-05"]))
    return path


def bring(sheet, user, capsys, **options) -> str:
    call_command("import_agreements", str(sheet), profile="Our sheet", user=user.username, **options)
    return capsys.readouterr().out


def test_a_dry_run_tells_and_writes_nothing(profile, sheet, editor, capsys):
    assert "new: 1" in bring(sheet, editor, capsys, dry_run=True)
    assert not Agreement.objects.exists()


def test_what_is_brought_twice_stands_once(profile, sheet, editor, capsys):
    assert "new: 1" in bring(sheet, editor, capsys)
    record = Agreement.objects.get(identifiers__value="7")
    assert (record.title, str(record.signed_on), record.office) == ("Exchange", "2024-05", profile.office)
    assert "unchanged: 1" in bring(sheet, editor, capsys)
    assert Agreement.objects.count() == 1


def test_links_add_parties_to_what_was_brought(profile, sheet, editor, capsys, tmp_path):
    links = tmp_path / "links.csv"
    links.write_bytes(csv_of(["id", "institution_name"], ["7", "Gamma"], ["8", "Gamma"]))
    told = bring(sheet, editor, capsys, links=links)
    assert "refused: 1" in told, "there is no agreement 8"
    names = Party.objects.order_by("position").values_list("institution__name", flat=True)
    assert list(names) == ["Alpha", "Beta", "Gamma"]


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        ({"user": "nobody"}, "There is no account of this name."),
        ({"profile": "Another"}, "No profile “Another” of an office of theirs."),
        ({"file": "/nowhere.csv"}, "“/nowhere.csv” cannot be read: No such file or directory."),
    ],
)
def test_what_cannot_be_is_said_in_one_line(profile, sheet, editor, options, complaint):
    given = {"file": str(sheet), "profile": "Our sheet", "user": editor.username} | options
    with pytest.raises(CommandError) as refused:
        call_command("import_agreements", given.pop("file"), **given)
    assert str(refused.value) == complaint


def test_a_profile_of_another_office_is_none(profile, sheet, capsys):
    with pytest.raises(CommandError):
        bring(sheet, MembershipFactory(role="editor").user, capsys)
