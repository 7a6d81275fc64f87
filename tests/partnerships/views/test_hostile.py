"""Nothing that a stranger sends ends in an error of ours, and nothing is taken for markup."""

import re

import pytest
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse

from tests.factories import AgreementFactory, InstitutionFactory, StatementFactory, publish_now

from .test_lists import RESOURCES

pytestmark = pytest.mark.django_db

WORDS = [
    "%00", "%ff%fe", "%ED%A0%80", "%C0%AF", "..%2f..%2fetc", "%27%20OR%201=1--", "{{7*7}}", "%F0%9F%92%A9",
    "%E2%80%AE", "a" * 2000, "-", "--", "-%00-", "https://ror.org/", "\\",
]  # fmt: skip


@pytest.mark.parametrize("resource", RESOURCES)
@pytest.mark.parametrize("word", WORDS)
def test_a_strange_address_is_not_found(client, resource, word):
    assert client.get(f"/{resource}/{word}/").status_code == 404


@pytest.mark.parametrize("word", WORDS)
def test_a_strange_document_is_not_found(client, word):
    assert client.get(f"/documents/{word}/").status_code in {301, 404}


@pytest.mark.parametrize("resource", RESOURCES)
@pytest.mark.parametrize("word", WORDS)
def test_a_strange_question_is_answered(client, resource, word):
    for name in ("q", "country", "institution", "status", "signed_after", "updated_since", "parent", "page",
                 "page_size", "ordering", word):  # fmt: skip
        assert client.get(f"/{resource}/?{name}={word}").status_code in {200, 400, 404}


def test_very_many_values_and_parameters(client):
    many = "&".join("country=KR" for _ in range(900))
    response = client.get(f"/agreements/?{many}")
    assert response.status_code == 400
    assert "Country: At most 50 values." in response.content.decode()
    assert client.get("/agreements/?" + "&".join(f"a{n}=1" for n in range(2000))).status_code in {200, 400}


def own_scripts_left_out(html: str) -> str:
    """A page without the files of our own that it names: what is left may hold no script at all."""
    return re.sub(r'<script type="module"\s+src="/static/entente/js/[\w.-]+"></script>', "", html)


def test_markup_is_text_wherever_it_comes_from(client):
    evil = '"><script>alert(1)</script>'
    record = AgreementFactory(
        title=evil, summary=evil, term_as_stated=evil, renewal_note=evil, languages=["x" + evil[:20]],
        parties=[InstitutionFactory(name=evil, city=evil), InstitutionFactory()],
    )  # fmt: skip
    name = record.parties.first().institution.names.create(value=evil, language='ko" onclick="x')
    StatementFactory(agreement=record, summary=evil, capacity=evil, language=evil[:30])
    publish_now(record)
    institution = record.parties.first().institution
    paths = [
        "/", f"/agreements/{record.uid}/", f"/institutions/{institution.uid}/", "/institutions/",
        "/partnerships/",
        f"/agreements/?q={evil}&status={evil}&{evil}={evil}&institution={evil}&ordering={evil}", f"/{evil}/",
    ]  # fmt: skip
    for path in paths:
        html = own_scripts_left_out(client.get(path).content.decode())
        # Linked data stands in a script element; its text cannot end it.
        html = re.sub(r'<script type="application/ld\+json">[^<]*</script>', "", html)
        assert "<script" not in html and "onclick=" not in html.replace("&quot; onclick=&quot;", ""), path
    assert name.language


def test_pages_carry_no_script_and_no_style_of_their_own(client):
    response = client.get("/agreements/")
    html = own_scripts_left_out(response.content.decode())
    assert "<script" not in html and "<style" not in html and "style=" not in html
    assert "unsafe" not in response["Content-Security-Policy"]


# --- pages for what went wrong -------------------------------------------------------------------------


def test_an_address_that_is_not_there_looks_like_the_rest(client):
    response = client.get("/no-such-page/")
    assert response.status_code == 404
    assert "Page not found" in response.content.decode() and "entente.css" in response.content.decode()


def test_a_failure_is_told_without_the_database(monkeypatch, django_assert_num_queries):
    monkeypatch.setattr("partnerships.views.home.Home.get", _fail)
    client = Client(raise_request_exception=False)
    with django_assert_num_queries(0):
        response = client.get(reverse("partnerships:home"))
    assert response.status_code == 500
    assert "Something went wrong here" in response.content.decode()


def _fail(*args, **kwargs):
    raise RuntimeError("an accident")


@pytest.mark.parametrize("template", ["400.html", "403.html", "404.html", "500.html", "503.html"])
def test_pages_of_errors_need_no_request(template, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert "Entente" in render_to_string(template)
