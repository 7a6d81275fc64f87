"""No road leads around the gate.

Hidden records are full of words (``sentinels``). Several kinds of visitor fetch every address in
every format, follow every link, and must not find what they may not see. An address that nobody
has entered in ``AUDIENCE`` fails the test until somebody says who may see it.
"""

import io
import re
import zipfile
from collections import deque
from itertools import product
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from django.conf import settings
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, is_valid_path, reverse
from django.utils import translation

from partnerships import models
from partnerships.addresses import twins
from partnerships.querysets.feed import RESOURCES as FEED_RESOURCES
from partnerships.querysets.feed import cursor_of
from partnerships.services.lifecycle import ACTS
from partnerships.services.snapshots import FORMATS as SNAPSHOT_FORMATS
from people.models import Person
from people.services.tokens import issue_token
from tests.contract import sentinels
from tests.contract.sentinels import (
    CATALOGUE,
    CONFIDENTIAL,
    DRAFT,
    IN_DOCUMENTS,
    INTERNAL,
    PROBE,
    PUBLIC,
    RESTRICTED,
    WORDS,
)
from tests.factories import MembershipFactory, OfficeFactory, UserFactory

pytestmark = pytest.mark.django_db

RECORDS = {
    "agreement": models.Agreement,
    "institution": models.Institution,
    "person": Person,
    "event": models.Event,
    "focus-area": models.FocusArea,
    "activity": models.Activity,
    "source": models.Source,
    "document": models.Document,
}
FORMATS = ("json", "csv", "ndjson", "xlsx")
#: These are of agreements only.
CITATIONS = ("ris", "bibtex", "csl", "jsonld")
#: What stands here is the same for everybody.
FOR_ALL_ALIKE = ("/oai/", "/catalog", "/sitemap", "/robots.txt", "/agreements.atom", "/embed/")
#: Addresses in the words of others, by what stands in them.
#: Pictures, and what of them can be asked for beside the questions of the list.
PICTURES = {
    "map": ["at=KR", "view=127,37,5", "lines=none&view=0,40,2"],
    "network": ["nodes=countries", "units=parent&size=500&measure=pagerank", "of=links&size=5000"],
    "timeline": ["by=institution", "by=subject", "by=country&ordering=ends_on"],
    "matrix": ["rows=subject&columns=event", "rows=status&columns=activity", "rows=year&columns=country"],
    "trends": ["by=subject", "by=country"],
}
STANDARDS = {
    **{f"partnerships:explore-{name}-file": lambda: [("csv",), ("json",)] for name in PICTURES},
    "partnerships:citation": lambda: [
        (row.uid, end) for row in models.Agreement.objects.all() for end in ("ris", "bib", "json")
    ],
    "partnerships:catalogue-form": lambda: [("ttl",), ("jsonld",), ("rdf",)],
    "partnerships:sitemap-part": lambda: [
        (kind, 0) for kind in ("agreement", "institution", "person", "event", "focus-area")
    ],
}
LIMIT = 1500
_ABROAD = tuple(f"/{tag}/" for tag, _ in settings.LANGUAGES if tag != settings.LANGUAGE_CODE)

