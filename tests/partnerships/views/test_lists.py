"""List pages: filters, errors, order, pages, and the twin of the API."""

import re
from urllib.parse import urlencode

import pytest
from django.test import Client

from tests.factories import (
    AgreementFactory,
    EventFactory,
    FocusAreaFactory,
    InstitutionFactory,
    MembershipFactory,
    PersonFactory,
    SubjectFactory,
    make_public,
)

from .records import full_agreement, seed_agreement

pytestmark = pytest.mark.django_db

RESOURCES = ["agreements", "partnerships", "institutions", "people", "focus-areas", "events", "countries"]


def get(client: Client, path: str, code: int = 200, **query) -> str:
    response = client.get(f"{path}?{urlencode(query, doseq=True)}" if query else path)
    assert response.status_code == code
    return response.content.decode()


def ids_on(html: str, resource: str) -> list[str]:
    """The records of a list page, in their order."""
    results = html.split('<section class="results"')[1]
    rows = re.findall(r'<th scope="row".*?</th>', results, re.S)
    return [re.search(rf'href="/{resource}/([^/"]+)/"', row)[1] for row in rows]


@pytest.mark.parametrize("resource", RESOURCES)
def test_an_empty_registry_has_every_list(client, resource):
    html = get(client, f"/{resource}/")
    assert ("Nothing found" in html) == (resource != "countries")


@pytest.mark.parametrize("resource", RESOURCES)
def test_an_unknown_parameter_is_pointed_out_and_results_are_shown(client, resource):
    seed_agreement()
    html = get(client, f"/{resource}/", bogus="1")
    assert "“bogus” is not a filter of this list" in html
    assert ids_on(html, resource)


@pytest.mark.parametrize("resource", RESOURCES)
@pytest.mark.parametrize("query", [{"ordering": "zzz"}, {"q": "x" * 10_000}, {"q": "\x00"}])
def test_a_bad_value_gives_no_results(client, resource, query):
    seed_agreement()
    html = get(client, f"/{resource}/", code=400, **query)
    assert "There is a problem" in html
    assert ids_on(html, resource) == []


@pytest.mark.parametrize("resource", RESOURCES)
@pytest.mark.parametrize("page", ["0", "2", "-1", "zzz", "9" * 30, "1e3"])
def test_a_page_that_is_not_there_is_not_found(client, resource, page):
    seed_agreement()
    get(client, f"/{resource}/", code=404, page="99" if page == "2" else page)


@pytest.mark.parametrize("resource", RESOURCES)
def test_only_reading_is_allowed(client, resource):
    assert client.head(f"/{resource}/").status_code == 200
    for method in (client.post, client.put, client.delete, client.patch, client.options):
        assert method(f"/{resource}/").status_code == 405


def test_answers_depend_on_who_asks(client):
    assert "Cookie" in client.get("/agreements/").headers["Vary"]
    client.force_login(MembershipFactory().user)
    assert "private" in client.get("/agreements/").headers["Cache-Control"]


def test_a_bad_choice_is_named_at_the_field_and_at_the_top(client):
    seed_agreement()
    response = client.get("/agreements/?status=zzz")
    html = response.content.decode()
    assert response.status_code == 400
    assert re.search(r"<title>\s+Error:\s+Agreements", html)
    assert html.count("zzz is not one of the available choices") == 2
    assert 'href="#f-status"' in html and 'id="f-status-error"' in html
    assert "Memorandum of understanding on artificial intelligence" not in html


def test_active_filters_are_chips_that_remove_themselves(client):
    record = seed_agreement()
    kaist = record.parties.last().institution
    query = {"q": "seoul", "status": ["signed", "in_force"], "country": "KR", "institution": kaist.ror_id}
    html = get(client, "/agreements/", **query)
    chips = html.split('<ul class="chips"')[1].split("</ul>")[0]
    text = re.sub(r"\s+", " ", re.sub("<[^>]+>", " ", chips))
    assert "Country: South Korea" in text
    assert "Institution: Korea Advanced Institute of Science and Technology" in text
    assert "Status today: Signed" in text and "Status today: In force" in text
    assert '?q=seoul&amp;status=in_force&amp;country=KR&amp;institution=05apxxy63"' in chips


