"""Our pages of the admin use no class that no stylesheet knows."""

import re
from importlib.util import find_spec
from pathlib import Path

from django.conf import settings

#: Names by which Django's own scripts find what they work on.
HOOKS = {"add-related", "change-related"}
#: The stylesheet of the look holds only the classes that the look itself uses.
LOOK = Path(find_spec("unfold").origin).parent / "static/unfold/css/styles.css"
OWN = sorted(Path(settings.BASE_DIR).glob("*/static/entente/admin/*.css"))


def known_classes() -> set[str]:
    text = "\n".join(path.read_text() for path in (LOOK, *OWN))
    return {re.sub(r"\\(.)", r"\1", name) for name in re.findall(r"\.((?:\\.|[\w-])+)", text)}


def used_classes(path: Path) -> set[str]:
    text = re.sub(r"\{[%#{].*?[%#}]\}", " ", path.read_text(), flags=re.DOTALL)
    return {name for names in re.findall(r'class="([^"]*)"', text) for name in names.split()}


def test_every_class_of_our_templates_stands_in_a_stylesheet():
    known = known_classes() | HOOKS
    unknown = {
        path.name: names
        for path in (Path(settings.BASE_DIR) / "templates/admin").rglob("*.html")
        if '{% extends "base.html" %}' not in path.read_text() and (names := used_classes(path) - known)
    }
    assert OWN
    assert not unknown
