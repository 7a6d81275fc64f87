"""Profiles: every number on them is the number of what it leads to, for whoever looks."""

import pytest

from partnerships.models import InstitutionLink
from tests.factories import (
    ActivityFactory,
    AgreementFactory,
    EventFactory,
    FocusAreaFactory,
    InstitutionFactory,
    MembershipFactory,
    OfficeFactory,
    PersonFactory,
    SignatoryFactory,
    SubjectFactory,
    publish_now,
)

from .test_agreement_page import plain

pytestmark = pytest.mark.django_db

#: How many agreements of the institution each kind of visitor sees.
SEEN = {"anonymous": 3, "staff": 5, "office": 6}


@pytest.fixture
def registry() -> dict:
    """Six agreements of one institution: three public, a draft, an internal and a restricted one."""
    office = OfficeFactory()
    one, other = InstitutionFactory(country_id="KR"), InstitutionFactory(country_id="GB")
    third = InstitutionFactory(country_id="GB")
    area = FocusAreaFactory(name="Physics")
    quantum = FocusAreaFactory(name="Quantum", parent=area)
    law = FocusAreaFactory(name="Law")
    event, person = EventFactory(), PersonFactory()
    facts = [
        ({"published": True, "signed_on": "2020"}, [one, other], [quantum]),
        ({"published": True, "signed_on": "2024-05"}, [one, other], [quantum, law]),
        ({"published": True, "type": "framework"}, [one, third], [area]),
        ({"signed_on": "2021"}, [one, other], [law]),
        ({"visibility": "internal", "published": True, "signed_on": "2022"}, [one, third], [quantum]),
        ({"visibility": "restricted", "office": office, "published": True}, [one, other], [law]),
    ]
    for row, parties, subjects in facts:
        publish = row.pop("published", False)
        record = AgreementFactory(parties=parties, event=event, **row)
        for subject in subjects:
            SubjectFactory(agreement=record, focus_area=subject)
        ActivityFactory(agreement=record, kind="internships")
        SignatoryFactory(party=record.parties.first(), person=person)
        if publish:
            publish_now(record)
    return {"office": office, "one": one, "other": other, "area": quantum, "event": event, "person": person}


def sign_in(client, visitor: str, registry: dict) -> None:
    if visitor != "anonymous":
        office = registry["office"] if visitor == "office" else OfficeFactory()
        client.force_login(MembershipFactory(office=office).user)


def addresses(registry: dict) -> list[str]:
    return [
        f"/institutions/{registry['one'].uid}/",
        f"/institutions/{registry['other'].uid}/",
        "/countries/KR/",
        "/countries/GB/",
        f"/focus-areas/{registry['area'].uid}/",
        f"/events/{registry['event'].uid}/",
        f"/people/{registry['person'].uid}/",
        f"/partnerships/{'-'.join(sorted((registry['one'].uid, registry['other'].uid)))}/",
    ]


@pytest.mark.parametrize(
    "inside", ["", "?year=2020&year=2024&focus_area={area}", "?q=-framework&activity=internships"]
)
@pytest.mark.parametrize("visitor", SEEN)
def test_every_number_is_that_of_the_list_behind_it(client, registry, visitor, inside):
    sign_in(client, visitor, registry)
    followed = 0
    for path in addresses(registry):
        context = client.get(path + inside.format(area=registry["area"].uid)).context
        assert client.get(context["all_agreements"]).context["page"].count == context["agreement_total"], path
        for facet, group in context["groups"].items():
            for choice in group.choices:
                if choice.address.startswith("/agreements/"):
                    listed = client.get(choice.address).context["page"].count
                    assert choice.count.value == listed, (path, facet, choice)
                    followed += 1
    assert followed > (30 if inside else 60)


@pytest.mark.parametrize("visitor", SEEN)
def test_what_occurs_together_and_partners_have_the_numbers_of_what_they_share(client, registry, visitor):
    sign_in(client, visitor, registry)
    context = client.get(f"/institutions/{registry['one'].uid}/").context
    assert context["agreement_total"] == SEEN[visitor]
    for row in context["partners"]:
        shared = client.get(f"/partnerships/{row['uid']}/").context
        assert shared["agreement_total"] == row["agreement_count"]
        assert sum(one.count.value for one in shared["groups"]["status"].choices) == row["agreement_count"]
    together = client.get("/countries/KR/").context["groups"]["country"].choices
    assert [(one.value, one.count.value) for one in together] == [("GB", SEEN[visitor])]
    assert client.get(together[0].address).status_code == 200


