"""Pages stay light: what a first visit to one transfers, everything together, is below 100 kB."""

import re
from pathlib import Path

import brotli
import pytest
from django.contrib.staticfiles import finders

from tests.factories import AgreementFactory, InstitutionFactory
from tests.partnerships.views.records import full_agreement

pytestmark = pytest.mark.django_db

LIMIT = 100_000
#: Every file that a browser fetches with the page.
_FILES = re.compile(r'<(?:link|script|img)\b[^>]*?\b(?:href|src)="(/static/[^"]+)"')
_RELATIONS = re.compile(r'<link\b[^>]*\brel="(?:canonical|alternate)"[^>]*>')


def transferred(client, path: str) -> dict[str, int]:
    """Bytes that go over the wire, by address; files by brotli, as they are collected."""
    response = client.get(path, headers={"accept-encoding": "br"})
    assert response.status_code == 200 and response.headers["Content-Encoding"] == "br"
    html = brotli.decompress(response.content).decode()
    files = set(_FILES.findall(_RELATIONS.sub("", html)))
    found = {name: open_static(name) for name in files}
    sizes = {name: min(len(brotli.compress(body, quality=9)), len(body)) for name, body in found.items()}
    return sizes | {path: len(response.content)}


def open_static(name: str) -> bytes:
    return Path(finders.find(name.removeprefix("/static/"))).read_bytes()


def test_the_start_page_a_list_and_a_record_are_light(client):
    parties = InstitutionFactory.create_batch(3, country_id="KR")
    for number in range(24):
        AgreementFactory(title=f"Memorandum on subject {number}", parties=parties, published=True)
    record = full_agreement(6, signed_on="2024")
    for path in ("/", "/agreements/", "/institutions/", f"/agreements/{record.uid}/"):
        sizes = transferred(client, path)
        assert len(sizes) > 5, "the page has files"
        assert sum(sizes.values()) < LIMIT, sizes
