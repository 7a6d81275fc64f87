"""Entity tags: what tells a client that the answer it keeps is still the answer.

A tag is a digest of the body, so it is another one whenever the body is, and says nothing that the
body does not say: what only others see moves no tag of a stranger. Tags are strong. A compressed body
has the tag of the plain one with the name of the coding behind it (``config.compression``).

So that an unchanged answer need not be made to be recognised, each process remembers the tags that it was
asked about, with the time of the registry's clock at which they held. While the clock stands, they hold.
"""

import re
import threading
from collections import OrderedDict
from hashlib import blake2b, md5

from django.db import connection
from django.http import HttpResponse
from django.utils import timezone
from django.utils.http import parse_etags
from rest_framework.exceptions import APIException
from rest_framework.renderers import JSONRenderer

from partnerships.querysets.agreements import sees_public_only
from partnerships.search.clock import clock
from people.access import office_ids, sees_drafts, sees_everything, sees_internal

#: So many tags a process remembers.
REMEMBERED = 20_000
#: What may stand behind a tag: the coding of the body, or how far JSON is indented.
_VARIANT = re.compile(r'(?:-(?:gzip|br|zstd|i\d+))+"$')
_READING = ("GET", "HEAD")


class NotModified(APIException):
    """What the client keeps is still the answer.

    Args:
        tag: as the client named it.
    """

    status_code = 304
    default_detail = ""

    def __init__(self, tag: str):
        super().__init__()
        self.tag = tag


class UnchangedResponse(HttpResponse):
    """An answer without a body: what the client keeps is right."""

    status_code = 304

    def __init__(self, tag: str):
        super().__init__(headers={"ETag": tag})
        del self.headers["Content-Type"]


def digest(*parts: str | bytes) -> str:
    """Return the strong tag of a body that follows from ``parts`` alone."""
    hashed = blake2b(digest_size=12)
    for part in parts:
        data = part.encode() if isinstance(part, str) else part
        hashed.update(b"%d:" % len(data) + data)
    return f'"{hashed.hexdigest()}"'


def fingerprint(body: str) -> str:
    """Return what stands for a prepared body: the same as ``md5`` of PostgreSQL."""
    return md5(body.encode(), usedforsecurity=False).hexdigest()


def tag_of_data(data) -> str:
    """Return the tag of what JSON says of ``data``, without indentation."""
    return digest(JSONRenderer().render(data))


def tag_of_response(response) -> str:
    """Return the tag of an answer in JSON; it is rendered for that."""
    response.render()
    kind = response.accepted_media_type
    if indent := JSONRenderer().get_indent(kind, {}):
        # The record is the same, the bytes are others.
        return f'{tag_of_data(response.data)[:-1]}-i{indent}"'
    return digest(response.content)


def plain(tag: str) -> str:
    """Return a tag without what says how its body is written."""
    return _VARIANT.sub('"', tag)


def named(header: str, tag: str, *, strong: bool = False) -> str | None:
    """Return the tag of a header (``If-Match``, ``If-None-Match``) that stands for ``tag``.

    Args:
        strong: a weak tag (``W/…``) stands for nothing.
    """
    for one in parse_etags(header):
        if one == "*":
            return tag
        known = one if strong else one.removeprefix("W/")
        if plain(known) == plain(tag):
            return one
    return None


# --- what a process remembers ---------------------------------------------------------------------


class _Memory:
    """The tags last asked for."""

    def __init__(self) -> None:
        self.tags: OrderedDict[bytes, tuple[tuple, str]] = OrderedDict()
        self.lock = threading.Lock()

    def recall(self, key: bytes, moment: tuple) -> str | None:
        with self.lock:
            held, tag = self.tags.get(key, (None, None))
            if held != moment:
                return None
            self.tags.move_to_end(key)
            return tag

    def keep(self, key: bytes, moment: tuple, tag: str) -> None:
        with self.lock:
            self.tags[key] = (moment, tag)
            self.tags.move_to_end(key)
            while len(self.tags) > REMEMBERED:
                self.tags.popitem(last=False)


memory = _Memory()


def may_remember(request) -> bool:
    """True where the client asks whether something changed, and the clock would tell.

    Who asks for the first time does not pay for the clock. Inside a transaction it does not tell.
    """
    asks = request.method in _READING and "If-None-Match" in request.headers
    return asks and not connection.in_atomic_block


def moment() -> tuple:
    """All that an answer to the same question can depend on but its asker: the clock, and the day."""
    return clock(), timezone.localdate()


def question_key(request) -> bytes:
    """Return what identifies a question: where it is asked, in which form, and what its asker may see."""
    asked = (
        request.scheme,
        request.get_host(),
        request.get_full_path(),
        request.accepted_media_type,
        reach_of(request.user),
    )
    return blake2b(repr(asked).encode(errors="replace"), digest_size=16).digest()


def reach_of(user) -> tuple:
    """Return what tells visitors apart who may be answered differently."""
    if sees_public_only(user):
        return ()
    token = getattr(user, "token", None)
    return (
        type(user).__name__,
        token.pk if token else user.pk,
        sees_everything(user),
        sees_internal(user),
        sees_drafts(user),
        sorted(office_ids(user)),
    )
