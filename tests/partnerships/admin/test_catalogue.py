"""Institutions, events, subjects, countries: found, told apart, created on the way."""

import pytest
from django.test import Client
from django.urls import reverse

from partnerships.models import (
    Agreement,
    AgreementFocusArea,
    AgreementRelation,
    Event,
    FocusArea,
    Institution,
    InstitutionLink,
    Party,
    Statement,
)
from tests.factories import (
    AgreementFactory,
    EventFactory,
    FocusAreaFactory,
    InstitutionFactory,
    MembershipFactory,
    OfficeFactory,
    PersonFactory,
    StatementFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client):
    client.force_login(MembershipFactory(role="editor").user)
    return client


def suggested(client, field, term: str) -> list[str]:
    """What the search field of a form offers."""
    meta = field.model._meta
    response = client.get(
        reverse("admin:autocomplete"),
        {"app_label": meta.app_label, "model_name": meta.model_name, "field_name": field.name, "term": term},
    )
    assert response.status_code == 200, response
    return [row["text"] for row in response.json()["results"]]


INSTITUTION = Party._meta.get_field("institution")


class TestFindingInstitutions:
    @pytest.fixture
    def kaist(self):
        kaist = InstitutionFactory(
            name="Korea Advanced Institute of Science and Technology",
            ror_id="05apxxy63",
            city="Daejeon",
            country_id="KR",
        )
        kaist.names.create(value="KAIST", kind="acronym")
        kaist.names.create(value="한국과학기술원", language="ko")
        return kaist

    @pytest.mark.parametrize(
        ("term", "named"),
        [
            ("kaist", " · KAIST"),
            ("한국과학기술원", " · 한국과학기술원"),
            ("한국", " · 한국과학기술원"),
            ("advanced institute", ""),
            ("korea technology", ""),
            ("05apxxy63", ""),
            ("https://ror.org/05apxxy63", ""),
        ],
    )
    def test_by_any_name_acronym_script_or_id(self, desk, kaist, term, named):
        (text,) = suggested(desk, INSTITUTION, term)
        place = " — Daejeon, " + kaist.country.name
        assert text == kaist.name + place + named

    @pytest.mark.parametrize("term", ["Kaits", "korea advansed institute", "한국과힉기술원"])
    def test_a_slip_finds_what_stands_and_says_so(self, desk, kaist, term):
        (text,) = suggested(desk, INSTITUTION, term)
        assert text == f"{kaist.name} — Daejeon, {kaist.country.name} · similar name"

    def test_a_slip_is_told_without_a_ror_id_too(self, desk):
        InstitutionFactory(name="Ariel University", country_id=None)
        assert suggested(desk, INSTITUTION, "Aiel University") == ["Ariel University · similar name"]

    def test_the_list_shows_only_what_was_asked(self, desk, kaist):
        page = desk.get(reverse("admin:partnerships_institution_changelist"), {"q": "Kaits"})
        assert kaist.name not in page.content.decode()

    def test_whole_names_come_first(self, desk):
        for name in ("AB Institute", "Lab", "AB"):
            InstitutionFactory(name=name, country_id=None)
        assert suggested(desk, INSTITUTION, "ab") == ["AB", "AB Institute", "Lab"]

    def test_statements_do_not_grow_with_answers(self, desk, counted_queries):
        InstitutionFactory(name="Institute one")
        suggested(desk, INSTITUTION, "institute")
        with counted_queries("GET /admin/autocomplete/ institution"):
            suggested(desk, INSTITUTION, "institute")
        InstitutionFactory.create_batch(10)
        with counted_queries("GET /admin/autocomplete/ institution"):
            assert len(suggested(desk, INSTITUTION, "inst")) == 11


def test_other_searches(desk):
    person = PersonFactory(name="Song Chong")
    person.names.create(value="정송")
    FocusAreaFactory(name="Vision", parent=FocusAreaFactory(name="Computing"))
    EventFactory(name="AI Seoul Summit", starts_on="2024-05")
    assert suggested(desk, Statement._meta.get_field("person"), "정송") == ["Song Chong · 정송"]
    subject = AgreementFocusArea._meta.get_field("focus_area")
    assert suggested(desk, subject, "vision") == ["Computing › Vision"]
    assert suggested(desk, Agreement._meta.get_field("event"), "seoul") == ["AI Seoul Summit · 2024-05"]
    assert "South Korea" in suggested(desk, Institution._meta.get_field("country"), "korea")


def test_the_gate_holds_in_searches(desk):
    AgreementFactory(title="Open one")
    AgreementFactory(title="Secret one", visibility="restricted", office=OfficeFactory())
    assert suggested(desk, AgreementRelation._meta.get_field("target"), "one") == ["Open one"]


@pytest.mark.parametrize("role", ["anonymous", "no staff"])
def test_strangers_get_no_suggestions(client, role):
    if role == "no staff":
        client.force_login(MembershipFactory(user__is_staff=False).user)
    response = client.get(
        reverse("admin:autocomplete"),
        {"app_label": "partnerships", "model_name": "party", "field_name": "institution", "term": "a"},
    )
    assert response.status_code in {302, 403}


