"""A page has an address in each language; the address alone decides which is spoken."""

import re

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from partnerships.addresses import language_of, permanent, twins
from tests.factories import AgreementFactory, InstitutionFactory
from tests.partnerships.views.records import full_agreement

pytestmark = pytest.mark.django_db


def test_the_path_says_the_language():
    assert [language_of(path) for path in ("/", "/agreements/", "/ko/", "/ko", "/ko/agreements/")] == [
        "en", "en", "ko", "ko", "ko",
    ]  # fmt: skip
    assert language_of("/korea/") == language_of("/en/") == language_of("/api/ko/") == "en"


def test_addresses_follow_the_language_and_permanent_ones_do_not():
    with translation.override("ko"):
        assert reverse("partnerships:agreement-list") == "/ko/agreements/"
        assert permanent("partnerships:agreement-list") == "/agreements/"
        assert reverse("partnerships:agreement-feed") == "/agreements.atom"
        assert reverse("partnerships:document-download", args=["x"]) == "/documents/x/"
        assert reverse("api:agreement-list") == "/api/v1/agreements/"
    assert reverse("partnerships:agreement-list") == "/agreements/"


def test_a_page_and_its_twins_lead_to_each_other_query_and_all():
    for path in ("/agreements/", "/ko/agreements/"):
        found = twins(path, "q=카이스트&country=KR")
        assert [twin.address for twin in found] == [
            "/agreements/?q=카이스트&country=KR", "/ko/agreements/?q=카이스트&country=KR",
        ]  # fmt: skip
        assert [twin.is_current for twin in found] == [path == "/agreements/", path == "/ko/agreements/"]


def head(path: str) -> tuple[dict[str, str], str]:
    """Where the head of a page says that it stands in each language, and the page."""
    page = Client().get(path).content.decode()
    return dict(re.findall(r'<link rel="alternate" hreflang="([^"]+)" href="([^"]+)"', page)), page


def test_search_engines_are_told_of_both():
    record = AgreementFactory(published=True)
    english = f"http://testserver/agreements/{record.uid}/"
    korean = f"http://testserver/ko/agreements/{record.uid}/"
    for path, own in ((english, english), (korean, korean)):
        links, page = head(path)
        assert links == {"en": english, "x-default": english, "ko": korean}
        assert f'<link rel="canonical" href="{own}">' in page
    sitemap = b"".join(Client().get("/sitemap-agreement-0.xml").streaming_content).decode()
    assert f'<loc>{english}</loc><xhtml:link rel="alternate" hreflang="en" href="{english}"/>' in sitemap
    assert f'<xhtml:link rel="alternate" hreflang="ko" href="{korean}"/>' in sitemap


def test_the_browser_decides_nothing_and_keeps_nothing():
    wishes = {"Accept-Language": "ko-KR,ko;q=0.9"}
    page = Client().get("/agreements/", headers=wishes)
    assert page.status_code == 200
    assert page["Content-Language"] == "en"
    assert '<html lang="en"' in page.content.decode()
    korean = Client().get("/ko/agreements/", headers={"Accept-Language": "en"})
    assert korean["Content-Language"] == "ko"
    assert re.search(r'<html lang="ko"\s+dir="ltr">', korean.content.decode())
    for response in (page, korean):
        assert not response.cookies
        assert "Accept-Language" not in response["Vary"]


def test_what_is_for_programs_has_one_address_and_one_language():
    record = AgreementFactory(published=True, type="exchange")
    for path in ("api/v1/agreements/", "agreements.atom", "admin/", "sitemap.xml", "healthz"):
        assert Client().get(f"/ko/{path}").status_code == 404, path
    asked = {"Accept-Language": "ko"}
    for path in (
        "/api/v1/agreements/?status=nonsense",
        "/api/v1/agreements/",
        f"/api/v1/agreements/{record.uid}/",
        "/agreements.atom",
        f"/agreements/{record.uid}/cite.bib",
    ):
        plain, wished = Client().get(path), Client().get(path, headers=asked)
        assert plain.content == wished.content
        assert "Content-Language" not in plain.headers
        assert "Accept-Language" not in plain.get("Vary", "")


def test_a_record_is_cited_and_named_by_its_one_address():
    record = full_agreement(signed_on="2024-05-21")
    english, korean = (Client().get(f"{prefix}/agreements/{record.uid}/") for prefix in ("", "/ko"))
    graphs, entries = [], []
    for response in (english, korean):
        page = response.content.decode()
        graphs.append(re.search(r'<script type="application/ld\+json">(.*?)</script>', page, re.S)[1])
        entries.append(re.search(r"@\w+\{.*?\n\}", page, re.S)[0])
        assert f"http://testserver/agreements/{record.uid}/" in response.context["cite"]["sentence"]
    assert graphs[0] == graphs[1]
    assert entries[0] == entries[1]
    assert english["Link"] == korean["Link"]


def test_links_of_a_korean_page_stay_korean_unless_they_lead_to_data():
    record = full_agreement()
    page = Client().get(f"/ko/agreements/{record.uid}/").content.decode()
    own = {link for link in re.findall(r'href="(/[^"]*)"', page) if not link.startswith("/static/")}
    english = {link for link in own if not link.startswith("/ko/")}
    to_data = ("/api/", "/documents/", "/admin/", "/agreements.atom", "/agreements.ics")
    assert english - {f"/agreements/{record.uid}/"} and own - english
    assert not [
        link
        for link in english - {f"/agreements/{record.uid}/"}
        if not link.startswith(to_data) and "/cite." not in link
    ]


def test_what_is_not_there_is_said_in_the_language_of_the_address():
    for path in ("/ko/nothing/", "/ko/agreements/nothing/", "/ko/agreements/?page=99"):
        response = Client().get(path)
        assert response.status_code == 404
        assert "페이지를 찾을 수 없습니다" in response.content.decode()
    assert Client().get("/ko").status_code == 301


def test_a_merged_address_leads_on_in_the_same_language():
    institution = InstitutionFactory(visibility="public", ror_id="05apxxy63")
    response = Client().get("/ko/institutions/05apxxy63/")
    assert response.status_code == 301
    assert response["Location"] == f"/ko/institutions/{institution.uid}/"


def test_a_bad_value_is_explained_in_korean_on_the_page_and_in_english_in_the_api():
    page = Client().get("/ko/agreements/?country=XX&signed_after=2024-13").content.decode()
    assert "“XX”: 등록부에 없는 ISO 3166-1 국가 코드입니다." in page
    assert "13월은 없습니다." in page
    answer = Client().get("/api/v1/agreements/?country=XX").json()
    assert answer["errors"][0]["message"] == "“XX” is no ISO 3166-1 country code known here."
