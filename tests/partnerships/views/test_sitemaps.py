"""Sitemaps of what everybody may see, and what crawlers are asked to leave alone."""

import pytest
from django.test import Client
from lxml import etree

from partnerships.services.publication import withdraw
from partnerships.views import sitemaps
from tests.factories import AgreementFactory, InstitutionFactory, administrator, publish_now

pytestmark = pytest.mark.django_db
NS = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9"}


def locations(path: str, client: Client | None = None) -> list[str]:
    response = (client or Client()).get(path)
    assert response.status_code == 200, path
    body = b"".join(response.streaming_content) if response.streaming else response.content
    root = etree.fromstring(body)
    assert all(one.text for one in root.findall(".//s:lastmod", NS))
    return [one.text.removeprefix("http://testserver") for one in root.findall(".//s:loc", NS)]


def everything(path: str = "/sitemap.xml", client: Client | None = None) -> list[str]:
    return [page for part in locations(path, client) for page in locations(part, client)]


def test_every_public_page_stands_in_it_once_and_answers(monkeypatch, admin_client):
    monkeypatch.setattr(sitemaps, "SIZE", 2)
    records = [AgreementFactory(published=True) for _ in range(4)]
    hidden = AgreementFactory(visibility="internal", title="Hidden")
    publish_now(hidden)
    withdraw(agreement=records[0], by=administrator(), reason="Gone.")
    InstitutionFactory(name="Internal")
    found = everything()
    assert len(found) == len(set(found)) == 3 + 2 * 4
    assert {f"/agreements/{record.uid}/" for record in records[1:]} <= set(found)
    assert all(Client().get(page).status_code == 200 for page in found)
    assert everything(client=admin_client) == found, "everybody is given the same"


def test_any_question_about_agreements_has_one():
    record = AgreementFactory(
        parties=[InstitutionFactory(country_id="KR"), InstitutionFactory()], published=True
    )
    AgreementFactory(published=True)
    assert everything("/sitemap.xml?country=KR&type=memorandum_of_understanding") == [
        f"/agreements/{record.uid}/"
    ]
    for query in ("bogus=1", "country=ZZ", "page=2", "q=%00"):
        assert Client().get(f"/sitemap.xml?{query}").status_code == 400, query
        assert Client().get(f"/sitemap-agreement-0.xml?{query}").status_code == 400, query


@pytest.mark.parametrize("path", ["agreement-7", "agreement-99999999999", "partnership-0", "person-0", "x-0"])
def test_other_parts_are_not_there(path):
    assert Client().get(f"/sitemap-{path}.xml").status_code == 404


def test_an_empty_registry_has_an_empty_one():
    assert locations("/sitemap.xml") == []


def test_crawlers_are_led_to_it_and_away_from_endless_questions():
    text = Client().get("/robots.txt").content.decode()
    assert "Sitemap: http://testserver/sitemap.xml" in text
    assert "Disallow: /*?" in text and "Disallow: /admin/" in text


def test_it_costs_the_same_however_many_there_are(counted_queries):
    for _ in range(3):
        AgreementFactory(published=True)
    part = locations("/sitemap.xml")[0]
    with counted_queries("GET /sitemap.xml"):
        locations("/sitemap.xml")
    with counted_queries("GET /sitemap-agreement-N.xml"):
        locations(part)