#: What has a picture beside its link.
CARDS = ("agreement", "partnership", "institution", "person", "event", "focus-area", "country")
#: Who is meant to see what stands at an address: everybody (as far as the gate lets them), or staff.
AUDIENCE = {
    "everybody": {
        "healthz",
        "readyz",
        "partnerships:home",
        "partnerships:about",
        "partnerships:explore",
        *(f"partnerships:explore-{name}{of}" for name in PICTURES for of in ("", "-file")),
        # Stands where DEBUG is on, and shows stand-ins only.
        "partnerships:styleguide",
        "partnerships:suggest",
        # Asks for the record first, and knows only those that its visitor may see.
        # What everybody may see, whoever looks.
        "partnerships:institution-embed",
        "partnerships:institution-embedded",
        "partnerships:embed-colours",
        "partnerships:card",
        *(f"partnerships:{name}-card" for name in CARDS),
        "partnerships:tell-us",
        "partnerships:tell-us-sent",
        "partnerships:document-download",
        "partnerships:document-version",
        "partnerships:agreement-calendar",
        "partnerships:agreement-feed",
        "partnerships:citation",
        # What harvesters and crawlers of others are given: the same to everybody.
        "oai",
        "oai-schema",
        "partnerships:catalogue",
        "partnerships:catalogue-form",
        "partnerships:robots",
        "partnerships:sitemap",
        "partnerships:sitemap-part",
        # Whoever knows the secret address reads what its person may see.
        "partnerships:calendar-of-staff",
        "api:root",
        "api:schema",
        "api:suggest",
        # Tells a token about itself alone.
        "api:token",
        "api:institution-match",
        # Read by what other systems call a record; written by whoever may write.
        *(f"api:{name}-by" for name in ("agreement", "institution", "person")),
        "api:changes",
        "api:snapshots",
        "api:snapshot",
        "api:snapshot-of-all",
        "api-docs",
        *(
            f"partnerships:{name}-{kind}"
            for name in (
                "agreement",
                "partnership",
                "institution",
                "person",
                "focus-area",
                "event",
                "country",
            )
            for kind in ("list", "detail")
        ),
        *(
            f"api:{name}-{kind}"
            for name in (*RECORDS, "partnership", "country")
            for kind in ("list", "detail")
        ),
    },
    # Writing: answers 401, 403 or 405 to whoever may not, and the record only to whoever may see it.
    "writers": {
        *(f"api:agreement-{act}" for act in ("submit", "approve", "publish", "send-back", "withdraw")),
        *(f"api:{name}-bulk" for name in ("agreement", "institution", "person", "event", "focus-area")),
    },
    "staff": {"admin", "my-settings"},
    # What belongs to a token: 401, 403 or 404 to everybody else.
    "tokens": {
        f"api:webhook-{name}" for name in ("list", "detail", "test", "rotate", "deliveries", "replay")
    },
}


def addresses(resolver=None, namespace=""):
    """Every named pattern of the site; the admin as one."""
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            if entry.namespace == "admin":
                yield "admin", None
            else:
                inner = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
                yield from addresses(entry, inner)
        elif isinstance(entry, URLPattern):
            yield f"{namespace}{entry.name}", entry


def test_every_address_has_an_audience():
    known = set().union(*AUDIENCE.values())
    names = {name for name, _ in addresses()}
    assert names - known == set(), "say in AUDIENCE who may see these"
    assert known - names == set(), "these are no longer there"


@pytest.fixture
def registry():
    return sentinels.build()


def visitors(registry) -> dict[str, tuple[Client, set[str]]]:
    """Kinds of visitor: the client, and the words that this visitor may come across."""

    def signed_in(user) -> Client:
        client = Client()
        client.force_login(user)
        return client

    def bearing(*scopes) -> Client:
        _, secret = issue_token(name="-".join(scopes), scopes=list(scopes))
        return Client(headers={"authorization": f"Bearer {secret}"})

    member = MembershipFactory(office=registry.office, role="viewer").user
    colleague = MembershipFactory(office=OfficeFactory(), role="reviewer").user
    neighbour = MembershipFactory(office=registry.named, role="reviewer").user
    return {
        "anonymous": (Client(), set()),
        "account without staff": (signed_in(UserFactory(is_staff=False)), set()),
        "public token": (bearing("read:public"), set()),
        "internal token": (bearing("read:internal"), {INTERNAL, CATALOGUE}),
        "staff of another office": (signed_in(colleague), {DRAFT, INTERNAL, CATALOGUE}),
        "staff of a named office": (signed_in(neighbour), set(WORDS)),
        "staff of the office": (signed_in(member), set(WORDS)),
    }


