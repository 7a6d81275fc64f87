"""What goes out to others and comes in from them: a frame on a host's page, and a reported error."""

import re
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from playwright.sync_api import expect

from partnerships.models import Suggestion
from partnerships.views import telling_form
from tests.factories import AgreementFactory, InstitutionFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

DOCS = Path(__file__).resolve().parents[2] / "docs" / "embedding.md"


@pytest.fixture
def host():
    """``host(html)`` serves a page of somebody else, at an address of its own, and returns that address.

    A server, no answer made up by the driver: Chromium shows nothing of a local network within those.
    """
    pages = []

    class Page(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(pages[0].encode())

        def log_message(self, *args):
            """Keep quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Page)
    Thread(target=server.serve_forever, daemon=True).start()

    def serve(html: str) -> str:
        pages[:] = [html]
        return f"http://127.0.0.1:{server.server_port}/"

    yield serve
    server.shutdown()
    server.server_close()


def test_the_snippets_of_the_documentation_work_on_a_host_page(page, live_server, host):
    row = InstitutionFactory(name="Reed Institute", visibility="public")
    AgreementFactory(title="Reeds and rushes", parties=[row, InstitutionFactory()], published=True)
    snippets = "\n".join(re.findall(r"```html\n(.*?)```", DOCS.read_text(), re.DOTALL))
    snippets = snippets.replace("https://registry.example", live_server.url)
    body = f"<!DOCTYPE html><title>Host</title>{snippets.replace('INSTITUTION', row.uid)}"
    site = host(body)
    asked, faults = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    page.goto(site)
    frame = page.frame_locator("iframe")
    link = frame.get_by_role("link", name="Reeds and rushes")
    expect(link).to_be_visible()
    # The frame is as high as what it holds, and has the host's colour.
    expect(page.locator("iframe")).not_to_have_attribute("height", "480")
    assert frame.locator("html").evaluate("e => e.scrollHeight <= innerHeight + 1")
    assert link.evaluate("e => getComputedStyle(e).color") == "rgb(11, 97, 87)"
    assert not faults and not page.context.cookies()
    assert all(url.startswith((site, live_server.url)) for url in asked if "favicon" not in url)
    sizes = [len(page.request.get(url).body()) for url in asked if url.startswith(live_server.url)]
    assert sum(sizes) < 40_000
    link.click()
    expect(page).to_have_url(re.compile(f"^{live_server.url}/agreements/"))


def test_an_error_is_reported_without_scripts(browser, live_server, monkeypatch):
    monkeypatch.setattr(telling_form, "QUICKEST", 0)
    record = AgreementFactory(title="Reeds and rushes", published=True)
    window = browser.new_context(
        java_script_enabled=False, base_url=live_server.url, viewport={"width": 320, "height": 640}
    )
    page = window.new_page()
    page.goto(f"/agreements/{record.uid}/")
    page.get_by_role("region", name="Report an error").get_by_role("link", name="Signatories").click()
    expect(page.get_by_label("Which part of the page?")).to_have_value("signatories")
    expect(page.get_by_label("Leave this field empty")).to_be_hidden()
    page.get_by_label("What is wrong?").fill("The second name")
    page.get_by_role("button", name="Send the report").click()
    expect(page.get_by_role("alert")).to_contain_text("How do you know?: This field is required.")
    page.get_by_label("How do you know?").fill("I was there.")
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.get_by_role("button", name="Send the report").click()
    expect(page.get_by_role("heading", name="Thank you")).to_be_visible()
    row = Suggestion.objects.get()
    assert (row.record, row.field, row.source) == (record, "signatories", "I was there.")
    assert not window.cookies()
    window.close()