class TestFiltersInside:
    """A profile takes the filters of the list of agreements: all that it shows of them is narrowed."""

    def test_all_that_is_shown_is_narrowed(self, client, registry):
        path = f"/institutions/{registry['one'].uid}/"
        page = client.get(f"{path}?year=2024").context
        assert [row.signed_on.year for row in page["agreements"]] == [2024]
        assert page["agreement_total"] == len(page["timeline"].spans) == page["partner_count"] == 1
        assert [row["partner"].pk for row in page["partners"]] == [registry["other"].pk]
        subjects = {one.name: one.count.value for one in page["groups"]["focus_area"].choices}
        assert subjects == {"Quantum": 1, "Physics": 1, "Law": 1}
        assert page["years"] is None
        for address in (*page["drawn"].values(), *(one["address"] for one in page["pictures"])):
            assert "year=2024" in address
            assert client.get(address).context["page"].count == 1
        everything = client.get(path).context
        assert everything["agreement_total"] == 3 and everything["partner_count"] == 2

    def test_every_profile_narrows(self, client, registry):
        for path in addresses(registry):
            whole, part = client.get(path).context, client.get(f"{path}?year=2024").context
            assert part["agreement_total"] == 1 < whole["agreement_total"], path
            assert [one.words for one in part["chips"]] == ["2024"] and whole["chips"] == [], path
            assert part["canonical"] == whole["canonical"]

    def test_what_a_person_did_is_narrowed(self, client, registry):
        page = client.get(f"/people/{registry['person'].uid}/?year=2024").context
        assert [row.party.agreement.signed_on.year for row in page["signatures"]] == [2024]
        assert client.get(f"/people/{registry['person'].uid}/?year=x").context["signatures"] == []

    def test_the_form_offers_what_narrows_further_and_keeps_the_rest(self, client, registry):
        path = f"/institutions/{registry['one'].uid}/"
        asked = f"?year=2024&signed_after=2001&partnership={registry['one'].uid}-{registry['other'].uid}"
        page = client.get(path + asked).context
        offered = {control.name: control for control in page["controls"]}
        assert "institution" not in offered and offered["q"].kind == "search"
        # Another year may be chosen as well: its choices are counted without it.
        assert [(one.value, one.is_chosen) for one in offered["year"].first] == [
            ("2024", True),
            ("2020", False),
        ]
        assert sorted(one.words for one in offered["focus_area"].first) == ["Law", "Physics", "Quantum"]
        assert dict(page["kept"]).keys() == {"signed_after", "partnership"}
        assert [chip.address for chip in page["chips"] if chip.label == "Year"] == [
            f"?{asked.removeprefix('?year=2024&')}"
        ]

    def test_a_name_beside_one_that_is_asked_for_leads_to_its_page(self, client, registry):
        groups = client.get(
            f"/institutions/{registry['one'].uid}/?focus_area={registry['area'].uid}"
        ).context["groups"]
        leads = {one.name: one.address for one in groups["focus_area"].choices}
        assert leads["Quantum"].startswith("/agreements/") and leads["Law"].startswith("/focus-areas/")

    def test_sub_units_stay_counted(self, client, registry):
        pair = "-".join(sorted((registry["one"].uid, registry["other"].uid)))
        page = client.get(f"/partnerships/{pair}/?sub_units=1&year=2024").context
        assert page["agreement_total"] == 1 and page["other_count"] == "?year=2024"
        assert ("sub_units", "1") in page["kept"] and page["notices"] == []
        assert "sub_units=1" in page["all_agreements"]

    def test_filters_in_the_search_box_become_parameters(self, client, registry):
        for path in addresses(registry):
            response = client.get(f"{path}?q=year:2024")
            assert (response.status_code, response["Location"]) == (302, "?year=2024"), path

    def test_another_spelling_keeps_the_filters(self, client):
        response = client.get("/countries/kr/?year=2024")
        assert (response.status_code, response["Location"]) == (301, "/countries/KR/?year=2024")

    def test_nothing_found_says_so(self, client, registry):
        for path in addresses(registry):
            text = plain(client.get(f"{path}?year=1999").content.decode())
            assert "No partner is recorded" not in text and "No agreement is recorded" not in text, path
            assert (
                "None meets these filters." in text or "Nothing here meets all of these filters." in text
            ), path

    @pytest.mark.parametrize(
        "asked", ["year=x", "country=XX", "status=%00", "signed_after=soon", "focus_area=no"]
    )
    def test_a_value_that_makes_no_sense_shows_nothing(self, client, registry, asked):
        for path in addresses(registry):
            if "/countries/" in path and asked.startswith("country"):
                continue
            if "/focus-areas/" in path and asked.startswith("focus_area"):
                continue
            response = client.get(f"{path}?{asked}")
            assert response.status_code == 400 and "There is a problem" in response.content.decode(), path
            assert response.context["agreement_total"] == 0, path

    def test_too_many_values(self, client, registry):
        asked = "&".join(["year=2024"] * 51)
        assert client.get(f"/countries/KR/?{asked}").status_code == 400

    def test_what_is_no_filter_here_is_told(self, client, registry):
        path = f"/institutions/{registry['one'].uid}/"
        page = client.get(f"{path}?institution={registry['other'].uid}&utm=x").context
        assert page["agreement_total"] == 3
        assert sorted(page["notices"]) == [
            "“institution” is not a filter of this page and was left out.",
            "“utm” is not a filter of this page and was left out.",
        ]

    def test_hidden_records_are_no_choices(self, client, registry):
        hidden = FocusAreaFactory(name="Hidden subject")
        SubjectFactory(
            agreement=AgreementFactory(parties=[registry["one"], registry["other"]]), focus_area=hidden
        )
        html = client.get(f"/institutions/{registry['one'].uid}/?year=2024").content.decode()
        assert "Hidden subject" not in html
        assert client.get(f"/institutions/{registry['one'].uid}/?focus_area={hidden.uid}").status_code == 400


