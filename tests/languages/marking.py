"""Finds words of a template that a visitor reads and that nobody can translate: they are not marked."""

import html as entities
import re
from collections.abc import Iterator
from html.parser import HTMLParser

from django.template.base import Lexer, TokenType

#: Attributes that are read or heard.
_READ = {"alt", "aria-label", "aria-description", "title", "placeholder", "data-label", "content", "label"}
#: Names that are the same in every language.
NAMES = re.compile(
    r"(?<![A-Za-z])(?:Entente|API|JSON|CSV|XLSX|Excel|ROR|ORCID iD|ORCID|BibTeX|SHA-256|ISO 3166-1|Atom|PNG"
    r"|SVG|URL|OAI-PMH|Natural Earth|GeoNames)(?![A-Za-z])"
)
_WORD = re.compile(r"[^\W\d_]{2,}")
#: Filters whose argument is shown, and tags whose literals are.
_SHOWN = re.compile(
    r"\|(?:default|default_if_none|when|ending|current_ending|yesno|pluralize|add|join):\"([^\"]*)\""
)
_LITERAL = re.compile(r"(?<![\w(])(?:\w+=)?\"([^\"]*)\"")
_SENTENCE = re.compile(r"^[A-Z][a-z]+|\w \w")
_UNREAD = {"script", "style"}


def unmarked(text: str) -> list[str]:
    """Return the words of a template that visitors read as they stand there."""
    return [*_of_html(_without_tags(text)), *_of_tags(text)]


def _without_tags(text: str) -> str:
    """The HTML of a template, with a space for every tag and whatever is translated."""
    html, within = [], ""
    for token in Lexer(text).tokenize():
        if token.token_type == TokenType.TEXT:
            html.append("" if within else token.contents)
        elif token.token_type == TokenType.BLOCK:
            name = token.contents.split()[0]
            if name in ("blocktranslate", "blocktrans", "comment"):
                within = name
            elif within and name == f"end{within}":
                within = ""
            html.append(" ")
        else:
            html.append(" ")
    return "".join(html)


class _Reader(HTMLParser):
    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self.within: list[str] = []

    def handle_starttag(self, tag, attrs):
        if tag in _UNREAD:
            self.within.append(tag)
        given = dict(attrs)
        for name, value in attrs:
            is_meta = name == "content" and not (given.get("name") or given.get("property", "")).endswith(
                ("description", "title")
            )
            if name in _READ and not is_meta:
                self.take(value or "")

    def handle_endtag(self, tag):
        if self.within and self.within[-1] == tag:
            self.within.pop()

    def handle_data(self, data):
        if not self.within:
            self.take(data)

    def take(self, words: str) -> None:
        if _WORD.search(NAMES.sub("", words)):
            self.found.append(" ".join(words.split()))


def _of_html(html: str) -> list[str]:
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader.found


def _of_tags(text: str) -> Iterator[str]:
    for token in Lexer(text).tokenize():
        if token.token_type not in (TokenType.VAR, TokenType.BLOCK):
            continue
        for words in _SHOWN.findall(token.contents):
            if _WORD.search(NAMES.sub("", entities.unescape(words))):
                yield words
        if token.token_type == TokenType.BLOCK and token.contents.split()[0] in ("include", "firstof"):
            for words in _LITERAL.findall(token.contents):
                if _SENTENCE.search(NAMES.sub("", words)):
                    yield words
