"""What every write has in common: one transaction, a rehearsal on demand, nothing applied twice."""

import hashlib
import json
import re
from collections.abc import Callable
from functools import partial
from typing import Any

from django.conf import settings
from django.db import transaction
from django.http import HttpResponse
from rest_framework import exceptions, status
from rest_framework.permissions import SAFE_METHODS
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response

from partnerships.api.errors import Conflict
from partnerships.services import repeating
from partnerships.services.errors import check_now, told_clearly
from people.transactions import one_transaction

KEY = "Idempotency-Key"
LONGEST_KEY = 255
#: A string of RFC 9651 as the IETF draft has it, or the bare word that many clients send.
_QUOTED = re.compile(r'"((?:[ !#-\[\]-~]|\\["\\])+)"')
_BARE = re.compile(r"[!#-+\--~]+")
_YES, _NO = {"true", "1"}, {"false", "0", ""}


class TooLarge(exceptions.APIException):
    status_code = status.HTTP_413_REQUEST_ENTITY_TOO_LARGE
    default_detail = "The body is too large."
    default_code = "too_large"


class KeyReused(exceptions.APIException):
    status_code = status.HTTP_422_UNPROCESSABLE_ENTITY
    default_detail = f"This {KEY} was used for another request; give each request a key of its own."
    default_code = "key_reused"


class KeyUnderway(Conflict):
    default_detail = f"A request with this {KEY} is being worked on; send it again in a moment."
    wait = 1


class WritesOnce:
    """Mixin of a view that writes.

    Its handlers run inside one transaction, begun anew where the database breaks a tie. With
    ``?dry_run=true`` everything is done, checked by the database and taken back. With an
    ``Idempotency-Key`` the answer is kept in that transaction, and told again to whoever repeats
    the request.
    """

    #: Parameters that an action takes besides those of a record.
    also_takes: dict[str, set[str]] = {}
    #: Actions that only read, whatever their method.
    only_read: tuple[str, ...] = ()
    #: True from when a body is read: what is wrong from then on has its place there.
    reads_body = False

    def initial(self, request, *args, **kwargs) -> None:
        super().initial(request, *args, **kwargs)
        # An action that is None is a method that the address does not take.
        if request.method in SAFE_METHODS or self.action in (None, *self.only_read):
            return
        self.shapes_a_record = self.shapes_a_record | {"dry_run"} | self.also_takes.get(self.action, set())
        self.select_for_record()
        if not request.user.is_authenticated:
            raise exceptions.NotAuthenticated("Writing needs a token, or a signed-in member of staff.")
        if int(request.META.get("CONTENT_LENGTH") or 0) > self.largest_body():
            raise TooLarge
        self.rehearses, self.key = said_yes(request, "dry_run"), key_of(request)
        name = request.method.lower()
        setattr(self, name, partial(self._write, getattr(self, name)))

    def largest_body(self) -> int:
        """The largest body of the action, in bytes."""
        return settings.DATA_UPLOAD_MAX_MEMORY_SIZE

    def _write(self, handler: Callable, request, *args, **kwargs):
        self.reads_body = True
        act = partial(handler, request, *args, **kwargs)
        if self.rehearses:
            return self._rehearsed(act)
        if self.key is not None:
            act = partial(self._once, act, fingerprint(request))
        return one_transaction(act)()

    def _rehearsed(self, act: Callable) -> Response:
        """Do it, let every rule of the database speak, and take it back."""
        answer = one_transaction(_taken_back)(act)
        headers = {"Dry-Run": "true", "Dry-Run-Status": str(answer.status_code)}
        return Response(answer.data, status.HTTP_200_OK, headers=headers)

    def _once(self, act: Callable, what: str):
        held = {"holder": holder_of(self.request.user), "key": self.key}
        try:
            kept = repeating.claim(fingerprint=what, **held)
        except repeating.Reused as error:
            raise KeyReused from error
        except repeating.Underway as error:
            raise KeyUnderway from error
        if kept is not None:
            headers = {"Idempotent-Replayed": "true"} | ({"Location": kept.location} if kept.location else {})
            return HttpResponse(
                kept.body, content_type=JSONRenderer.media_type, status=kept.status, headers=headers
            )
        answer = act()
        body = JSONRenderer().render(answer.data).decode()
        location = answer.headers.get("Location", "")
        repeating.keep(repeating.Answer(answer.status_code, location, body), **held)
        return answer


def _taken_back(act: Callable) -> Response:
    answer = act()
    with told_clearly():
        check_now()
    transaction.set_rollback(True)
    return answer


def said_yes(request, name: str) -> bool:
    """Read a parameter that says yes or no.

    Raises:
        ValidationError: it says something else.
    """
    word = request.query_params.get(name, "").lower()
    if word not in _YES | _NO:
        message = exceptions.ErrorDetail("Say “true” or “false”.", "invalid")
        raise exceptions.ValidationError({name: [message]})
    return word in _YES


def key_of(request) -> str | None:
    """The ``Idempotency-Key`` of a request, None where it has none.

    Raises:
        ValidationError: it is no key, or too long.
    """
    written = request.headers.get(KEY)
    if written is None:
        return None
    written = written.strip()
    if quoted := _QUOTED.fullmatch(written):
        key = re.sub(r"\\(.)", r"\1", quoted[1])
    else:
        key = written if _BARE.fullmatch(written) else ""
    if not 0 < len(key) <= LONGEST_KEY:
        message = f"Give 1 to {LONGEST_KEY} visible ASCII characters, such as a UUID, best between quotes."
        raise exceptions.ValidationError({KEY: [exceptions.ErrorDetail(message, "invalid_key")]})
    return key


def holder_of(user) -> str:
    """Whose keys these are: each token and each account has its own."""
    token = getattr(user, "token", None)
    return f"token:{token.pk}" if token is not None else f"user:{user.pk}"


def fingerprint(request) -> str:
    """A digest of everything that a request says: method, address, parameters, body."""
    said = [request.method, request.get_full_path(), _canonical(request.data)]
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


def _canonical(data) -> Any:
    if not hasattr(data, "lists"):
        return data
    return [[name, [_value(value) for value in values]] for name, values in sorted(data.lists())]


def _value(value) -> Any:
    """A value of a form; a file is told by its name and content."""
    if not hasattr(value, "chunks"):
        return value
    digest = hashlib.sha256()
    for chunk in value.chunks():
        digest.update(chunk)
    value.seek(0)
    return [value.name, digest.hexdigest()]