def test_a_subject_names_what_occurs_with_it_but_not_what_stands_above_it(client, registry):
    choices = client.get(f"/focus-areas/{registry['area'].uid}/").context["groups"]["focus_area"].choices
    assert [(one.name, one.count.value) for one in choices] == [("Law", 1)]


def test_what_is_hidden_makes_nobody_similar(client):
    one, partners = InstitutionFactory(), InstitutionFactory.create_batch(2)
    alike, hidden = InstitutionFactory(name="Alike"), InstitutionFactory(name="Hidden")
    for partner in partners:
        AgreementFactory(parties=[one, partner], published=True)
        AgreementFactory(parties=[alike, partner], published=True)
        AgreementFactory(parties=[hidden, partner])
    text = plain(client.get(f"/institutions/{one.uid}/").content.decode())
    assert "Similar institutions" in text
    similar = text.split("Similar institutions")[1].split("Names")[0]
    assert "Alike" in similar and "2 partners in common, among them" in similar and "Hidden" not in similar


def test_similar_partnerships_say_why(client):
    one, other = InstitutionFactory(country_id="KR"), InstitutionFactory(country_id="GB", name="First")
    second, elsewhere = (
        InstitutionFactory(country_id="GB", name="Second"),
        InstitutionFactory(country_id="FR"),
    )
    area = FocusAreaFactory(name="Quantum")
    for partner in (other, second, elsewhere):
        record = AgreementFactory(parties=[one, partner])
        SubjectFactory(agreement=record, focus_area=area)
        publish_now(record)
    AgreementFactory(parties=[one, InstitutionFactory(country_id="GB", name="Hidden")])
    pair = "-".join(sorted((one.uid, other.uid)))
    text = plain(client.get(f"/partnerships/{pair}/").content.decode()).split("Similar partnerships")[1]
    assert "Second is in United Kingdom as well" in text and "also on Quantum" in text
    assert elsewhere.name not in text and "Hidden" not in text


def test_a_partnership_leads_to_its_list_and_is_drawn(client):
    one, other, faculty = InstitutionFactory.create_batch(3, country_id="KR")
    InstitutionLink.objects.create(institution=faculty, kind="parent", target=one)
    for parties, year in (((one, other), "2012"), ((other, one), "2024"), ((faculty, other), "2018")):
        AgreementFactory(title=f"Of {year}", parties=parties, signed_on=year, published=True)
    AgreementFactory(title="Elsewhere", parties=[one, InstitutionFactory()], published=True)
    uid = "-".join(sorted((one.uid, other.uid)))
    for asked, titles in (("", ["Of 2024", "Of 2012"]), ("?sub_units=1", ["Of 2024", "Of 2018", "Of 2012"])):
        page = client.get(f"/partnerships/{uid}/{asked}").context
        assert [row.title for row in page["agreements"]] == titles
        assert [span.agreement.title for span in page["timeline"].spans] == titles
        listed = client.get(page["all_agreements"]).context
        assert sorted(row.title for row in listed["rows"]) == sorted(titles)
        assert listed["chips"][0].words == " and ".join(str(side) for side in page["sides"])
        for drawn in page["drawn"].values():
            assert client.get(drawn).context["page"].count == len(titles)


def test_the_years_are_drawn_from_the_first_to_the_last(client):
    one = InstitutionFactory()
    for year in ("2010", "2019", "2019-05"):
        AgreementFactory(parties=[one, InstitutionFactory()], signed_on=year, published=True)
    years = client.get(f"/institutions/{one.uid}/").context["years"]
    assert (years.first, years.last, years.most.name) == ("2010", "2019", "2019")
    assert [column.x for column in years.columns] == [0, 90]


def test_an_institution_without_agreements_is_a_calm_page(client):
    one = InstitutionFactory(visibility="public")
    text = plain(client.get(f"/institutions/{one.uid}/").content.decode())
    assert "No partner is recorded." in text and "No agreement is recorded." in text
    assert "In numbers" not in text and "As pictures" not in text


def test_names_of_hidden_people_are_in_no_number(client, registry):
    person = PersonFactory(name="Hidden Person")
    record = AgreementFactory(parties=[registry["one"], registry["other"]], visibility="internal")
    SignatoryFactory(party=record.parties.first(), person=person)
    publish_now(record)
    for path in addresses(registry):
        assert "Hidden Person" not in client.get(path).content.decode()
