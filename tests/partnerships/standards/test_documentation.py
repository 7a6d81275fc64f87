"""The page about harvesting knows every form. Its commands are run by tests/contract/test_recipes.py."""

import re
from pathlib import Path

from partnerships.api import forms
from partnerships.api.oai.formats import FORMATS

PAGE = (Path(__file__).parents[3] / "docs/integrators/harvesting.md").read_text()


def test_every_format_stands_there():
    text = re.sub(r"```.*?```", "", PAGE, flags=re.DOTALL)
    named = set(re.findall(r"`([^`]+)`", text))
    assert {f"format={forms.RisRenderer.format}", "bibtex", "csl"} <= named
    assert set(FORMATS) <= named
