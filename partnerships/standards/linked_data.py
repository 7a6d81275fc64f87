"""Records as schema.org sees them, in JSON-LD. What is not known is not said.

The context stands in the graph itself: whoever reads it fetches nothing.
"""

import json
from urllib.parse import quote

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.safestring import SafeString, mark_safe

from partnerships.choices import AgreementType, EndKind, IdentifierScheme, InstitutionType
from partnerships.models import Agreement, Country, Event, FocusArea, Institution
from partnerships.querysets.institutions import relatives
from people.access import Disclosure
from people.models import Person

_ADDRESSES = ("sameAs", "url", "contentUrl", "mainEntityOfPage", "sdLicense")
CONTEXT = {"@vocab": "https://schema.org/"} | {name: {"@type": "@id"} for name in _ADDRESSES}
MEDIA_TYPE = "application/ld+json"
_TYPES = {
    InstitutionType.EDUCATION: "EducationalOrganization",
    InstitutionType.FACILITY: "ResearchOrganization",
    InstitutionType.GOVERNMENT: "GovernmentOrganization",
    InstitutionType.COMPANY: "Corporation",
    InstitutionType.NONPROFIT: "NGO",
    InstitutionType.HEALTHCARE: "MedicalOrganization",
    InstitutionType.ARCHIVE: "ArchiveOrganization",
    InstitutionType.FUNDER: "FundingAgency",
}
_REGISTERS = {
    IdentifierScheme.ISNI: "https://isni.org/isni/",
    IdentifierScheme.WIKIDATA: "https://www.wikidata.org/entity/",
    IdentifierScheme.FUNDREF: "https://doi.org/10.13039/",
}


def graph_of(row, origin: str) -> dict | None:
    """Return the graph of a record that everybody may see; None for any other, or of another kind.

    Args:
        row: fetched with what its page shows.
        origin: scheme and host of addresses.
    """
    describe = _KINDS.get(type(row))
    if describe is None or not _is_public(row):
        return None
    # Programs are told the same whatever the page around it speaks: the addresses without a language too.
    with translation.override(settings.LANGUAGE_CODE):
        return _graph(row, origin, describe)


def _graph(row, origin: str, describe) -> dict:
    page = origin + _page(row)
    about = {"sdLicense": settings.DATA_LICENSE, "sdPublisher": _publisher()}
    if changed := getattr(row, "updated_at", None):
        about["sdDatePublished"] = changed.date().isoformat()
    return {"@context": CONTEXT, **_known(describe(row, origin) | {"mainEntityOfPage": page} | about)}


def for_page(graph: dict) -> SafeString:
    """Return a graph as the content of a script element: nothing in it can end the element."""
    text = json.dumps(graph, ensure_ascii=False)
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return mark_safe(text)  # noqa: S308 - every character that HTML could mistake is escaped above


def _is_public(row) -> bool:
    if isinstance(row, Agreement):
        return row.is_public
    return getattr(row, "visibility", Disclosure.PUBLIC) == Disclosure.PUBLIC


def _page(row) -> str:
    name = {FocusArea: "focus-area"}.get(type(row), type(row).__name__.lower())
    return reverse(f"partnerships:{name}-detail", kwargs={"uid": getattr(row, "uid", row.pk)})


def _known(facts: dict) -> dict:
    """Leave out what says nothing."""
    return {key: value for key, value in facts.items() if value not in (None, "", [], {})}


def _ref(row, origin: str, kind: str, **facts) -> dict:
    return _known({"@id": origin + _page(row), "@type": kind, "name": row.name, **facts})


def _publisher() -> dict | None:
    name = settings.REGISTRY_PUBLISHER
    return {"@type": "Organization", "name": name} if name else None


def _text(date) -> str | None:
    return None if date is None else str(date)


def _place(name: str, country_id: str | None) -> dict | None:
    address = _known({"@type": "PostalAddress", "addressCountry": country_id}) if country_id else None
    return _known({"@type": "Place", "name": name, "address": address}) if name or address else None


def _web(address: str) -> str:
    """An address as RDF takes it: what must not stand in one is escaped."""
    return quote(address, safe="!#$%&'()*+,/:;=?@[]~")


# --- agreements -------------------------------------------------------------------------------------