def seeds(registry) -> list[str]:
    """Where the crawl begins: every address filled with every record, hidden ones too, and questions."""
    found = ["/", "/api/v1/", "/no-such-page/", "/api/v1/no-such-resource/"]
    for name, entry in addresses():
        if entry is None or name in AUDIENCE["writers"]:
            continue
        base = name.split(":")[-1].rsplit("-", 1)[0]
        arguments = set(entry.pattern.converters) | set(entry.pattern.regex.groupindex)
        if name in STANDARDS:
            found += [reverse(name, args=given) for given in STANDARDS[name]()]
            continue
        if name == "oai":
            found += harvests(registry)
            continue
        if "kind" in arguments:
            found += [reverse(name, args=pair) for pair in product(FEED_RESOURCES, SNAPSHOT_FORMATS)]
            continue
        if "number" in arguments:
            versions = models.DocumentVersion.objects.values_list("document__uid", "number")
            found += [reverse(name, args=version) for version in versions]
            continue
        if name.endswith("-by"):
            found += [
                reverse(name, kwargs={"system": system, "value": value})
                for system, value in _identifiers(name)
            ]
            continue
        if not arguments - {"format"}:
            found += _questions(reverse(name), registry)
        elif base in RECORDS:
            found += [reverse(name, kwargs={"uid": row.uid}) for row in RECORDS[base].objects.all()]
        elif base == "country":
            found.append(reverse(name, kwargs={"uid": "KR"}))
        elif base == "partnership":
            uids = sorted(models.Institution.objects.values_list("uid", flat=True))
            pairs = [f"{one}-{two}" for one in uids for two in uids if one < two]
            found += [reverse(name, kwargs={"uid": pair}) for pair in pairs]
    # Those that answer one record have it in JSON alone, as does the feed; a snapshot is named by its format.
    single = ("/by/", "/match/", "/changes/", "/snapshots/")
    api = [
        path
        for path in found
        if path.startswith("/api/v1/") and path.count("/") >= 4 and not any(part in path for part in single)
    ]
    cited = [path for path in api if "/agreements/" in path and "?" not in path]
    asked = [
        (path, kind)
        for paths, kinds in ((api, FORMATS), (cited, CITATIONS))
        for path in paths
        for kind in kinds
    ]
    return found + [f"{path}{'&' if '?' in path else '?'}format={kind}" for path, kind in asked]


def harvests(registry) -> list[str]:
    """Every verb of OAI-PMH in every format; of sets and of single records also those of hidden ones."""
    asked = [{"verb": verb} for verb in ("Identify", "ListSets", "ListMetadataFormats")]
    sets = [f"institution-{row.uid}" for row in models.Institution.objects.all()]
    sets += [f"subject-{row.uid}" for row in models.FocusArea.objects.all()]
    for prefix in ("oai_dc", "entente"):
        for verb in ("ListRecords", "ListIdentifiers"):
            asked += [{"verb": verb, "metadataPrefix": prefix}]
            asked += [{"verb": verb, "metadataPrefix": prefix, "set": one} for one in sets]
        for row in registry.agreements.values():
            name = f"oai:127.0.0.1:agreements/{row.uid}"
            asked += [{"verb": "GetRecord", "metadataPrefix": prefix, "identifier": name}]
            asked += [{"verb": "ListMetadataFormats", "identifier": name}]
    return [f"{reverse('oai')}?{urlencode(one)}" for one in asked]


def _identifiers(name: str) -> list[tuple[str, str]]:
    """What other systems call records, hidden ones too."""
    if name == "api:agreement-by":
        return list(models.AgreementIdentifier.objects.values_list("system", "value"))
    if name == "api:person-by":
        return [
            ("orcid", orcid) for orcid in Person.objects.exclude(orcid=None).values_list("orcid", flat=True)
        ]
    found = models.InstitutionIdentifier.objects.values_list("scheme", "value")
    rows = models.Institution.objects.exclude(ror_id=None)
    return [*found, *(("ror", ror_id) for ror_id in rows.values_list("ror_id", flat=True))]


def _pages_of(registry) -> list[str]:
    """The pages of records of every kind that can be reported, hidden ones too."""
    return [
        reverse(f"partnerships:{name}-detail", args=[row.uid])
        for name in ("agreement", "institution", "person", "event", "focus-area")
        for row in RECORDS[name].objects.all()
    ]


