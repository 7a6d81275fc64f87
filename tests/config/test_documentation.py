"""What the documentation names is there."""

import re
from pathlib import Path

import pytest
from django.core.management import get_commands

BASE = Path(__file__).resolve().parents[2]
PAGES = sorted([BASE / "README.md", BASE / "CHANGELOG.md", *BASE.glob("docs/**/*.md")])


def of(document: Path) -> str:
    return str(document.relative_to(BASE))


@pytest.mark.parametrize("document", PAGES, ids=of)
def test_links_lead_somewhere(document):
    targets = re.findall(r"\]\((?!https?:|#|mailto:)([^)#\s]+)", document.read_text())
    missing = [target for target in targets if not (document.parent / target).exists()]
    assert not missing


@pytest.mark.parametrize("document", PAGES, ids=of)
def test_commands_exist(document):
    commands = set(re.findall(r"manage\.py ([a-z_]+)", document.read_text()))
    assert commands <= set(get_commands())
    targets = set(re.findall(r"`make ([a-z-]+)", document.read_text()))
    assert targets <= set(re.findall(r"^([a-z-]+):", (BASE / "Makefile").read_text(), re.MULTILINE))


def test_every_setting_of_the_environment_is_explained():
    code = "\n".join(path.read_text() for path in (BASE / "config").rglob("*.py"))
    read = set(re.findall(r"""(?:env(?:iron)?(?:\.\w+)?(?:\(\))?(?:\.\w+)?)[(\[]\s*"([A-Z_]+)\"""", code))
    own = {"DJANGO_SETTINGS_MODULE"} | {name for name in read if name.startswith("ENTENTE_")}
    explained = set(re.findall(r"`([A-Z][A-Z_]+)`", (BASE / "docs/operators.md").read_text()))
    assert {"DATA_DIR", "DATABASE_URL", "PORT", "HTTPS", "DEMO"} <= read, "the search finds something"
    assert read - own <= explained
