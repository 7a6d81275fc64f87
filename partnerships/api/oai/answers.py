"""What each verb answers, as elements of the protocol."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db.models import Min
from lxml import etree

from partnerships.api.prepared import ready_bodies
from partnerships.models import Agreement, HarvestEntry
from partnerships.querysets.harvest import HarvestQuerySet
from partnerships.standards.xml import Namespace

from . import sets, tokens
from .arguments import Fault, Request
from .formats import FORMATS
from .tokens import Place, PlaceInSets

OAI = Namespace("http://www.openarchives.org/OAI/2.0/", "http://www.openarchives.org/OAI/2.0/OAI-PMH.xsd")
_IDENTIFIERS = Namespace(
    "http://www.openarchives.org/OAI/2.0/oai-identifier",
    "http://www.openarchives.org/OAI/2.0/oai-identifier.xsd",
)
#: How many records, or headers alone, an answer gives.
RECORDS, HEADERS = 100, 500


@dataclass(frozen=True)
class Asked:
    """A request and where it arrived.

    Args:
        address: of this repository; ``origin``: its scheme and host.
    """

    request: Request
    address: str
    origin: str


def stamp(moment: datetime) -> str:
    """Write a moment as the protocol has it, to the second."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def identify(asked: Asked, root: etree._Element) -> None:
    first = HarvestEntry.objects.aggregate(first=Min("datestamp"))["first"]
    OAI.add(root, "repositoryName", settings.REGISTRY_NAME)
    OAI.add(root, "baseURL", asked.address)
    OAI.add(root, "protocolVersion", "2.0")
    OAI.add(root, "adminEmail", _contact())
    OAI.add(root, "earliestDatestamp", stamp(first or datetime(2000, 1, 1, tzinfo=UTC)))
    OAI.add(root, "deletedRecord", "persistent")
    OAI.add(root, "granularity", "YYYY-MM-DDThh:mm:ssZ")
    if "." in _host() and not _host().replace(".", "").isdecimal():
        described = _IDENTIFIERS.root("oai-identifier")
        for name, text in (("scheme", "oai"), ("repositoryIdentifier", _host()), ("delimiter", ":")):
            _IDENTIFIERS.add(described, name, text)
        _IDENTIFIERS.add(described, "sampleIdentifier", _identifier("7k2m9qtx4"))
        OAI.add(root, "description").append(described)


def list_formats(asked: Asked, root: etree._Element) -> None:
    if asked.request.identifier and _entry(asked.request.identifier).is_deleted:
        raise Fault("noMetadataFormats", "This record is no longer public.")
    for prefix, kind in FORMATS.items():
        element = OAI.add(root, "metadataFormat")
        OAI.add(element, "metadataPrefix", prefix)
        OAI.add(element, "schema", kind.schema(asked.origin))
        OAI.add(element, "metadataNamespace", kind.namespace)


def list_sets(asked: Asked, root: etree._Element) -> None:
    token = asked.request.token
    place = PlaceInSets(asked.request.verb, -1, 0) if token is None else _place(asked, PlaceInSets)
    found, behind = sets.sets_behind(place.key)
    for one in found.values():
        element = OAI.add(root, "set")
        OAI.add(element, "setSpec", one.spec)
        OAI.add(element, "setName", one.name)
    passed = place.passed + len(found)
    following = None if behind is None else PlaceInSets(place.verb, behind, passed)
    _resumption(root, following, begun=token is not None, cursor=place.passed)


def get_record(asked: Asked, root: etree._Element) -> None:
    entry = _entry(asked.request.identifier)
    _require_format(asked.request.prefix)
    _write(asked, root, [entry], asked.request.prefix)


def list_records(asked: Asked, root: etree._Element) -> None:
    """Records, or headers alone, in the order of their datestamps."""
    request = asked.request
    size = RECORDS if request.verb == "ListRecords" else HEADERS
    place = _beginning(request) if request.token is None else _place(asked, Place)
    found = _list(place)
    if request.token is not None:
        found = found.behind(tokens.moment(place.datestamp), place.key)
    page = list(found.in_order()[: size + 1])
    if not page and request.token is None:
        raise Fault("noRecordsMatch", "No record matches this.")
    more, page = len(page) > size, page[:size]
    _write(asked, root, page, place.prefix, headers_alone=request.verb == "ListIdentifiers")
    following = _next(place, page) if more else None
    _resumption(root, following, begun=request.token is not None, cursor=place.passed, total=place.total)


