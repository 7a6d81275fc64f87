"""What a harvester asks: the verb and its arguments, as strictly as the protocol has them."""

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from django.http import QueryDict


class Fault(Exception):
    """An error condition of the protocol.

    Args:
        code: ``badVerb``, ``badArgument``, …
    """

    def __init__(self, code: str, message: str):
        super().__init__(message)
        self.code = code


#: By verb: arguments that it needs, and those that it takes as well.
VERBS: dict[str, tuple[frozenset[str], frozenset[str]]] = {
    "Identify": (frozenset(), frozenset()),
    "ListMetadataFormats": (frozenset(), frozenset({"identifier"})),
    "ListSets": (frozenset(), frozenset()),
    "GetRecord": (frozenset({"identifier", "metadataPrefix"}), frozenset()),
    "ListIdentifiers": (frozenset({"metadataPrefix"}), frozenset({"from", "until", "set"})),
    "ListRecords": (frozenset({"metadataPrefix"}), frozenset({"from", "until", "set"})),
}
#: Verbs whose lists come in parts.
_IN_PARTS = {"ListSets", "ListIdentifiers", "ListRecords"}
_DAY, _SECOND = timedelta(days=1), timedelta(seconds=1)
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}:\d{2}Z)?", re.ASCII)
_WORD = r"[A-Za-z0-9\-_.!~*'()]+"
_FORMS = {
    "metadataPrefix": re.compile(_WORD),
    "set": re.compile(f"{_WORD}(:{_WORD})*"),
    "identifier": re.compile(r"[!-~\xa1-\ud7ff]{1,500}"),
    "resumptionToken": re.compile(r"[!-~]*"),
}


@dataclass(frozen=True)
class Request:
    """A request that makes sense so far.

    Args:
        given: the arguments as they were written, for the answer to repeat.
        since, before: bounds of datestamps; the second is not included.
    """

    verb: str
    given: dict[str, str] = field(default_factory=dict)
    since: datetime | None = None
    before: datetime | None = None

    @property
    def prefix(self) -> str:
        return self.given.get("metadataPrefix", "")

    @property
    def set(self) -> str:
        return self.given.get("set", "")

    @property
    def identifier(self) -> str:
        return self.given.get("identifier", "")

    @property
    def token(self) -> str | None:
        return self.given.get("resumptionToken")


def read(query: QueryDict) -> Request:
    """Read the arguments of a request.

    Raises:
        Fault: there is no such verb, or an argument is missing, unknown, repeated or malformed.
    """
    verb = _verb(query)
    given = {name: values[-1] for name, values in query.lists() if name != "verb"}
    for name, values in query.lists():
        if len(values) > 1:
            raise Fault("badArgument", f"“{name[:50]}” stands there more than once.")
    _require(verb, set(given))
    for name, form in _FORMS.items():
        if name in given and not form.fullmatch(given[name]):
            # Whoever sends a token sends what was handed out, or it is none.
            code = "badResumptionToken" if name == "resumptionToken" else "badArgument"
            raise Fault(code, f"“{name}” cannot be written like this.")
    since, before = _span(given)
    return Request(verb, given, since, before)


def _verb(query: QueryDict) -> str:
    verbs = query.getlist("verb")
    if len(verbs) != 1 or verbs[0] not in VERBS:
        known = ", ".join(VERBS)
        raise Fault("badVerb", f"Give one verb: {known}.")
    return verbs[0]


def _require(verb: str, given: set[str]) -> None:
    needed, allowed = VERBS[verb]
    if verb in _IN_PARTS and "resumptionToken" in given:
        if given != {"resumptionToken"}:
            raise Fault("badArgument", "A resumption token stands alone.")
        return
    if unknown := sorted(given - needed - allowed):
        raise Fault("badArgument", f"{verb} does not take “{unknown[0][:50]}”.")
    if missing := sorted(needed - given):
        raise Fault("badArgument", f"{verb} needs “{missing[0]}”.")


def _span(given: dict[str, str]) -> tuple[datetime | None, datetime | None]:
    moments = {name: _moment(name, given[name]) for name in ("from", "until") if name in given}
    since, until = moments.get("from"), moments.get("until")
    if since and until and len(given["from"]) != len(given["until"]):
        raise Fault("badArgument", "“from” and “until” must be equally exact: both days, or both seconds.")
    if since and until and since > until:
        raise Fault("badArgument", "“from” lies after “until”.")
    # The calendar ends before the day after its last one.
    if until and until.year < 9999:
        until += _DAY if len(given["until"]) == 10 else _SECOND
    return since, until


def _moment(name: str, text: str) -> datetime:
    if _DATE.fullmatch(text):
        try:
            return datetime.fromisoformat(text).replace(tzinfo=UTC)
        except ValueError:
            pass
    raise Fault("badArgument", f"Write “{name}” as 2024-05-21 or 2024-05-21T09:00:00Z.")
