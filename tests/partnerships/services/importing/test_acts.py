"""An import from the file to the undo, on sheets small enough to be read here."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from partnerships.models import Agreement, AgreementIdentifier, ImportBatch, ImportProfile, Institution, Party
from partnerships.services import importing
from partnerships.services.importing.returning import as_csv, as_xlsx, harmless
from partnerships.services.publication import submit_for_review
from tests.factories import (
    AgreementFactory,
    InstitutionFactory,
    MembershipFactory,
    administrator,
    publish_now,
)

from .sheets import checked, csv_of, run, undo, upload, worked

pytestmark = pytest.mark.django_db

HEADINGS = ["ID", "Title", "Partner 1", "Partner 2", "Country", "Start", "End", "URL"]
ROWS = [
    ["1", "Robots", "KAIST", "Turing", "South Korea; UK", "21 May 2024", "2027", "https://example.org/1"],
    ["2", "Gardens", "KAIST", "Bath", "", "2024-05", "unbefristet", ""],
]
#: The country column stands behind the second party; here it tells of both in the first column.
NAMES = ["identifier", "title", "party_A", "party_B", "", "effective_from", "ends_on", "source_url"]


@pytest.fixture
def sheet(editor, office):
    def sheet(*rows, headings=HEADINGS, targets=NAMES, **facts):
        batch = upload(csv_of(headings, *(rows or ROWS)), by=editor, office=office)
        return checked(batch, targets=targets, **facts)

    return sheet


def test_a_sheet_becomes_drafts_of_the_office_with_what_it_states(sheet, office):
    batch = run(sheet())
    assert (batch.state, batch.error) == ("done", "")
    robots = Agreement.objects.get(title="Robots")
    assert (robots.publication_state, robots.office, robots.type) == (
        "draft",
        office,
        "memorandum_of_understanding",
    )
    assert str(robots.effective_from) == "2024-05-21"
    assert (robots.end_kind, str(robots.ends_on)) == ("date", "2027")
    assert [party.institution.name for party in robots.parties.all()] == ["KAIST", "Turing"]
    assert [source.url for source in robots.sources.all()] == ["https://example.org/1"]
    gardens = Agreement.objects.get(title="Gardens")
    assert (str(gardens.effective_from), gardens.end_kind, gardens.ends_on) == ("2024-05", "open_ended", None)
    assert gardens.signed_on is None and not gardens.sources.exists()
    assert Institution.objects.count() == 3, "KAIST is created once"
    assert {str(row) for row in AgreementIdentifier.objects.all()} == {"own:1", "own:2"}


def test_the_history_says_who_and_why(sheet, editor):
    run(sheet())
    event = Agreement.objects.first().history.first()
    assert event.pgh_context.metadata["user"] == editor.pk
    assert event.pgh_context.metadata["reason"] == "import of agreements.csv"


def test_the_dry_run_writes_nothing(sheet):
    batch = sheet()
    assert batch.counts["new"] == 2 and batch.state == "checked"
    assert not Agreement.objects.exists() and not Institution.objects.exists()


def test_the_same_file_again_says_nothing_new(sheet, editor):
    run(sheet())
    again = sheet()
    assert again.counts["unchanged"] == 2 and "new" not in again.counts
    with pytest.raises(ValidationError, match="nothing to import"):
        importing.run_import(batch=again, by=editor)


def test_without_identifiers_a_record_is_known_by_title_parties_and_date(sheet):
    facts = {"headings": HEADINGS[1:], "targets": NAMES[1:]}
    run(sheet(*(row[1:] for row in ROWS), **facts))
    assert sheet(*(row[1:] for row in ROWS), **facts).counts["unchanged"] == 2


def test_a_change_is_told_field_by_field_and_undone(sheet):
    run(sheet())
    before = Agreement.objects.get(title="Robots")
    batch = sheet([*ROWS[0][:6], "2030-01", ROWS[0][7]], ROWS[1])
    row = batch.rows.get(kind="changed")
    assert {"field": "End", "old": "2027", "new": "2030-01"} in row.changes
    run(batch)
    before.refresh_from_db()
    assert str(before.ends_on) == "2030-01"
    assert undo(batch).state == "undone"
    before.refresh_from_db()
    assert str(before.ends_on) == "2027" and before.parties.count() == 2


def test_an_empty_cell_takes_nothing_away_and_a_party_never_leaves(sheet):
    run(sheet())
    robots = Agreement.objects.get(title="Robots")
    Party.objects.create(agreement=robots, institution=InstitutionFactory(name="Third"), position=9)
    batch = sheet(["1", "Robots", "KAIST", "", "", "", "", ""])
    assert batch.counts["unchanged"] == 1


def test_undo_leaves_nothing(sheet):
    batch = undo(run(sheet()))
    assert batch.state == "undone"
    for model in (Agreement, AgreementIdentifier, Institution, Party):
        assert not model.objects.exists()


def test_undo_stops_at_a_record_that_somebody_changed(sheet, editor):
    batch = run(sheet())
    Agreement.objects.filter(title="Robots").update(summary="Mine.")
    batch = undo(batch)
    assert batch.state == "done" and Agreement.objects.count() == 2
    assert [one["title"] for one in batch.obstacles] == ["Robots"]
    batch = undo(batch, leave_out=True)
    assert batch.state == "undone" and [row.title for row in Agreement.objects.all()] == ["Robots"]
    assert {row.name for row in Institution.objects.all()} == {"KAIST", "Turing"}, "only what is in use stays"


def test_undo_spares_what_was_handed_in_or_published(sheet, editor):
    batch = run(sheet())
    robots, gardens = Agreement.objects.get(title="Robots"), Agreement.objects.get(title="Gardens")
    publish_now(robots)
    submit_for_review(agreement=gardens, by=editor)
    batch = undo(batch)
    assert {one["message"] for one in batch.obstacles} == {
        "The record is published by now.",
        "The record is in review by now.",
    }
    assert Agreement.objects.count() == 2


@pytest.mark.parametrize(
    ("cells", "column", "value"),
    [
        ({"Start": "31/02/2024"}, "Start", "31/02/2024"),
        ({"Start": "about 2024"}, "Start", "about 2024"),
        ({"End": "2020"}, "End", "2020"),
        ({"URL": "not an address"}, "URL", "not an address"),
        ({"Title": ""}, "Title", ""),
        ({"Title": "x" * 501}, "Title", "x" * 200),
        ({"ID": ""}, "ID", ""),
    ],
)
def test_a_row_is_refused_with_column_and_value(sheet, cells, column, value):
    row = dict(zip(HEADINGS, ROWS[0], strict=True)) | cells
    batch = sheet(list(row.values()), ROWS[1])
    refused = batch.rows.get(kind="refused")
    assert (refused.reasons[0]["column"], refused.reasons[0]["value"]) == (column, value)
    assert batch.counts["new"] == 1, "the other rows are not touched by it"


def test_the_same_identifier_twice_in_a_file_is_one_record(sheet):
    batch = sheet(ROWS[0], ["1", *ROWS[1][1:]])
    assert (batch.counts["new"], batch.counts["refused"]) == (1, 1)


def test_another_offices_record_is_not_touched(sheet):
    theirs = AgreementFactory(office=MembershipFactory().office, restricted=True)
    AgreementIdentifier.objects.create(agreement=theirs, system="own", value="1")
    batch = sheet()
    row = batch.rows.get(kind="refused")
    assert row.agreement_id is None and theirs.title not in str(row.reasons) + row.title


def test_a_withdrawn_record_is_not_touched(sheet, editor):
    run(sheet())
    Agreement.objects.filter(title="Robots").update(publication_state="withdrawn", withdrawal_reason="Over.")
    assert sheet([*ROWS[0][:6], "2031", ""]).counts == {
        "refused": 1,
        "institutions_matched": 2,
        "institutions_created": 0,
        "institutions_undecided": 0,
    }


def test_who_may_not_record_for_an_office_does_not_import_for_it(office, editor, sheet):
    stranger = MembershipFactory().user
    viewer = MembershipFactory(office=office, role="viewer").user
    batch = sheet()
    for other in (stranger, viewer):
        with pytest.raises(PermissionDenied):
            upload(csv_of(HEADINGS, *ROWS), by=other, office=office)
        with pytest.raises(PermissionDenied):
            importing.run_import(batch=batch, by=other)
        assert not ImportBatch.objects.visible_to(other).exists()
    assert ImportBatch.objects.visible_to(editor).exists()


def test_a_right_taken_away_before_the_job_runs_is_gone(sheet, editor):
    batch = importing.run_import(batch=sheet(), by=editor)
    editor.memberships.update(role="viewer")
    batch = worked(batch)
    assert batch.state == "checked" and "Nothing was written" in batch.error
    assert not Agreement.objects.exists()


def test_institutions_are_matched_and_chosen_once_for_all_rows(sheet, editor):
    one, other = (InstitutionFactory(name="National Library", country_id=code) for code in ("KR", "GB"))
    row = ["1", "Robots", "National Library", "Bath", "", "", "", ""]
    batch = sheet(row, ["2", "Gardens", *row[2:]])
    assert batch.counts["refused"] == 2 and batch.counts["institutions_undecided"] == 1
    party = batch.parties.get(decision="undecided")
    assert party.rows == 2 and {found["institution"] for found in party.candidates} == {one.pk, other.pk}
    batch = worked(importing.choose_institutions(batch=batch, by=editor, choices={party.pk: other}))
    assert batch.counts["new"] == 2
    run(batch)
    assert other.parties.count() == 2 and not one.parties.exists()


def test_a_ror_id_is_certain_and_an_unknown_one_is_kept(sheet):
    kaist = InstitutionFactory(name="Korea Advanced Institute", ror_id="05apxxy63")
    headings = ["Title", "Partner 1", "ROR"]
    batch = sheet(
        ["A", "Any name", "https://ror.org/05apxxy63"],
        ["B", "Turing", "035dkdb55"],
        ["C", "Wrong", "035dkdb56"],
        headings=headings,
        targets=["title", "party_A", "ror_A"],
    )
    assert batch.counts["refused"] == 1
    run(batch)
    assert kaist.parties.count() == 1
    assert Institution.objects.get(name="Turing").ror_id == "035dkdb55"


def test_countries_stand_beside_their_names_or_say_nothing(sheet):
    headings = ["Title", "Partners", "Country"]
    targets = ["title", "party_A", "country_A"]
    run(
        sheet(
            ["A", "KAIST; Turing", "South Korea; UK"],
            ["B", "Consortium", "Norway|Sweden"],
            headings=headings,
            targets=targets,
        )
    )
    found = dict(Institution.objects.values_list("name", "country_id"))
    assert found == {"KAIST": "KR", "Turing": "GB", "Consortium": None}


def test_further_parties_come_by_identifier(sheet, editor, office):
    run(sheet())
    links = csv_of(["ID", "Institution"], ["1", "Seoul"], ["1", "KAIST"], ["9", "Bath"])
    batch = checked(
        upload(links, by=editor, office=office, kind="parties"), targets=["identifier", "party_A"]
    )
    assert {kind: batch.counts.get(kind) for kind in ("new", "unchanged", "refused")} == {
        "new": 1,
        "unchanged": 1,
        "refused": 1,
    }
    run(batch)
    robots = Agreement.objects.get(title="Robots")
    assert robots.parties.count() == 3
    undo(batch)
    assert robots.parties.count() == 2 and not Institution.objects.filter(name="Seoul").exists()


def test_an_order_of_day_and_month_that_is_open_is_asked_for(editor, office):
    batch = upload(
        csv_of(["Title", "Partner", "Signed"], ["A", "KAIST", "03/04/2024"]), by=editor, office=office
    )
    targets = ["title", "party_A", "signed_on"]
    with pytest.raises(ValidationError) as refused:
        checked(batch, targets=targets)
    assert "order_2" in refused.value.message_dict
    run(checked(batch, targets=targets, orders={"Signed": "day_first"}))
    assert str(Agreement.objects.get().signed_on) == "2024-04-03"


def test_a_profile_is_offered_again_for_the_same_headings(editor, office, sheet):
    batch = upload(csv_of(HEADINGS, *ROWS), by=editor, office=office)
    mapping = importing.Mapping(targets=NAMES, type="exchange", system="own")
    importing.choose_mapping(batch=batch, by=editor, mapping=mapping, profile="Our list")
    again = upload(csv_of(HEADINGS, *ROWS), by=editor, office=office)
    assert [one.name for one in importing.fitting_profiles(again, editor)] == ["Our list"]
    assert ImportProfile.objects.get().mapping["type"] == "exchange"
    assert importing.fitting_profiles(again, MembershipFactory().user) == []


@pytest.mark.parametrize(
    ("cell", "shown"),
    [("=1+1", "'=1+1"), ("+44 20", "'+44 20"), ("-1.5", "-1.5"), ("@x", "'@x"), ("\tx", "'\tx"), ("+7", "+7"),
     ("ok", "ok")],
)  # fmt: skip
def test_no_cell_goes_out_as_a_formula(cell, shown):
    assert harmless(cell) == shown


def test_refused_rows_come_back_with_their_columns_and_the_reason(sheet):
    batch = sheet(["1", '=HYPERLINK("x")', *ROWS[0][2:5], "soon", "", ""])
    text = b"".join(as_csv(batch)).decode("utf-8-sig")
    assert text.splitlines()[0] == ",".join([*HEADINGS, "reason"])
    assert "'=HYPERLINK" in text and "Start “soon”: This is not a date" in text
    assert b"".join(as_xlsx(batch))[:2] == b"PK"


def test_a_published_record_takes_a_change_and_discloses_what_it_newly_names(sheet):
    run(sheet())
    robots = Agreement.objects.get(title="Robots")
    publish_now(robots)
    batch = run(sheet([*ROWS[0][:3], "Kyoto", *ROWS[0][4:]]), by=administrator())
    assert batch.state == "done", batch.error
    assert Institution.objects.get(name="Kyoto").visibility == "public"
    assert robots.parties.count() == 3
