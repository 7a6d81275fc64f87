"""The colours keep what tokens.css promises, in every theme."""

import re
from itertools import combinations, pairwise
from pathlib import Path

import pytest
from django.conf import settings

from .colours import DEFICIENCIES, contrast, distance, luminance

STYLES = Path(settings.BASE_DIR) / "partnerships/static/entente"
TOKENS = (STYLES / "tokens.css").read_text(encoding="utf-8")
#: Which blocks of the file make a theme, from the first to the one that wins.
THEMES = {
    "light": [""],
    "dark": ["", "(prefers-color-scheme: dark)"],
    "more contrast": ["", "(prefers-contrast: more)"],
    "more contrast, dark": [
        "",
        "(prefers-color-scheme: dark)",
        "(prefers-contrast: more)",
        "(prefers-contrast: more) and (prefers-color-scheme: dark)",
    ],
    "print": ["", "print"],
    "print from dark": ["", "(prefers-color-scheme: dark)", "print"],
}
GROUNDS = ("paper", "panel", "raised")
WORDS = ("ink", "muted", "accent", "accent-strong", "half-1", "half-2", "wrong", "warn")
#: Words on grounds that are not everywhere.
PAIRS = (
    ("on-accent", "accent"), ("on-accent", "accent-strong"), ("on-focus", "focus"), ("on-focus", "half-2"),
    ("wrong", "wrong-panel"), ("ink", "wrong-panel"), ("warn", "warn-panel"), ("ink", "warn-panel"),
    ("accent", "warn-panel"), ("ink", "mark"),
)  # fmt: skip
SERIES = [f"series-{number}" for number in range(1, 9)]
RAMP = [f"ramp-{number}" for number in range(1, 8)]


def block(query: str) -> dict[str, str]:
    """The colours that ``:root`` sets under a media query; the first block's under none."""
    start = TOKENS.index(f"@media {query} {{\n") if query else 0
    inside = TOKENS[TOKENS.index(":root {", start) :]
    return dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{3,6});", inside[: inside.index("}")]))


def theme(name: str) -> dict[str, str]:
    colours: dict[str, str] = {}
    for query in THEMES[name]:
        colours |= block(query)
    return colours


@pytest.fixture(params=THEMES)
def colours(request) -> dict[str, str]:
    return theme(request.param)


def test_words_can_be_read_on_every_ground(colours):
    pairs = [(words, ground) for words in WORDS for ground in GROUNDS] + list(PAIRS)
    weak = {pair: contrast(colours[pair[0]], colours[pair[1]]) for pair in pairs}
    assert {pair: round(ratio, 2) for pair, ratio in weak.items() if ratio < 4.5} == {}


def test_shapes_stand_out_from_every_ground(colours):
    shapes = ["edge", "focus", *SERIES, *RAMP[3:]]
    weak = {
        (shape, ground): contrast(colours[shape], colours[ground]) for shape in shapes for ground in GROUNDS
    }
    assert {pair: round(ratio, 2) for pair, ratio in weak.items() if ratio < 3} == {}


@pytest.mark.parametrize("name", ["more contrast", "more contrast, dark"])
def test_who_asks_for_more_contrast_gets_it(name):
    colours = theme(name)
    weak = {words: contrast(colours[words], colours["paper"]) for words in WORDS}
    assert {words: round(ratio, 2) for words, ratio in weak.items() if ratio < 7} == {}


def test_the_kinds_are_told_apart_whatever_cones_one_has(colours):
    for deficiency in ("", *DEFICIENCIES):
        pairs = combinations([*SERIES], 2)
        apart = {pair: distance(colours[pair[0]], colours[pair[1]], deficiency) for pair in pairs}
        assert {pair: round(far, 3) for pair, far in apart.items() if far < 0.07} == {}, deficiency
        assert distance(colours["half-1"], colours["half-2"], deficiency) > 0.07, deficiency


def test_the_ramp_climbs_in_steps_that_can_be_seen(colours):
    steps = [luminance(colours[step]) for step in RAMP]
    assert steps in (sorted(steps), sorted(steps, reverse=True))
    assert min(contrast(colours[one], colours[two]) for one, two in pairwise(RAMP)) > 1.3


def test_every_theme_names_the_same_tokens():
    everything = set(block(""))
    for query in re.findall(r"@media (.+?) \{", TOKENS):
        inside = TOKENS[TOKENS.index(f"@media {query} {{") :]
        named = set(re.findall(r"--([\w-]+):", inside[: inside.index("\n}")]))
        assert named <= everything, query


def test_no_other_style_of_the_public_pages_has_a_colour_of_its_own():
    # Swagger UI brings light colours of its own: its page stands apart.
    others = [path for path in STYLES.glob("*.css") if path.name not in {"tokens.css", "docs.css"}]
    own = {path.name: re.findall(r"#[0-9a-fA-F]{3,8}\b(?=[;\s,)])", path.read_text()) for path in others}
    assert len(others) > 4
    assert {name: colours for name, colours in own.items() if colours} == {}


def test_every_token_that_a_style_uses_is_there():
    named = set(re.findall(r"--([\w-]+):", "".join(path.read_text() for path in STYLES.glob("*.css"))))
    for path in STYLES.glob("*.css"):
        used = set(re.findall(r"var\(--([\w-]+)\s*\)", path.read_text()))
        assert used <= named, path.name
