"""The page for an iframe on other sites, and the page that makes its snippet."""

import re

import pytest

from partnerships.models import Institution
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


def test_a_map_of_the_partners_in_the_colours_of_the_host(client, institution):
    seoul, london = {"latitude": 37.57, "longitude": 126.98}, {"latitude": 51.51, "longitude": -0.13}
    Institution.objects.filter(name="Rush College").update(city="Seoul", **seoul)
    Institution.objects.filter(pk=institution.pk).update(city="London", **london)
    answer = client.get(frame(institution, "?show=map&theme=light&accent=0b6157"))
    text = answer.content.decode()
    assert answer.status_code == 200 and text.count("circle-link") == 2 and "Reeds and rushes" not in text
    assert not re.search(r"<(form|button|input)|style=|<style", text)
    assert f"/explore/map/?institution={institution.uid}" in text and "show=map&amp;institution" not in text
    for part in ("view=127,37.5,6", "at=kr"):
        near = client.get(frame(institution, f"?show=map&{part}")).content.decode()
        assert near.count("circle-link") == 1 and "Rush College" in near and "was left out" not in near
    assert "circle-link" not in client.get(frame(institution, "?show=map&country=FR")).content.decode()
    for query in ("?show=globe", "?show=map&view=north", "?show=map&at=QQ"):
        bad = client.get(frame(institution, query))
        assert bad.status_code == 400 and "circle-link" not in bad.content.decode()
    page = client.get(f"/institutions/{institution.uid}/embed/?show=map").content.decode()
    assert f"http://testserver{frame(institution)}?show=map" in page


@pytest.mark.parametrize("ground", ["ffffff", "14181f", "c06060"])
def test_what_stands_on_the_map_is_told_from_its_land(ground):
    colours = dict(re.findall(r"--([\w-]+):#(\w{6})", palette("light", "0b6157", ground).css))
    assert contrast(colours["half-2"], colours["panel"]) >= 3
    assert contrast(colours["half-2"], colours["on-focus"]) >= READABLE


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
