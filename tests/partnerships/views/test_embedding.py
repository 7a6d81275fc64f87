"""The page for an iframe on other sites, and the page that makes its snippet."""

import re

import pytest

from partnerships.views.embed_looks import READABLE, contrast, palette
from tests.factories import AgreementFactory, InstitutionFactory, administrator

pytestmark = pytest.mark.django_db


@pytest.fixture
def institution():
    row = InstitutionFactory(name="Reed Institute", visibility="public")
    other = InstitutionFactory(name="Rush College", country_id="KR")
    AgreementFactory(title="Reeds and rushes", parties=[row, other], signed_on="2024", published=True)
    AgreementFactory(title="Hidden reeds", parties=[row, other])
    return row


def frame(row, query: str = "") -> str:
    return f"/embed/institutions/{row.uid}/{query}"


def test_any_site_may_frame_it_and_it_knows_nobody(client, institution):
    plain = client.get(frame(institution))
    client.force_login(administrator())
    signed_in = client.get(frame(institution))
    assert plain.content == signed_in.content and "Hidden reeds" not in plain.content.decode()
    assert "Reeds and rushes" in plain.content.decode()
    policy = plain["Content-Security-Policy"]
    assert "frame-ancestors *" in policy and "default-src 'self'" in policy
    assert "X-Frame-Options" not in plain and "Cookie" not in plain.get("Vary", "") and not plain.cookies
    text = plain.content.decode()
    assert '<base target="_top">' in text and not re.search(r"<(form|button|input)|style=|<style", text)
    for path in ("/", f"/institutions/{institution.uid}/", f"/institutions/{institution.uid}/embed/"):
        other = client.get(path)
        assert (
            "frame-ancestors 'none'" in other["Content-Security-Policy"]
            and other["X-Frame-Options"] == "DENY"
        )


def test_the_filters_are_those_of_the_list(client, institution):
    assert "Reeds and rushes" in client.get(frame(institution, "?country=KR")).content.decode()
    assert "Reeds and rushes" not in client.get(frame(institution, "?country=FR")).content.decode()
    stranger = InstitutionFactory(visibility="public")
    text = client.get(frame(stranger, f"?institution={institution.uid}")).content.decode()
    assert "Reeds and rushes" not in text, "it shows one institution"
    for query in (
        "?signed_after=soon",
        "?accent=red",
        "?ground=%3Cb%3E",
        "?theme=pink",
        "?lang=xx",
    ):
        answer = client.get(frame(institution, query))
        assert answer.status_code == 400 and "Reeds and rushes" not in answer.content.decode()
        assert query[1:].partition("=")[0] in answer.content.decode()
    text = client.get(frame(institution, "?contry=KR")).content.decode()
    assert "contry" in text and "Reeds and rushes" in text, "what means nothing is pointed out"
    assert f"/explore/map/?contry=KR&amp;institution={institution.uid}" in text
    korean = client.get(frame(institution, "?lang=ko"))
    assert korean["Content-Language"] == "ko" and 'href="/ko/agreements/' in korean.content.decode()


def test_hidden_and_missing_institutions_answer_alike(client):
    hidden = InstitutionFactory()
    client.force_login(administrator())
    for uid in (hidden.uid, "2222222222", "%00"):
        assert client.get(f"/embed/institutions/{uid}/").status_code == 404
        assert client.get(f"/institutions/{uid}/embed/").status_code == 404


@pytest.mark.parametrize("ground", ["", "ffffff", "000000", "777777", "0b6157", "ffe9a3"])
@pytest.mark.parametrize("accent", ["", "ffff00", "0b6157", "767676", "ffffff", "000000"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_whatever_the_host_chooses_can_be_read(theme, accent, ground):
    colours = palette(theme, accent, ground)
    for words in (colours.ink, colours.muted, colours.accent):
        assert contrast(words, colours.ground) >= READABLE
    if accent and contrast(accent, colours.ground) >= READABLE:
        assert colours.accent == accent


def test_contrast_is_that_of_wcag():
    assert contrast("000000", "ffffff") == pytest.approx(21)
    assert contrast("777777", "ffffff") == pytest.approx(4.48, abs=0.005)


def test_the_colours_come_as_a_style_sheet(client):
    sheet = client.get("/embed/colours.css?theme=auto&accent=%230B6157")
    assert sheet["Content-Type"].startswith("text/css") and "--accent:#0b6157" in sheet.content.decode()
    assert "prefers-color-scheme:dark" in sheet.content.decode()
    bad = client.get("/embed/colours.css?accent=*/body%7Bcolor:red")
    assert bad.status_code == 400 and "body" not in bad.content.decode()


def test_the_snippet_is_made_of_what_was_chosen(client, institution):
    page = f"/institutions/{institution.uid}/embed/"
    assert page in client.get(f"/institutions/{institution.uid}/").content.decode()
    text = client.get(f"{page}?theme=light&accent=ffff00").content.decode()
    assert f"http://testserver{frame(institution)}?theme=light&amp;amp;accent=ffff00" in text
    assert "could not be read" in text and "&lt;iframe src=" in text and "<code><iframe" not in text
    bad = client.get(f'{page}?accent="><script>')
    assert bad.status_code == 400 and '"><script>' not in bad.content.decode()
