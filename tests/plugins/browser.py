"""Browser tests drive the system's Chromium; without one they are skipped, and one line says so.

``ENTENTE_REQUIRE_BROWSER=1`` turns the skip into an error, so that a machine which is meant to run
them cannot quietly stop doing it. ``CHROMIUM`` names the program where it is not on the path.
"""

import os
import shutil

import pytest

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def chromium() -> str | None:
    """Return the path of the browser, or None."""
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, _NAMES)), None)


def pytest_configure() -> None:
    """Let Django's ORM be used in tests in which Playwright's event loop is running."""
    os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")


def pytest_report_header() -> str:
    """Name the browser in the first lines of the run."""
    return f"browser: {chromium() or 'none found; browser tests are skipped'}"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip the tests marked ``browser`` where there is none, unless one is required."""
    if chromium():
        return
    marked = [item for item in items if item.get_closest_marker("browser")]
    if marked and os.environ.get("ENTENTE_REQUIRE_BROWSER") == "1":
        raise pytest.UsageError(
            "No Chromium found, and ENTENTE_REQUIRE_BROWSER=1 (apt-get install chromium)."
        )
    for item in marked:
        item.add_marker(pytest.mark.skip(reason="no Chromium on this machine"))


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict:
    """Tell pytest-playwright to start the system's Chromium instead of a download."""
    # Chromium's sandbox does not run as root, and containers mostly lack what it needs.
    return {"executable_path": chromium(), "args": ["--no-sandbox", "--disable-dev-shm-usage"]}
