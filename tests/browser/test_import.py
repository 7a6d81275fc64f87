"""An officer brings a spreadsheet in and takes it out again, in a browser."""

import pytest
from playwright.sync_api import expect

from partnerships.models import Agreement
from tests.partnerships.services.importing.sheets import ESAC, csv_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

HEADINGS = ["id", "publisher", "organization", "countries", "start_date", "end_date", "url"]
ROWS = [
    [
        f"a{n}",
        f"Publisher {n % 3}",
        "Consortium",
        "Norway",
        "2021-01-01",
        "2024-12-31",
        f"https://example.org/{n}",
    ]
    for n in range(12)
]


@pytest.mark.parametrize("whole", [pytest.param(False, id="small"), pytest.param(True, id="ESAC")])
def test_in_and_out_again(sign_in, live_server, tmp_path, whole):
    """The jobs are done on the spot here, so every page that follows shows their end."""
    if whole and not ESAC.exists():
        pytest.skip(f"the ESAC files are not in {ESAC}")
    file = ESAC / "esac_agreements.csv.gz" if whole else tmp_path / "list.csv"
    if not whole:
        file.write_bytes(csv_of(HEADINGS, *ROWS))
    count = 1445 if whole else len(ROWS)
    page = sign_in("editor")
    page.set_default_timeout(120_000)
    page.goto(f"{live_server.url}/admin/partnerships/importbatch/")
    page.goto(f"{live_server.url}/admin/partnerships/importbatch/add/")
    page.set_input_files("[name=file]", str(file))
    page.get_by_role("button", name="Upload and read").click()

    expect(page.get_by_label("Column “organization” is")).to_have_value("party_B")
    page.fill("[name=system]", "esac")
    page.select_option("[name=type]", "consortium")
    page.fill("[name=title_pattern]", "{publisher} – {organization}")
    page.get_by_role("button", name="Check every row").click()
    counts = page.get_by_label("Kinds of row")
    expect(counts).to_contain_text(f"{count} new", timeout=120_000)
    expect(page.locator("#rows")).to_contain_text("to be created")
    assert not Agreement.objects.exists()

    page.get_by_role("button", name="Import the new and changed rows").click()
    expect(page.get_by_role("button", name="Undo this import")).to_be_visible(timeout=120_000)
    assert Agreement.objects.count() == count
    page.get_by_label("Yes, take back all that this import recorded").check()
    page.get_by_role("button", name="Undo this import").click()
    expect(page.get_by_role("button", name="Discard this file")).to_be_visible(timeout=120_000)
    assert not Agreement.objects.exists()