def _questions(path: str, registry) -> list[str]:
    if path.count("/") < 2 or path in {"/healthz", "/readyz"}:
        return [path]
    if path in (reverse("api:suggest"), reverse("partnerships:suggest")):
        typed = (PROBE, *WORDS, f"{CATALOGUE[:-1]}x", PUBLIC, "q", "korea")
        return [f"{path}?{urlencode({'q': text})}" for text in typed]
    if path == reverse("api:institution-match"):
        names = (*WORDS, f"{CATALOGUE} Institute", f"{CATALOGUE[:-1]}x", PUBLIC)
        uids = models.Institution.objects.exclude(visibility="public").values_list("uid", flat=True)
        return [
            *(f"{path}?{urlencode({'name': text})}" for text in names),
            *(f"{path}?{urlencode({'id': uid})}" for uid in uids),
        ]
    if path == reverse("api:changes"):
        cursors = ["", *map(cursor_of, models.Change.objects.all()[::10])]
        return [path, *(f"{path}?include=record&limit=500&after={cursor}" for cursor in cursors)]
    if path == reverse("partnerships:tell-us"):
        return [path, *(f"{path}?{urlencode({'about': page})}" for page in _pages_of(registry))]
    hidden = registry.agreements[RESTRICTED]
    asked = [
        {"q": PROBE},
        {"q": "agreement", "ordering": "-updated_at"},
        {"country": "KR"},
        {"q": "", "page_size": 100},
    ]
    if "agreements" in path or "partnerships" in path:
        asked += [
            {"institution": hidden.parties.first().institution.uid},
            {"status": "terminated"},
            {"in_force_on": "2024-12-31"},
            {"updated_since": "2000-01-01"},
            {"ends_before": "2999"},
            # What is proposed instead of a slip; the words themselves are asked for by others.
            *({"q": f"{word[:-1]}x"} for word in WORDS),
            {"q": f"{PUBLIC[:-1]}x"},
            {"q": IN_DOCUMENTS},
            {"q": f"{PUBLIC} {IN_DOCUMENTS}"},
            {"sub_units": "1"} if "partnerships" in path else {"year": "2024"},
        ]
    if path.startswith("/explore/") and (name := path.split("/")[2]):
        asked = [dict(parse_qsl(query)) for query in PICTURES[name]] + asked[:3]
    if path == reverse("api:agreement-list"):
        facets = ",".join(models.Facet.values)
        asked += [{"facets": facets}, {"facets": facets, "q": PUBLIC}, {"facets": facets, "type": "exchange"}]
    return [path, *(f"{path}?{urlencode(question)}" for question in asked)]


