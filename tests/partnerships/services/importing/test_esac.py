"""The registry of transformative agreements of ESAC, as it came: every row in, once, and out again."""

import csv
import gzip
import os

import pytest

from partnerships.models import Agreement, AgreementIdentifier, Institution, Party, Source
from partnerships.services.importing.guessing import folded
from tests.factories import MembershipFactory

from .sheets import ESAC, checked, run, undo, upload

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(not ESAC.exists(), reason=f"the ESAC files are not in {ESAC}"),
]
FACTS = {"title_pattern": "{publisher} – {organization}", "type": "consortium", "system": "esac"}
#: All 34,255 links take minutes; without the variable the first of them stand for all.
LINKS = 40_000 if os.environ.get("ENTENTE_WHOLE_ESAC") else 400


def read(name: str) -> list[dict[str, str]]:
    with gzip.open(ESAC / name, "rt", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def some_links() -> bytes:
    """The head of the link file."""
    with gzip.open(ESAC / "esac_agreement_institutions.csv.gz", "rb") as file:
        return b"".join(line for _, line in zip(range(LINKS), file, strict=False))


def test_all_of_it_in_once_and_out_again():
    editor = MembershipFactory()
    facts = {"by": editor.user, "office": editor.office}
    name = "esac_agreements.csv.gz"
    data, rows = (ESAC / name).read_bytes(), read(name)

    batch = run(checked(upload(data, filename=name, **facts), **FACTS))
    assert (batch.state, batch.error) == ("done", "")
    assert batch.counts["new"] == Agreement.objects.count() == len(rows) == 1445
    assert set(AgreementIdentifier.objects.values_list("value", flat=True)) == {row["id"] for row in rows}
    assert set(Source.objects.values_list("url", flat=True)) == {row["url"] for row in rows}
    assert Party.objects.count() == 2 * len(rows)
    named = {row["publisher"] for row in rows} | {row["organization"] for row in rows}
    assert Institution.objects.count() == len({folded(name) for name in named}), "each once"
    for row in rows[::100]:
        record = Agreement.objects.get(identifiers__value=row["id"])
        assert (str(record.effective_from), str(record.ends_on)) == (row["start_date"], row["end_date"])
    eifl = Institution.objects.get(name="EIFL")
    assert eifl.country is None, "many countries are none of its own"

    again = checked(upload(data, filename=name, **facts), **FACTS)
    assert again.counts["unchanged"] == 1445 and "new" not in again.counts

    links = checked(upload(some_links(), filename="links.csv", kind="parties", **facts), **FACTS)
    assert links.counts["new"] + links.counts.get("refused", 0) == links.total
    links = run(links)
    assert Party.objects.count() == 2 * len(rows) + links.counts["new"]
    assert undo(links).state == "undone"
    assert undo(batch).state == "undone"
    for model in (Agreement, AgreementIdentifier, Institution, Party, Source):
        assert not model.objects.exists()
