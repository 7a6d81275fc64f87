"""How much a page weighs with everything that it loads, and that nothing of it comes from elsewhere."""

import pytest
from django.core.management import call_command
from playwright.sync_api import Page

from partnerships.models import Agreement

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

#: Bytes on the wire. Pages come compressed; style sheets and scripts here do not, unlike those of ``serve``.
LIST, PICTURE = 100_000, 600_000


def transferred(page: Page, address: str) -> tuple[int, set[str]]:
    """Load a page with nothing kept from before; the bytes received, and the hosts asked."""
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.setCacheDisabled", {"cacheDisabled": True})
    sizes, hosts = [], set()
    session.on("Network.loadingFinished", lambda one: sizes.append(one["encodedDataLength"]))
    session.on(
        "Network.requestWillBeSent", lambda one: hosts.add("/".join(one["request"]["url"].split("/")[:3]))
    )
    page.goto(address, wait_until="networkidle")
    session.detach()
    return sum(sizes), hosts


def test_pages_are_light_and_ask_nobody_else(page: Page, live_server):
    call_command("load_demo", verbosity=0)
    record = Agreement.objects.filter(parties__signatories__isnull=False).order_by("title").first()
    most = {
        "/": LIST,
        "/agreements/": LIST,
        f"/agreements/{record.uid}/": LIST,
        "/explore/": LIST,
        "/explore/map/": PICTURE,
        "/explore/network/": PICTURE,
        "/explore/timeline/": PICTURE,
        "/explore/matrix/": PICTURE,
        "/explore/trends/": PICTURE,
    }
    weighed = {path: transferred(page, live_server.url + path) for path in most}
    assert {path: size for path, (size, _) in weighed.items() if not 1_000 < size < most[path]} == {}
    assert set().union(*(hosts for _, hosts in weighed.values())) == {live_server.url}
