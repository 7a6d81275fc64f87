"""The words that visitors read: found in code and templates, and written into the catalogues.

Neither the gettext of the system nor its ``xgettext`` is needed: Django makes Python of a template,
and Babel reads Python.
"""

import ast
import io
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_python
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

from config.languages import LOCALE

ROOT = LOCALE.parents[1]
#: Templates of staff and developers, who read English, and of mails.
_FOR_STAFF = ("admin", "drf_spectacular", "unfold", "partnerships/mail", "partnerships/styleguide")
_CALLS = {
    "gettext": (1,),
    "gettext_lazy": (1,),
    "gettext_noop": (1,),
    "_": (1,),
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}


def public_templates() -> list[Path]:
    """Return the templates that visitors may be shown."""
    folder = ROOT / "templates"
    found = sorted(folder.rglob("*.html"))
    return [path for path in found if not path.relative_to(folder).as_posix().startswith(_FOR_STAFF)]


def extracted() -> Catalog:
    """Return every message of the public templates and of the code, with the files that it stands in."""
    catalogue = Catalog()
    for path in [*public_templates(), *_modules()]:
        for message, context, comments in messages(path):
            name = path.relative_to(ROOT).as_posix()
            catalogue.add(message, locations=[(name, 0)], context=context, auto_comments=comments)
    return catalogue


def merge(path: Path) -> None:
    """Bring a catalogue up to date: what is new waits for its translation, what is gone goes."""
    catalogue = read(path)
    before = written(catalogue)
    # No guesses: a sentence that changed is a new one.
    catalogue.update(extracted(), no_fuzzy_matching=True, update_creation_date=False)
    catalogue.obsolete.clear()
    if written(catalogue) != before:
        path.write_bytes(written(catalogue))


def read(path: Path) -> Catalog:
    """Return a catalogue; an empty file is one without a word."""
    tag = path.parents[1].name
    with path.open("rb") as source:
        return read_po(source, locale=tag)


def is_translated(message: Message) -> bool:
    """Whether a message says something in every plural form, and nobody doubts it."""
    said = message.string if isinstance(message.string, tuple) else (message.string,)
    return bool(said) and all(said) and not message.fuzzy


def written(catalogue: Catalog) -> bytes:
    """Return a catalogue as its file: sorted, without dates and line numbers, which only make noise."""
    target = io.BytesIO()
    write_po(target, catalogue, width=0, sort_output=True, omit_header=True, include_lineno=False)
    return _HEADER.format(tag=catalogue.locale, plural=catalogue.plural_forms).encode() + target.getvalue()


_HEADER = """# The words of Entente; docs/translating.md tells how to go about it.
msgid ""
msgstr ""
"Language: {tag}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: {plural}\\n"

"""


def _modules() -> list[Path]:
    found = [path for room in ("config", "partnerships", "people") for path in (ROOT / room).rglob("*.py")]
    return sorted(path for path in found if "migrations" not in path.parts)


def messages(path: Path) -> Iterator[tuple]:
    """Message or messages of one and of many, context, comments for the translator."""
    text = path.read_text()
    if path.suffix == ".html":
        calls = _calls_of_template(text, str(path))
    else:
        calls = _calls_of_module(text) if "gettext" in text else ()
    for call, arguments, comments in calls:
        places = _CALLS[call]
        context = next((arguments[place[0] - 1] for place in places if isinstance(place, tuple)), None)
        words = [arguments[place - 1] for place in places if isinstance(place, int)]
        yield (tuple(words) if len(words) > 1 else words[0]), context, comments


def _calls_of_template(text: str, name: str) -> Iterator[tuple]:
    # What is no message is left as lines of X, indented as it was: Python would stumble over that.
    lines = (line.lstrip() for line in templatize(text, origin=name).splitlines())
    source = io.BytesIO("\n".join(lines).encode())
    for _, call, found, comments in extract_python(source, list(_CALLS), [], {"encoding": "utf-8"}):
        yield call, list(found) if isinstance(found, tuple) else [found], comments


def _calls_of_module(text: str) -> Iterator[tuple]:
    # Babel reads tokens, and a call inside of an f-string is none.
    lines = text.splitlines()
    for node in ast.walk(ast.parse(text)):
        called = getattr(node, "func", None)
        # “gettext(…)”, or “translation.gettext(…)”.
        name = getattr(called, "id", "") or getattr(called, "attr", "")
        if name not in _CALLS:
            continue
        arguments = [
            one.value for one in node.args if isinstance(one, ast.Constant) and isinstance(one.value, str)
        ]
        if len(arguments) == len(_CALLS[name]):
            above = lines[node.lineno - 2].strip()
            yield name, arguments, [above[2:]] if above.startswith("# Translators:") else []
