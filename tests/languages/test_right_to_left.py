"""Style that would stand on the wrong side in a language that is read from the right."""

import re

import pytest

from config.words import ROOT

STYLES = sorted((ROOT / "partnerships/static/entente").glob("*.css"))
_SIDED = re.compile(
    r"(?<![\w-])(?:"
    r"(?:margin|padding|border|scroll-margin|scroll-padding)-(?:left|right)[\w-]*\s*:"
    r"|border-(?:top|bottom)-(?:left|right)-radius\s*:"
    r"|(?:left|right)\s*:"
    r"|text-align\s*:\s*(?:left|right)"
    r"|(?:float|clear)\s*:\s*(?:left|right)"
    r")"
)
#: Sided on purpose, by what stands on the line.
RIGHT_SO = ()


def sided(style: str) -> list[str]:
    """Return the lines of a style sheet that name a side instead of the beginning or the end of a line."""
    lines = re.sub(
        r"/\*.*?\*/", lambda comment: "\n" * comment[0].count("\n"), style, flags=re.S
    ).splitlines()
    return [
        line.strip() for line in lines if _SIDED.search(line) and not any(known in line for known in RIGHT_SO)
    ]


@pytest.mark.parametrize("path", STYLES, ids=lambda path: path.name)
def test_style_names_no_side(path):
    assert sided(path.read_text()) == []


def test_a_side_would_be_seen():
    style = """.a { margin-left: 1rem }
.b { text-align: right; }
.c { left:0 }
.d { inset-inline-start: 0; text-align: start; border-inline-end-color: red; /* left: */ }"""
    assert sided(style) == [".a { margin-left: 1rem }", ".b { text-align: right; }", ".c { left:0 }"]