VERBS: dict[str, Callable[[Asked, etree._Element], None]] = {
    "Identify": identify,
    "ListMetadataFormats": list_formats,
    "ListSets": list_sets,
    "GetRecord": get_record,
    "ListIdentifiers": list_records,
    "ListRecords": list_records,
}


# --- where a list goes on -------------------------------------------------------------------------


def _beginning(request: Request) -> Place:
    _require_format(request.prefix)
    since, before = (moment and moment.isoformat() for moment in (request.since, request.before))
    place = Place(request.verb, request.prefix, request.set, since, before, "", 0, 0, 0)
    return replace(place, total=_list(place).count())


def _list(place: Place) -> HarvestQuerySet:
    """The whole list in which a place is."""
    entries = HarvestEntry.objects.changed(tokens.moment(place.since), tokens.moment(place.before))
    if not place.set:
        return entries
    heading = sets.heading_of(place.set)
    return entries.none() if heading is None else entries.under(heading)


def _next(place: Place, page: list[HarvestEntry]) -> Place:
    last = page[-1]
    return replace(
        place, datestamp=last.datestamp.isoformat(), key=last.agreement_id, passed=place.passed + len(page)
    )


def _place(asked: Asked, kind: type):
    return tokens.read(asked.request.token, asked.request.verb, kind)


def _resumption(
    root: etree._Element, following, *, begun: bool, cursor: int, total: int | None = None
) -> None:
    """Append the token that leads on; an empty one ends a list of several parts."""
    if following is None and not begun:
        return
    told = {"completeListSize": total, "cursor": cursor}
    if following is None:
        OAI.add(root, "resumptionToken", **told)
    else:
        OAI.add(
            root,
            "resumptionToken",
            tokens.written(following),
            expirationDate=stamp(tokens.good_until()).upper(),
            **told,
        )


def _require_format(prefix: str) -> None:
    if prefix not in FORMATS:
        raise Fault("cannotDisseminateFormat", f"Records are given as {', '.join(FORMATS)}.")


# --- records --------------------------------------------------------------------------------------


def _write(
    asked: Asked,
    root: etree._Element,
    entries: Sequence[HarvestEntry],
    prefix: str,
    *,
    headers_alone: bool = False,
) -> None:
    """Append records or headers, in a fixed number of statements."""
    named = sets.sets_of(key for entry in entries for key in entry.keys)
    standing = Agreement.objects.visible_to(AnonymousUser()).filter(
        pk__in=[entry.agreement_id for entry in entries if not entry.is_deleted]
    )
    keys = list(standing.order_by().values_list("pk", flat=True))
    bodies = {} if headers_alone else ready_bodies(keys)
    there = set(keys) if headers_alone else bodies.keys()
    for entry in entries:
        element = root if headers_alone else OAI.add(root, "record")
        gone = entry.agreement_id not in there
        header = OAI.add(element, "header", status="deleted" if gone else None)
        OAI.add(header, "identifier", _identifier(entry.uid))
        OAI.add(header, "datestamp", stamp(entry.datestamp))
        for key in entry.keys:
            if key in named:
                OAI.add(header, "setSpec", named[key].spec)
        if not gone and not headers_alone:
            record = json.loads(bodies[entry.agreement_id])
            OAI.add(element, "metadata").append(FORMATS[prefix].write(record, asked.origin))


def _contact() -> str:
    """The address to write to; the protocol wants a dot behind the @."""
    address = settings.CONTACT_EMAIL
    return address if "." in address.rpartition("@")[2] else f"{address}.localdomain"


def _host() -> str:
    return urlsplit(settings.SITE_ADDRESS).hostname or "localhost"


def _identifier(uid: str) -> str:
    return f"oai:{_host()}:agreements/{uid}"


def _entry(identifier: str) -> HarvestEntry:
    begin = _identifier("")
    uid = identifier.removeprefix(begin)
    entry = HarvestEntry.objects.filter(uid=uid).first() if identifier.startswith(begin) else None
    if entry is None:
        raise Fault("idDoesNotExist", "There is no such record here.")
    return entry
