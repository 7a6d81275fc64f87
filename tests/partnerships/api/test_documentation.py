"""The page for integrators knows what the API knows."""

import re
from pathlib import Path

import pytest

from partnerships.api import exports, renderers
from partnerships.filtersets import AgreementFilterSet, PartnershipFilterSet
from people.models import Scope

DOCS = Path(__file__).parents[3] / "docs"
PAGE = (DOCS / "integrators.md").read_text() + (DOCS / "integrators" / "columns.md").read_text()
NAMED = set(re.findall(r"`([^`\n]+)`", PAGE))


def test_every_filter_stands_there():
    for filters in (AgreementFilterSet, PartnershipFilterSet):
        assert set(filters.base_filters) <= {name.split("=")[0] for name in NAMED}


@pytest.mark.parametrize("table", ["AGREEMENTS", "PARTNERSHIPS", "INSTITUTIONS", "PEOPLE"])
def test_every_column_stands_there(table):
    written = PAGE.split(f"Columns of {table.lower()}: ")[1].split("\n\n")[0]
    assert re.findall(r"`([^`]+)`", written) == [column.name for column in getattr(exports, table)]


def test_every_format_and_scope_stands_there():
    assert {kind.format for kind in renderers.LIST_RENDERERS} <= NAMED
    assert {kind.media_type for kind in renderers.LIST_RENDERERS} <= NAMED
    assert set(Scope.values) <= NAMED
    assert f"{renderers.XLSX_ROWS:,}" in PAGE
