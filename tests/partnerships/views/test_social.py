"""Cards beside shared links: every page names one, and it shows what everybody may see."""

from io import BytesIO
from unittest.mock import patch

import pytest
from PIL import Image

from partnerships.views import social
from tests.factories import (
    AgreementFactory,
    EventFactory,
    FocusAreaFactory,
    InstitutionFactory,
    SubjectFactory,
    UserFactory,
    publish_now,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def drawn():
    """The cards that were drawn, as what they say."""
    cards = []

    def draw(card, site):
        assert site == "testserver"
        cards.append(card)
        return b"png"

    with patch.object(social, "png", draw):
        yield cards


@pytest.fixture
def record():
    turing = InstitutionFactory(name="The Alan Turing Institute", country_id="GB")
    kaist = InstitutionFactory(name="KAIST", country_id="KR")
    kaist.names.create(kind="label", language="ko", value="한국과학기술원")
    record = AgreementFactory(
        title="On trustworthy AI",
        parties=[turing, kaist],
        signed_on="2024-05-21",
        event=EventFactory(name="AI Seoul Summit"),
    )
    SubjectFactory(agreement=record, focus_area=FocusAreaFactory(name="AI safety"))
    publish_now(record)
    return record


def test_the_page_names_its_card_and_the_card_is_a_picture(client, record):
    html = client.get(f"/agreements/{record.uid}/").content.decode()
    address = f"http://testserver/agreements/{record.uid}/card.png"
    assert f'<meta property="og:image" content="{address}">' in html
    response = client.get(address)
    assert response["Content-Type"] == "image/png"
    assert "public" in response["Cache-Control"] and "Set-Cookie" not in response
    assert Image.open(BytesIO(response.content)).size == (1200, 630)


def test_an_agreement_says_who_what_and_since_when(client, record, drawn):
    client.get(f"/agreements/{record.uid}/card.png")
    [card] = drawn
    assert card.title == "On trustworthy AI"
    assert set(card.parties) == {"The Alan Turing Institute", "KAIST"}
    assert card.kind == "Memorandum of understanding · 2 parties · 2 countries · AI Seoul Summit"
    assert any("21 May 2024" in fact for fact in card.facts)


def test_it_speaks_the_language_of_the_page(client, record, drawn):
    html = client.get(f"/ko/agreements/{record.uid}/").content.decode()
    assert f"/ko/agreements/{record.uid}/card.png" in html
    client.get(f"/ko/agreements/{record.uid}/card.png")
    [card] = drawn
    assert "한국과학기술원" in card.parties and "2024년 5월 21일" in card.facts[1]


def test_every_kind_of_record_has_one(client, record, drawn):
    one, other = sorted((party.institution for party in record.parties.all()), key=lambda side: side.uid)
    [area] = record.focus_areas.all()
    addresses = {
        f"/institutions/{one.uid}/": str(one),
        f"/partnerships/{one.uid}-{other.uid}/": f"{one} and {other}",
        f"/events/{record.event.uid}/": "AI Seoul Summit",
        f"/focus-areas/{area.uid}/": "AI safety",
        "/countries/KR/": "Korea, Republic of",
    }
    for address in addresses:
        html = client.get(address).content.decode()
        assert f'content="http://testserver{address}card.png"' in html
        assert client.get(f"{address}card.png").status_code == 200
    assert [card.title for card in drawn[:4]] == list(addresses.values())[:4]
    assert all(card.facts == ["1 agreement"] for card in drawn)


def test_pages_of_no_record_show_that_of_the_registry(client):
    html = client.get("/agreements/").content.decode()
    assert '<meta property="og:image" content="http://testserver/card.png">' in html
    assert client.get("/card.png")["Content-Type"] == "image/png"


def test_nobody_gets_the_card_of_what_only_staff_may_see(client, drawn):
    draft = AgreementFactory(title="A draft")
    client.force_login(UserFactory(is_superuser=True))
    assert client.get(f"/agreements/{draft.uid}/").status_code == 200
    assert client.get(f"/agreements/{draft.uid}/card.png").status_code == 404
    assert not drawn


def test_statements(client, record, drawn, counted_queries):
    one, other = sorted(party.institution.uid for party in record.parties.all())
    for name, path in {
        "agreements/<id>": f"/agreements/{record.uid}/card.png",
        "institutions/<id>": f"/institutions/{one}/card.png",
        "partnerships/<id>": f"/partnerships/{one}-{other}/card.png",
    }.items():
        client.get(path)
        with counted_queries(f"GET /{name}/card.png"):
            client.get(path)


@pytest.mark.parametrize(
    "path", ["/agreements/none/card.png", "/institutions/%00/card.png", "/partnerships/a-b/card.png"]
)
def test_no_record_no_card(client, path):
    assert client.get(path).status_code == 404
