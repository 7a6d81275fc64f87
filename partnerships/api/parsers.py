"""What bodies may be."""

import json
from typing import Any

from django.core.exceptions import SuspiciousOperation
from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser, MultiPartParser
from rest_framework.utils.json import strict_constant

#: So deep a body may be nested. Ours go five levels down; writing one out must never fail.
DEEPEST = 50


class RegistryJSONParser(BaseParser):
    """JSON in UTF-8. What another program might read otherwise, or could not read, is the sender's fault.

    How large a body may be depends on the address (``WritesOnce.largest_body``): read from the stream,
    it does not meet Django's one limit for all.
    """

    media_type = "application/json"

    def parse(self, stream, media_type=None, parser_context=None):
        try:
            text = stream.read().decode("utf-8-sig")
            found = json.loads(text, parse_constant=strict_constant, object_pairs_hook=_object)
            if "\\u" in text:
                # Half a character, written as an escape, is no text that anybody could write out again.
                json.dumps(found, ensure_ascii=False).encode()
        except UnicodeError as error:
            raise ParseError("The body is not UTF-8.") from error
        except RecursionError as error:
            raise ParseError("The body is nested too deeply.") from error
        except ValueError as error:
            raise ParseError(f"The body is no JSON: {error}") from error
        if _is_deeper(found, DEEPEST):
            raise ParseError("The body is nested too deeply.")
        return found


class RegistryFormParser(MultiPartParser):
    """A form with a file. Fields beside it are small; what is no form at all is the sender's fault."""

    def parse(self, stream, media_type=None, parser_context=None):
        try:
            return super().parse(stream, media_type, parser_context)
        except SuspiciousOperation as error:
            raise ParseError(f"This form cannot be read: {error}") from error


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Make an object; a key that stands twice would mean one thing here and another elsewhere."""
    found = dict(pairs)
    if len(found) < len(pairs):
        seen: set[str] = set()
        twice = next(key for key, _ in pairs if key in seen or seen.add(key))
        raise ParseError(f"The key “{_plain(twice)}” stands twice in one object.")
    return found


def _plain(key: str) -> str:
    return key[:60].encode("utf-8", "replace").decode()


def _is_deeper(value: Any, levels: int) -> bool:
    """True where ``value`` nests more than ``levels`` deep; asked without recursion."""
    here = [value]
    while here and levels:
        inner = [one for one in here if isinstance(one, dict | list)]
        here = [part for one in inner for part in (one.values() if isinstance(one, dict) else one)]
        levels -= 1
    return any(isinstance(one, dict | list) for one in here)