class TestCreatingOnTheWay:
    @pytest.mark.parametrize(
        ("name", "model", "inlines"),
        [
            ("institution", Institution, ("names", "links")),
            ("event", Event, ()),
            ("focusarea", FocusArea, ()),
        ],
    )
    def test_a_short_form_is_enough(self, desk, name, model, inlines):
        address = reverse(f"admin:partnerships_{name}_add") + "?_popup=1"
        page = desk.get(address)
        fields = [field for _, options in page.context["adminform"].fieldsets for field in options["fields"]]
        assert len(fields) <= 5
        assert [formset.formset.prefix for formset in page.context["inline_admin_formsets"]] == list(inlines)
        rows = {f"{prefix}-{part}_FORMS": "0" for prefix in inlines for part in ("TOTAL", "INITIAL")}
        response = desk.post(address, {"name": "Something new", "_popup": "1"} | rows)
        assert response.status_code == 200
        assert "data-popup-response" in response.content.decode()
        assert model.objects.get().visibility == "internal", "public only when a public agreement names it"

    @pytest.mark.parametrize("written", ["035dkdb55", "https://ror.org/035dkdb55"])
    def test_a_ror_id_is_taken_in_any_written_form(self, desk, written):
        self._add(desk, ror_id=written)
        assert Institution.objects.get().ror_id == "035dkdb55"

    def test_a_wrong_ror_id_is_told_at_its_field(self, desk):
        response = self._add(desk, ror_id="035dkdb56")
        assert "ror_id" in response.context["adminform"].form.errors

    def _add(self, desk, **facts):
        rows = {
            f"{prefix}-{part}_FORMS": "0" for prefix in ("names", "links") for part in ("TOTAL", "INITIAL")
        }
        address = reverse("admin:partnerships_institution_add") + "?_popup=1"
        return desk.post(address, {"name": "N", "_popup": "1"} | facts | rows)


def test_rows_that_ror_gave_are_marked_and_kept_as_they_are(desk):
    institution = InstitutionFactory()
    given = institution.names.create(value="From ROR", from_ror=True)
    own = institution.names.create(value="Ours")
    address = reverse("admin:partnerships_institution_change", args=[institution.pk])
    page = desk.get(address)
    assert "ROR" in page.content.decode()
    (names, *_) = page.context["inline_admin_formsets"]
    disabled = [form.fields["value"].disabled for form in names.formset.forms]
    assert disabled == [True, False]
    assert (given.value, own.value) == ("From ROR", "Ours")


def test_relatives_read_from_both_sides(desk):
    parent = InstitutionFactory(name="University")
    child = InstitutionFactory(name="School")
    InstitutionLink.objects.create(institution=child, kind="parent", target=parent)
    for row, expected in ((parent, "children: School"), (child, "parents: University")):
        page = desk.get(reverse("admin:partnerships_institution_change", args=[row.pk]))
        assert expected in page.content.decode()


def test_an_institution_leads_to_what_we_have_with_it(desk):
    record = AgreementFactory(title="With them")
    institution = record.parties.first().institution
    page = desk.get(reverse("admin:partnerships_institution_change", args=[institution.pk]))
    address = reverse("admin:partnerships_agreement_changelist") + f"?institution={institution.pk}"
    assert address in page.content.decode()
    assert "With them" in desk.get(address).content.decode()


def test_a_person_leads_to_the_agreements_that_one_may_see(desk):
    person = PersonFactory()
    StatementFactory(agreement__title="Seen", person=person)
    secret = AgreementFactory(title="Hidden", visibility="restricted", office=OfficeFactory())
    StatementFactory(agreement=secret, person=person)
    page = desk.get(reverse("admin:people_person_change", args=[person.pk])).content.decode()
    assert "Seen" in page
    assert "Hidden" not in page


class TestDeleting:
    @pytest.fixture
    def administrator(self):
        client = Client()
        client.force_login(MembershipFactory(role="administrator").user)
        return client

    def test_what_is_in_use_stays_and_says_so(self, administrator):
        institution = AgreementFactory().parties.first().institution
        address = reverse("admin:partnerships_institution_delete", args=[institution.pk])
        assert administrator.get(address).status_code == 200
        response = administrator.post(address, {"post": "yes"})
        assert response.status_code in {200, 302, 403}
        assert Institution.objects.filter(pk=institution.pk).exists()

    def test_what_nobody_uses_can_go(self, administrator):
        event = EventFactory()
        administrator.post(reverse("admin:partnerships_event_delete", args=[event.pk]), {"post": "yes"})
        assert not Event.objects.exists()

    def test_editors_do_not_delete(self, desk):
        event = EventFactory()
        response = desk.post(reverse("admin:partnerships_event_delete", args=[event.pk]), {"post": "yes"})
        assert response.status_code == 403


def test_a_subject_cannot_stand_below_itself(desk):
    upper = FocusAreaFactory()
    lower = FocusAreaFactory(parent=upper)
    address = reverse("admin:partnerships_focusarea_change", args=[upper.pk])
    opened = desk.get(address).context["adminform"].form.initial.get("opened_at", "")
    response = desk.post(
        address,
        {"name": upper.name, "parent": lower.pk, "visibility": "internal", "opened_at": opened,
         "mappings-TOTAL_FORMS": "0", "mappings-INITIAL_FORMS": "0"},
    )  # fmt: skip
    assert response.status_code == 200
    assert "cannot stand below itself" in response.content.decode()


def test_countries_are_read_only(desk):
    assert desk.get(reverse("admin:partnerships_country_change", args=["KR"])).status_code == 200
    assert desk.get(reverse("admin:partnerships_country_add")).status_code == 403
    assert desk.post(reverse("admin:partnerships_country_change", args=["KR"]), {}).status_code == 403


LISTS = {"institution": InstitutionFactory, "event": EventFactory, "focusarea": FocusAreaFactory}


@pytest.mark.parametrize("name", LISTS)
def test_lists_answer_in_a_fixed_number_of_statements(desk, counted_queries, name):
    address = reverse(f"admin:partnerships_{name}_changelist")
    for times in (1, 5):
        LISTS[name].create_batch(times)
        with counted_queries(f"GET /admin/partnerships/{name}/"):
            assert desk.get(address).status_code == 200