def test_the_form_keeps_what_was_asked(client):
    record = seed_agreement()
    event = record.event.uid
    query = {
        "q": "seoul", "status": ["signed"], "country": ["KR", "GB"], "event": event, "ordering": "title",
        "signed_after": "2024-01", "page_size": "10",
    }  # fmt: skip
    form = get(client, "/agreements/", **query).split("<form")[1].split("</form>")[0]
    for name, value in (("q", "seoul"), ("signed_after", "2024-01")):
        assert re.search(rf'name="{name}"[^>]*value="{value}"', form, re.S)
    for name, value in (("event", event), ("ordering", "title"), ("page_size", "10"), ("country", "GB")):
        assert f'<input type="hidden" name="{name}" value="{value}">' in form
    assert re.search(r'value="signed"\s+checked', form)
    assert re.search(r'<option value="KR"\s+selected>', form)


def test_what_only_the_api_uses_is_pointed_out(client):
    assert "“fields” shapes answers of the API" in get(client, "/agreements/", fields="title")


def test_pages_follow_each_other_and_keep_the_question(client):
    AgreementFactory.create_batch(3, title="Water", published=True)
    first = get(client, "/agreements/", q="water", page_size=2)
    second = get(client, "/agreements/", q="water", page_size=2, page=2)
    assert "Page 1 of 2" in first
    assert 'href="?q=water&amp;page_size=2&amp;page=2" rel="next"' in first
    assert 'href="?q=water&amp;page_size=2" rel="prev"' in second
    found = ids_on(first, "agreements") + ids_on(second, "agreements")
    assert len(set(found)) == 3


def test_orders_are_links(client):
    for title in ("B", "A", "C"):
        AgreementFactory(title=f"{title} agreement", published=True)
    html = get(client, "/agreements/")
    assert 'href="?ordering=title"' in html
    titles = re.findall(r">([ABC]) agreement<", get(client, "/agreements/", ordering="title"))
    assert titles == ["A", "B", "C"]


@pytest.mark.parametrize("resource", RESOURCES)
def test_every_order_that_is_offered_is_understood(client, resource):
    seed_agreement()
    AgreementFactory(published=True)
    make_public(EventFactory(), PersonFactory(), FocusAreaFactory(), InstitutionFactory())
    html = get(client, f"/{resource}/")
    orders = re.findall(r'href="\?ordering=([^"]+)"', html.split('class="results"')[1])
    assert orders
    for order in orders:
        assert ids_on(get(client, f"/{resource}/", ordering=order), resource)


def test_choices_name_only_what_the_visitor_may_see(client):
    hidden = FocusAreaFactory(name="Hidden subject")
    draft = AgreementFactory(parties=InstitutionFactory.create_batch(2, country_id="MN"))
    SubjectFactory(agreement=draft, focus_area=hidden)
    seed_agreement()
    html = get(client, "/agreements/")
    assert "Mongolia" not in html and hidden.name not in html
    assert "South Korea" in html and "Artificial intelligence" in html
    client.force_login(MembershipFactory().user)
    html = get(client, "/agreements/")
    assert "Mongolia" in html and hidden.name in html


def test_hidden_records_are_in_no_list(client):
    AgreementFactory(title="Hidden agreement")
    AgreementFactory(title="Hidden internal", visibility="internal", published=True)
    InstitutionFactory(name="Hidden institution")
    PersonFactory(name="Hidden person")
    EventFactory(name="Hidden event")
    FocusAreaFactory(name="Hidden area")
    for resource in RESOURCES:
        assert "Hidden" not in get(client, f"/{resource}/")
        assert "Nothing found" in get(client, f"/{resource}/", q="Hidden")


def test_an_identifier_that_is_hidden_is_as_unknown_as_one_that_never_was(client):
    hidden = InstitutionFactory(name="Hidden institution")
    html = get(client, "/agreements/", code=400, institution=hidden.uid)
    assert "is no institution known here" in html and "Hidden" not in html


