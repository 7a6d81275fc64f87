"""Everything that visitors read can be translated, and is."""

import os
import re
from string import Formatter

import pytest
from django.utils import translation

from config import languages, words
from config.words import ROOT, extracted, public_templates, read

from .marking import unmarked

CATALOGUES = languages.catalogues()
_PERCENT = re.compile(r"%\((\w+)\)([sd])")
_TAG = re.compile(r"</?\w+")


def holes(message: str) -> set:
    """What a message leaves open for its numbers, names and links."""
    named = {name for _, name, _, _ in Formatter().parse(message) if name} if "%(" not in message else set()
    return {*_PERCENT.findall(message), *named, *_TAG.findall(message)}


def test_there_is_a_catalogue_beside_english():
    assert "ko" in CATALOGUES
    assert dict(languages.languages())["ko"] == "한국어"


@pytest.mark.parametrize("tag", CATALOGUES)
def test_a_catalogue_says_everything(tag):
    catalogue, wanted = read(CATALOGUES[tag]), extracted()
    said = {(one.context, one.id): one for one in catalogue if one.id}
    asked = {(one.context, one.id) for one in wanted if one.id}
    remedy = "run manage.py update_words, then translate what is empty"
    assert asked - said.keys() == set(), remedy
    assert said.keys() - asked == set(), remedy
    waiting = [one.id for one in said.values() if not words.is_translated(one)]
    assert not waiting, remedy


@pytest.mark.parametrize("tag", CATALOGUES)
def test_a_translation_has_the_same_holes(tag):
    wrong = []
    for one in read(CATALOGUES[tag]):
        several = one.id if isinstance(one.id, tuple) else (one.id,)
        known = set().union(*(holes(form) for form in several))
        strings = one.string if isinstance(one.string, tuple) else (one.string,)
        # A single thing need not be counted: “the one agreement”.
        if one.id and (holes(strings[-1]) != known or any(holes(form) - known for form in strings)):
            wrong.append((one.id, one.string))
    assert not wrong


def test_a_message_is_found_in_templates_and_in_code(tmp_path):
    found = {one.id for one in extracted()}
    assert "Skip to the content" in found
    assert "Read this page in English" in found
    assert ("%(number)s agreement", "%(number)s agreements") in found
    module = tmp_path / "module.py"
    module.write_text(
        "from django.utils.translation import gettext, npgettext\n"
        "# Translators: a hint\n"
        "gettext('One')\n"
        "f'{gettext(\"Two\")}'\n"
        "npgettext('context', 'one', 'many', 2)\n"
        "gettext(variable)\n"
    )
    assert sorted(words.messages(module), key=str) == [
        ("One", None, ["Translators: a hint"]),
        ("Two", None, []),
        (("one", "many"), "context", []),
    ]


@pytest.mark.parametrize("path", public_templates(), ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_word_of_a_template_is_marked(path):
    assert unmarked(path.read_text()) == []


def test_what_is_not_marked_is_seen():
    template = """{% load i18n %}<p title="A title">Words {{ value|default:"none at all" }}</p>
    {% include "x.html" with heading="A heading" %}{% translate "Marked" %}
    {% blocktranslate %}Marked <b>as well</b>{% endblocktranslate %}<b>ROR</b>
    {% include "x.html" with a=_("Marked") %}"""
    assert unmarked(template) == ["A title", "Words", "none at all", "A heading"]


def test_words_are_compiled_when_they_changed(tmp_path, monkeypatch):
    monkeypatch.setattr(languages, "LOCALE", tmp_path)
    source = tmp_path / "de" / "LC_MESSAGES" / "django.po"
    source.parent.mkdir(parents=True)
    source.write_text('msgid ""\nmsgstr ""\n"Language: de\\n"\n\nmsgid "Signed"\nmsgstr "Unterzeichnet"\n')
    assert languages.languages() == [("en", "English"), ("de", "Deutsch")]
    languages.compile_catalogues()
    compiled = source.with_suffix(".mo")
    first = compiled.read_bytes()
    assert b"Unterzeichnet" in first
    os.utime(compiled, (0, 0))
    source.write_text(source.read_text().replace("Unterzeichnet", "Gezeichnet"))
    languages.compile_catalogues()
    assert compiled.read_bytes() != first
    assert {path.name for path in source.parent.iterdir()} == {"django.po", "django.mo"}, (
        "nothing is left over"
    )


def test_a_language_is_begun_with_one_command(tmp_path, monkeypatch):
    begun = tmp_path / "de" / "LC_MESSAGES" / "django.po"
    begun.parent.mkdir(parents=True)
    begun.touch()
    words.merge(begun)
    catalogue = read(begun)
    assert catalogue.get("Signed") is not None
    assert catalogue.num_plurals == 2
    once = begun.read_bytes()
    words.merge(begun)
    assert begun.read_bytes() == once, "merging again changes nothing"


def test_words_are_said_in_the_language_that_is_spoken():
    with translation.override("ko"):
        assert translation.gettext("Signatories") == "서명자"
    assert translation.gettext("Signatories") == "Signatories"
