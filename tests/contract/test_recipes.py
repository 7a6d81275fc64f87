"""What the pages for integrators tell them to run does run, and answers what they show."""

import json
from pathlib import Path

import pytest

from tests.contract.recipes import Block, blocks_of, can_run, misses, program, run
from tests.contract.served import BASE

pytestmark = pytest.mark.django_db

DOCS = BASE / "docs"
PAGES = sorted([DOCS / "integrators.md", *DOCS.glob("integrators/*.md")])
LANGUAGES = ("sh", "python", "r")
CASES = [
    pytest.param(page, language, id=f"{page.relative_to(DOCS)}-{language}")
    for page in PAGES
    for language in LANGUAGES
    if any(block.language == language for block in blocks_of(page))
]


@pytest.mark.parametrize(("document", "language"), CASES)
def test_every_block_runs(served, tmp_path, document, language):
    if not can_run(language):
        pytest.skip("no Rscript here: Debian has it in r-base-core, and r-cran-jsonlite")
    blocks = [block for block in blocks_of(document) if block.language == language]
    outputs = run(blocks, language, served, tmp_path)
    assert len(outputs) == len(blocks) + 1
    for block, output in zip(blocks, outputs, strict=False):
        if "error" in block.words:
            assert json.loads(output)["status"] >= 400, f"line {block.line} shows no error"
        if block.shown is not None:
            assert misses(block.shown, json.loads(output)) == [], f"{document.name}, line {block.line}"


def test_each_language_of_the_three_readers_has_recipes():
    languages = {block.language for block in blocks_of(DOCS / "integrators.md")}
    assert set(LANGUAGES) <= languages


def test_every_topic_is_linked_from_the_first_page():
    text = (DOCS / "integrators.md").read_text()
    topics = [page.name for page in PAGES if page.parent.name == "integrators"]
    assert [name for name in topics if f"(integrators/{name}" not in text] == []


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("sh", "curl 'http://127.0.0.1:8000/api/v1/agreements/?bogus=1'"),
        ("sh", "false"),
        ("sh", 'echo "$NOT_SET"'),
        ("python", "raise SystemExit(3)"),
    ],
)
def test_a_block_that_fails_is_named_by_its_line(served, tmp_path, language, text):
    good = Block(3, language, frozenset(), "true" if language == "sh" else "pass")
    with pytest.raises(AssertionError, match=r"^line 7:"):
        run([good, Block(7, language, frozenset(), text)], language, served, tmp_path)


def test_blocks_are_read_with_what_is_said_of_them(tmp_path):
    page = Path(tmp_path, "page.md")
    page.write_text(
        '# A\n```sh error\ncurl x\n```\n\n```json\n{"a": 1}\n```\n\n```sh no-run\nrm x\n```\n'
        '```python\npass\n```\nwords\n```json\n{"b": 1}\n```\n'
    )
    found = blocks_of(page)
    assert [(one.line, one.language, one.shown) for one in found if one.language != "json"] == [
        (2, "sh", {"a": 1}),
        (13, "python", None),
    ]
    assert "FAIL=\n" in program(found[:1], "sh")


def test_what_a_page_shows_must_be_in_the_answer():
    answer = {"a": 1, "b": [{"c": 2, "d": None}], "e": "x"}
    assert misses({"b": [{"c": 2}]}, answer) == []
    assert misses({"b": [{"c": 3}]}, answer) == ["$.b[0].c: 2, not 3"]
    assert misses({"z": 1, "b": []}, answer)
    assert misses({"e": "…"}, answer) == []
    assert misses({"e": "y…"}, answer)
