"""Every status that is not a success: what it means, which headers come with it, an example."""

from http import HTTPStatus

from partnerships.api.errors import PROBLEM_JSON, Conflict, TooSlow
from partnerships.api.preconditions import PreconditionFailed, PreconditionRequired
from partnerships.api.throttling import QUOTA_EXCEEDED

SCHEMA = {"$ref": "#/components/schemas/Problem"}

NO_SUCH_PAGE = "There is no such page."
NO_SUCH_RECORD = "There is no such record, or you may not see it."
#: What may go wrong, by status, in words for the reader.
MEANING = {
    400: "The request is wrong; `errors` names each bad field or parameter.",
    401: "The token is unknown, has expired or was revoked.",
    403: "You may not do this.",
    404: NO_SUCH_RECORD,
    405: "The address does not take this method; `Allow` says which it takes.",
    406: "None of the formats in `Accept` is offered here.",
    409: (
        "The record is not as you believe: it was changed, the act is not open to it, others name it, or "
        "what should be new stands already. Or a request with this `Idempotency-Key` is being worked on."
    ),
    410: "The record was public once and was withdrawn; `detail` says why.",
    412: "The record is not as `If-Match` says: it was changed, or is not there. Nothing was written.",
    413: "The body is too large.",
    415: "The body is not JSON.",
    422: "This `Idempotency-Key` was used for another request.",
    428: "This registry wants an `If-Match` with every change.",
    429: "Too many requests; `Retry-After` says when to ask again.",
    503: "The question takes too long; `detail` says how to narrow it, `Retry-After` when to ask again.",
}
#: Whatever the operation is, these can be answered.
ALWAYS = (400, 401, 405, 406, 429)

_HEADERS = {
    401: {"WWW-Authenticate": ("The scheme that is expected.", "Bearer")},
    405: {"Allow": ("The methods that the address takes.", "GET, HEAD, OPTIONS")},
    429: {"Retry-After": ("Seconds to wait.", "4")},
    503: {"Retry-After": ("Seconds to wait.", str(TooSlow.wait))},
}
_UNKNOWN = "There is no parameter “bogus” here."
#: What the server says of a request that a test makes; ``errors`` where it names fields.
_DETAIL = {
    400: _UNKNOWN,
    401: "This token is unknown.",
    403: "This needs a token with the scope “write:agreements”.",
    404: "Not found.",
    405: 'Method "PUT" not allowed.',
    406: "This address answers in json, csv, xlsx, ndjson, ris, bibtex, csl.",
    409: Conflict.default_detail,
    410: "This record was withdrawn: Published by mistake.",
    412: PreconditionFailed.default_detail,
    413: "The body is too large.",
    415: 'Unsupported media type "text/plain" in request.',
    422: "This Idempotency-Key was used for another request; give each request a key of its own.",
    428: PreconditionRequired.default_detail,
    429: (
        "Your address may use 600 units in 60 seconds. This request costs 50, 12 are left; ask again in 4 "
        "seconds. A token has a limit of its own."
    ),
    503: TooSlow.default_detail,
}
_ERRORS = {400: [{"field": "bogus", "message": _UNKNOWN, "code": "unknown_parameter"}]}


#: Members that a problem of a kind of its own has, or has otherwise.
_BESIDE = {
    429: {"type": QUOTA_EXCEEDED, "title": "Quota exceeded", "violated-policies": ["anonymous"]},
}


def example(status: int) -> dict:
    """The problem that stands for ``status`` in the description."""
    return {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": _DETAIL.get(status, HTTPStatus(status).description or HTTPStatus(status).phrase),
        "errors": _ERRORS.get(status, []),
    } | _BESIDE.get(status, {})


def headers(status: int) -> dict:
    """What OpenAPI says of the headers of ``status``."""
    return described(_HEADERS.get(status, {}), required=True)


def described(words: dict[str, tuple[str, str]], *, required: bool) -> dict:
    """What OpenAPI says of headers, given as name: (words, example)."""
    return {
        name: {
            "description": text,
            "required": required,
            "schema": {"type": "string"},
            "example": shown,
        }
        for name, (text, shown) in words.items()
    }


def answer(status: int, description: str) -> dict:
    """What OpenAPI says of an answer that is a problem."""
    told = {"description": description}
    if found := headers(status):
        told["headers"] = found
    shown = {"schema": SCHEMA, "example": example(status) | {"status": status}}
    return told | {"content": {PROBLEM_JSON: shown}}


def name(status: int, description: str) -> str | None:
    """The name of an answer that many operations share; None where this one has words of its own."""
    if status == 404 and description == NO_SUCH_PAGE:
        return "NoSuchPage"
    if description != MEANING.get(status):
        return None
    return "".join(word.capitalize() for word in HTTPStatus(status).phrase.replace("-", " ").split())
