"""What every page has around it, the start page, and the page of developers."""

import re

import pytest
from django.test import override_settings
from django.urls import reverse

from tests.factories import AgreementFactory, InstitutionFactory

pytestmark = pytest.mark.django_db


def meta(html: str) -> dict[str, str]:
    return dict(re.findall(r'<meta property="og:(\w+)" content="([^"]*)"', html))


def test_a_social_card_says_what_the_page_says(client):
    record = AgreementFactory(title='"Quoted" <b>& bold</b>', published=True)
    html = client.get(f"/agreements/{record.uid}/").content.decode()
    card = meta(html)
    [title] = re.findall(r"<title>(.*?)</title>", html, re.DOTALL)
    assert (
        card["title"]
        == " ".join(title.split())
        == "&quot;Quoted&quot; &lt;b&gt;&amp; bold&lt;/b&gt; – Entente"
    )
    assert "Quoted" in card["description"] and "\n" not in card["description"]
    assert card["url"] == f"http://testserver/agreements/{record.uid}/"


def test_an_error_page_has_the_frame_too(client):
    html = client.get("/no-such-page/").content.decode()
    assert meta(html)["title"] == "Page not found – Entente"
    assert "Staff sign-in" in html


def test_the_start_page_counts_what_stands_and_shows_the_newest(client):
    parties = InstitutionFactory.create_batch(3, country_id="KR")
    AgreementFactory(parties=parties, signed_on="2001", ends_on="2002", end_kind="date", published=True)
    newest = AgreementFactory(parties=parties, signed_on="2024", title="Of the three", published=True)
    AgreementFactory(parties=parties, signed_on="2025", title="A draft")
    html = client.get("/").content.decode()
    numbers = [int(number) for number in re.findall(r"<dd>\s*(\d+)\s*</dd>", html)]
    assert numbers == [2, 1, 3, 1]
    drawn = html[html.index('class="newest"') : html.index("</figure>")]
    assert newest.title in drawn and "and 1 further party" in drawn
    assert "A draft" not in html


def test_what_the_start_page_counts_is_what_its_link_finds(client):
    for facts in ({"signed_on": "2024"}, {"effective_from": "2020"}, {"announced_on": "2024"}):
        AgreementFactory(published=True, **facts)
    html = client.get("/").content.decode()
    [(address, number)] = re.findall(
        r'<a href="([^"]+)">Signed or in force today</a>\s*</dt>\s*<dd>\s*(\d+)', html
    )
    listed = client.get(address.replace("&amp;", "&")).content.decode()
    assert int(number) == 2 and "2 agreements" in listed


def test_the_start_page_of_an_empty_registry(client):
    html = client.get("/").content.decode()
    assert "No agreement has been published here yet." in html
    assert 'class="newest"' not in html and "Newest signings" not in html


def test_the_style_guide_is_for_developers_alone(client):
    address = reverse("partnerships:styleguide")
    assert client.get(address).status_code == 404
    with override_settings(DEBUG=True):
        html = client.get(address).content.decode()
    assert "--series-8" in html and "--space-8" in html
    assert "<script>alert(1)" not in html
    assert 'class="parties two"' in html


def test_about_leads_to_the_data(client):
    html = client.get("/about/").content.decode()
    assert reverse("partnerships:catalogue") in html and reverse("api-docs") in html
