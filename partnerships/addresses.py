"""The addresses of a page in each language.

English stands at ``/agreements/``, Korean at ``/ko/agreements/``: the same address answers everybody
the same. What is for programs (the API, feeds, files, sitemaps) has one address without a language,
and so has a record where it is cited or named: its ``permanent`` one.
"""

import re
from collections.abc import Sequence
from typing import NamedTuple

from django.conf import settings
from django.urls import URLPattern, URLResolver, is_valid_path, reverse
from django.utils import translation


def language_of(path: str) -> str:
    """Return the language in which a path answers: what its first part names, else that of the site."""
    first = path.lstrip("/").partition("/")[0]
    return first if first != settings.LANGUAGE_CODE and first in dict(settings.LANGUAGES) else _default()


class LanguagePrefix:
    """``ko/`` before what follows while Korean is spoken, nothing while the language of the site is.

    Django's ``i18n_patterns`` does the same, but only for whole namespaces: files of a record and its
    page share one here.
    """

    converters: dict = {}

    @property
    def prefix(self) -> str:
        spoken = translation.get_language() or _default()
        return "" if spoken == _default() else f"{spoken}/"

    @property
    def regex(self) -> re.Pattern:
        # Only asked while addresses are made, where it must have no anchor.
        return re.compile(re.escape(self.prefix))

    def match(self, path: str):
        """Return what is left of ``path``, as a pattern of Django does; None where it is none of ours."""
        prefix = self.prefix
        return (path[len(prefix) :], (), {}) if path.startswith(prefix) else None

    def check(self) -> list:
        return []

    def describe(self) -> str:
        return f"'{self}'"

    def __str__(self) -> str:
        return self.prefix


def in_each_language(patterns: Sequence[URLPattern | URLResolver]) -> list[URLResolver]:
    """Return ``patterns``, with the language that is spoken before them."""
    return [URLResolver(LanguagePrefix(), list(patterns))]


def permanent(name: str, **given) -> str:
    """Return the address without a language, whatever is spoken. Arguments as for Django's ``reverse``."""
    with translation.override(_default()):
        return reverse(name, **given)


class Twin(NamedTuple):
    """A page in a language: the language's tag, its name in itself, the address."""

    tag: str
    name: str
    address: str
    is_current: bool


def twins(path: str, query: str = "") -> list[Twin]:
    """Return the page at ``path`` in every language that has it, that of the site first.

    An address that is nowhere is nowhere in every language: who asked for it may still choose.

    Args:
        query: what stands behind the question mark.
    """
    current = language_of(path)
    bare = path if current == _default() else path[len(current) + 1 :]
    asked = f"?{query}" if query else ""
    found = [
        Twin(tag, name, ("" if tag == _default() else f"/{tag}") + bare, tag == current)
        for tag, name in settings.LANGUAGES
    ]
    if _stands(path, current):
        found = [twin for twin in found if twin.is_current or _stands(twin.address, twin.tag)]
    return [twin._replace(address=twin.address + asked) for twin in found]


def _stands(path: str, language: str) -> bool:
    """Whether there is a page at ``path`` while ``language`` is spoken."""
    with translation.override(language):
        return is_valid_path(path)


def _default() -> str:
    return settings.LANGUAGE_CODE