def _agreement(row: Agreement, origin: str) -> dict:
    parties = [party.institution for party in row.parties.all()]
    named = [*row.subjects.all()]
    return {
        "@id": origin + _page(row),
        "@type": "CreativeWork",
        "name": row.title,
        "genre": AgreementType(row.type).in_words,
        "abstract": row.summary,
        "inLanguage": list(row.languages),
        "dateCreated": _text(row.signed_on),
        "locationCreated": _place(row.signed_place, row.signed_country_id),
        "temporalCoverage": _coverage(row),
        "creator": [_ref(one, origin, "Organization", sameAs=one.ror_url) for one in parties],
        "contributor": [_signatory(row) for party in row.parties.all() for row in party.signatories.all()],
        "about": [_ref(one.focus_area, origin, "DefinedTerm") for one in named],
        "mentions": [_ref(row.event, origin, "Event")] if row.event else [],
        "citation": [_source(source) for source in row.sources.all()],
        "encoding": [_document(document, origin) for document in row.documents.all()],
        "identifier": [row.uid, *(_identifier(one.system, one.value) for one in row.identifiers.all())],
    }


def _coverage(row: Agreement) -> str | None:
    """From the beginning of the first term to its end, where both are told."""
    if row.effective_from is None or row.end_kind == EndKind.UNKNOWN:
        return None
    return f"{row.effective_from}/{row.ends_on or '..'}"


def _signatory(row) -> dict:
    person = _known({"@type": "Person", "name": row.name_as_printed, "jobTitle": row.title_as_printed})
    return {"@type": "Role", "roleName": "signatory", "contributor": person}


def _source(row) -> dict:
    publisher = {"@type": "Organization", "name": row.publisher} if row.publisher else None
    return _known(
        {
            "@type": "CreativeWork",
            "name": row.title,
            "url": _web(row.url),
            "publisher": publisher,
            "datePublished": _text(row.published_on),
            "inLanguage": row.language,
        }
    )


def _document(row, origin: str) -> dict:
    return _known(
        {
            "@type": "MediaObject",
            "name": row.title,
            "encodingFormat": row.media_type,
            "contentSize": str(row.size),
            "sha256": row.sha256,
            "inLanguage": row.language,
            "contentUrl": origin + reverse("partnerships:document-download", args=[row.uid]),
        }
    )


def _identifier(system: str, value: str) -> dict:
    return {"@type": "PropertyValue", "propertyID": system, "value": value}


# --- what agreements share --------------------------------------------------------------------------


def _institution(row: Institution, origin: str) -> dict:
    others = list(row.identifiers.all())
    known = [
        _REGISTERS[one.scheme] + one.value.replace(" ", "") for one in others if one.scheme in _REGISTERS
    ]
    near = relatives(row)
    placed = row.latitude is not None and row.longitude is not None
    place = {"addressLocality": row.city, "addressRegion": row.region, "addressCountry": row.country_id}
    return {
        "@id": origin + _page(row),
        "@type": ["Organization", *(_TYPES[kind] for kind in row.types if kind in _TYPES)],
        "name": row.name,
        "alternateName": [_name(name) for name in row.names.all()],
        "description": row.description,
        "identifier": [row.uid, *(_identifier(one.scheme, one.value) for one in others)],
        "sameAs": [_web(one) for one in (row.ror_url, *known) if one],
        "url": _web(row.website),
        "address": {"@type": "PostalAddress", **_known(place)} if any(place.values()) else None,
        "geo": {"@type": "GeoCoordinates", "latitude": row.latitude, "longitude": row.longitude}
        if placed
        else None,
        "foundingDate": row.established and f"{row.established:04d}",
        "parentOrganization": [_ref(one, origin, "Organization") for one in near["parents"]],
        "subOrganization": [_ref(one, origin, "Organization") for one in near["children"]],
    }


def _name(row) -> dict | str:
    return {"@value": row.value, "@language": row.language} if row.language else row.value


def _person(row: Person, origin: str) -> dict:
    return {
        "@id": origin + _page(row),
        "@type": "Person",
        "name": row.name,
        "alternateName": [_name(name) for name in row.names.all()],
        "identifier": row.uid,
        "sameAs": f"https://orcid.org/{row.orcid}" if row.orcid else None,
    }


def _event(row: Event, origin: str) -> dict:
    return {
        "@id": origin + _page(row),
        "@type": "Event",
        "name": row.name,
        "startDate": _text(row.starts_on),
        "endDate": _text(row.ends_on),
        "location": _place(row.place, row.country_id),
        "url": _web(row.url),
        "identifier": row.uid,
    }


def _focus_area(row: FocusArea, origin: str) -> dict:
    codes = [_identifier(one.scheme, one.code) for one in row.mappings.all()]
    return {
        "@id": origin + _page(row),
        "@type": "DefinedTerm",
        "name": row.name,
        "description": row.description,
        "identifier": [row.uid, *codes],
    }


def _country(row: Country, origin: str) -> dict:
    return {"@id": origin + _page(row), "@type": "Country", "name": row.name, "identifier": row.pk}


_KINDS = {
    Agreement: _agreement,
    Institution: _institution,
    Person: _person,
    Event: _event,
    FocusArea: _focus_area,
    Country: _country,
}