def text_of(response) -> str:
    body = b"".join(response.streaming_content) if response.streaming else response.content
    if body[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            body = b"".join(archive.read(name) for name in archive.namelist())
    headers = " ".join(f"{name}: {value}" for name, value in response.headers.items())
    return f"{headers}\n{body.decode('utf-8', 'replace')}".lower()


def links_of(text: str) -> set[str]:
    found = re.findall(r'(?:href|src|action)="([^"#]+)', text) + re.findall(
        r'"(https?://testserver/[^"\s]*)"', text
    )
    paths = set()
    for link in found:
        parts = urlsplit(link.replace("&amp;", "&"))
        if parts.netloc in {"", "testserver"} and parts.path.startswith("/"):
            paths.add(parts.path + (f"?{parts.query}" if parts.query else ""))
    # Pages in other languages come from the same views; a test of their own looks at them.
    return {path for path in paths if not path.startswith(("/static/", "/admin/", "/media/", *_ABROAD))}


def crawl(client: Client, start: list[str]) -> dict[str, set[str]]:
    """Fetch everything that can be reached; return for each word the addresses that show it."""
    waiting, seen = deque(start), set(start)
    shown: dict[str, set[str]] = {word: set() for word in (*WORDS, CONFIDENTIAL, PUBLIC)}
    while waiting and len(seen) < LIMIT:
        path = waiting.popleft()
        response = client.get(path)
        assert response.status_code < 500, f"{path} answers {response.status_code}"
        text = text_of(response)
        for word, places in shown.items():
            if word in text:
                places.add(path)
        fresh = sorted(links_of(text) - seen)
        seen.update(fresh)
        waiting.extend(fresh)
    return shown


#: A named office is crawled in the administration alone: elsewhere it is like an own one.
KINDS = ["anonymous", "account without staff", "public token", "internal token", "staff of another office",
         "staff of the office"]  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_nobody_finds_what_is_hidden(registry, kind):
    client, allowed = visitors(registry)[kind]
    shown = crawl(client, seeds(registry))
    assert shown[PUBLIC], "the crawl reaches something"
    leaks = {
        word: sorted(places)[:10]
        for word, places in shown.items()
        if places and word in {*WORDS, CONFIDENTIAL} - allowed
    }
    assert not leaks
    harvested = {path for word in WORDS for path in shown[word] if path.startswith(FOR_ALL_ALIKE)}
    assert not {path for path in harvested if "q=" not in path}, "harvesters of staff are given no more"
    unseen = {word for word in allowed if not shown[word]}
    assert not unseen, f"{kind} should come across {unseen}: does the crawl see anything?"


def abroad(path: str) -> list:
    """The address of a page in every other language; none for what has one address only."""
    parts = urlsplit(path)
    found = []
    for twin in twins(parts.path, parts.query)[1:]:
        with translation.override(twin.tag):
            if is_valid_path(urlsplit(twin.address).path):
                found.append(twin)
    return found


@pytest.mark.parametrize("kind", ["anonymous", "staff of another office"])
def test_another_language_opens_nothing(registry, kind):
    """Names in the reader's language are looked up beside the records: every page once, without its links."""
    client, allowed = visitors(registry)[kind]
    paths = [path for path in seeds(registry) if PROBE not in path]
    seen = {twin.address for path in paths for twin in abroad(path)}
    assert len(seen) > 50
    found = set()
    for address in sorted(seen):
        response = client.get(address)
        assert response.status_code < 500, address
        found |= {word for word in (*WORDS, CONFIDENTIAL, PUBLIC) if word in text_of(response)}
    assert found == allowed | {PUBLIC}


@pytest.mark.parametrize("kind", ["anonymous", "account without staff", "public token", "internal token"])
def test_the_admin_is_closed_to_others(registry, kind):
    client, _ = visitors(registry)[kind]
    for path in ("/admin/", "/admin/partnerships/agreement/", "/admin/autocomplete/"):
        assert client.get(path).status_code in {302, 403}


def admin_pages(registry) -> list[str]:
    pages = [reverse("admin:index")]
    for name in ("agreement", "institution", "event", "focusarea"):
        pages += [reverse(f"admin:partnerships_{name}_changelist"),
                  reverse(f"admin:partnerships_{name}_changelist") + f"?q={PROBE}"]  # fmt: skip
    for name in ("note", "commitment", "suggestion"):
        address = reverse(f"admin:partnerships_{name}_changelist")
        pages += [address, f"{address}?q={PROBE}"]
        for row in getattr(models, name.capitalize()).objects.all():
            pages += [
                reverse(f"admin:partnerships_{name}_{page}", args=[row.pk])
                for page in ("change", "history", "delete")
            ]
    for kind in ("csv", "csv-explained", "xlsx"):
        address = reverse("admin:partnerships_agreement_export", args=[kind])
        pages += [address, f"{address}?q={PROBE}", f"{address}?visibility__exact=restricted"]
    for record in registry.agreements.values():
        pages += [
            reverse(f"admin:partnerships_agreement_{page}", args=[record.pk])
            for page in ("change", "history", "asof", "revert")
        ]
        pages += [reverse("admin:partnerships_agreement_act", args=[record.pk, name]) for name in ACTS]
    return pages


@pytest.mark.parametrize("kind", ["staff of another office", "staff of a named office"])
def test_the_admin_keeps_to_the_gate(registry, kind):
    client, allowed = visitors(registry)[kind]
    for path in admin_pages(registry):
        text = text_of(client.get(path, follow=True))
        assert not [word for word in {*WORDS, CONFIDENTIAL} - allowed if word in text], path


def test_confidential_terms_are_for_members_of_the_office(registry):
    clients = visitors(registry)
    client, other = clients["staff of the office"][0], clients["staff of another office"][0]
    record = registry.agreements[PUBLIC]
    for page in ("change", "history"):
        address = reverse(f"admin:partnerships_agreement_{page}", args=[record.pk])
        assert CONFIDENTIAL in text_of(client.get(address)), page
    listing = reverse("admin:partnerships_agreement_changelist")
    asked = f"{listing}?confidential_terms__contains={CONFIDENTIAL[:8]}"
    assert PUBLIC not in text_of(other.get(asked, follow=True)), "a filter would tell them letter by letter"