@pytest.mark.parametrize("resource", RESOURCES)
@pytest.mark.parametrize(
    "query", ["", "q=korea", "country=KR", "ordering=-updated_at", "page_size=1", "q=zzz"]
)
def test_the_api_answers_the_same_question(client, resource, query):
    seed_agreement()
    full_agreement()
    response = client.get(f"/{resource}/?{query}")
    html = response.content.decode()
    # A page of subjects holds more, so that the tree is read as a whole.
    size = "&page_size=100" if resource == "focus-areas" and "page_size" not in query else ""
    answer = client.get(f"/api/v1/{resource}/?{query}{size}")
    if "is not a filter of this list" in html or response.status_code == 400:
        assert answer.status_code == 400
        return
    written = [row.get("id") or row["code"] for row in answer.json()["results"]]
    shown = ids_on(html, resource)
    if resource == "focus-areas":
        shown, written = sorted(shown), sorted(written)
    assert shown == written


def test_links_lead_to_the_same_question_in_the_api(client):
    seed_agreement()
    html = get(client, "/agreements/", q="seoul", page=1)
    for kind in ("csv", "json", "xlsx"):
        address = f"/api/v1/agreements/?q=seoul&format={kind}"
        assert address.replace("&", "&amp;") in html
        assert client.get(address).status_code == 200


@pytest.mark.parametrize(
    ("name", "words"), [("Government of Japan", "Government of Japan"), ("Rikagaku", "Rikagaku Japan")]
)
def test_a_party_has_its_country_unless_its_name_says_it(client, name, words):
    one, other = InstitutionFactory(name=name, country_id="JP"), InstitutionFactory(country=None)
    AgreementFactory(parties=[one, other], published=True)
    html = get(client, "/agreements/")
    parties = re.findall(r'<li class="party">(.*?)</li>', html, re.DOTALL)
    assert words in [" ".join(re.sub(r"<[^>]+>", "", party).split()) for party in parties]


class TestWhatWasMeant:
    """Words that find nothing are held against all names that the visitor may see."""

    @pytest.fixture
    def turing(self):
        institution = InstitutionFactory(name="The Alan Turing Institute", visibility="public")
        institution.names.create(value="튜링 연구소", kind="label", language="ko")
        return institution

    def hints(self, client, path: str) -> str:
        body = client.get(path).content.decode()
        return body.partition("Perhaps you mean")[2].partition("</ul>")[0]

    def test_a_slip_leads_to_the_record(self, client, turing):
        hints = self.hints(client, "/agreements/?q=Turning+Institite")
        assert f'href="/institutions/{turing.uid}/"' in hints
        assert "in another language: 튜링 연구소" in self.hints(client, "/agreements/?q=튜링+연구서")

    def test_a_list_offers_its_own(self, client, turing):
        assert self.hints(client, "/institutions/?q=turning+institite")
        assert not self.hints(client, "/people/?q=turning+institite")

    def test_a_country_is_offered_with_its_page(self, client):
        for path in ("/agreements/", "/partnerships/", "/countries/"):
            hints = self.hints(client, f"{path}?q=Suoth+Korea")
            assert re.search(
                r'href="/countries/KR/">South Korea</a> <span class="muted">country</span>', hints
            )
        hints = self.hints(client, "/countries/?q=대한민국")
        assert "country, in another language: 대한민국" in hints
        assert "country, also known as: Ivory Coast" in self.hints(client, "/agreements/?q=ivory+coats")
        assert client.get("/countries/KR/").status_code == 200

    def test_nothing_is_offered_where_something_was_found_or_nothing_asked(self, client, turing):
        AgreementFactory(title="Turing", published=True)
        assert not self.hints(client, "/agreements/?q=turing")
        assert not self.hints(client, "/agreements/?country=KR")
        assert not self.hints(client, "/agreements/?q=turning+institite&status=zzz")
        assert not self.hints(client, "/agreements/?q=xylophone")

    def test_hidden_records_are_not_offered(self, client):
        InstitutionFactory(name="Hidden Institute")
        assert not self.hints(client, "/agreements/?q=hiden+institute")
