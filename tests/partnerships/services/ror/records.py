"""Invented ROR records and the files that hold them."""

import gzip
import json
import zipfile
from pathlib import Path

from partnerships.ror import check_digits


def ror(body: str) -> str:
    """Return a bare ROR id of our own invention: ``body`` is six characters after the zero."""
    return f"0{body}{check_digits('0' + body)}"


def record(body: str, name: str = "", **facts) -> dict:
    """Return a record of schema 2 with one English display name; ``facts`` replace its keys."""
    name = name or f"Institute {body}"
    return {
        "id": f"https://ror.org/{ror(body)}",
        "names": [{"value": name, "types": ["ror_display", "label"], "lang": "en"}],
        "types": ["education"],
        "status": "active",
        "established": 1971,
        "links": [{"type": "website", "value": "https://institute.example"}],
        "locations": [place(1835235, "Daejeon", "KR")],
        "external_ids": [{"type": "isni", "preferred": "0000 0001", "all": ["0000 0001", "0000 0002"]}],
        "relationships": [],
        "admin": {"last_modified": {"date": "2024-05-21", "schema_version": "2.0"}},
    } | facts


def named(value: str, *types: str, lang: str | None = None) -> dict:
    return {"value": value, "types": list(types), "lang": lang}


def place(geonames_id: int, city: str, country: str, **details) -> dict:
    found = {"name": city, "country_code": country, "lat": 36.35, "lng": 127.38} | details
    return {"geonames_id": geonames_id, "geonames_details": found}


def related(kind: str, body: str) -> dict:
    return {"type": kind, "id": f"https://ror.org/{ror(body)}", "label": f"Institute {body}"}


def dump(folder: Path, *records, name: str = "dump.json") -> Path:
    """Write a dump; the ending says how it is packed."""
    path, text = folder / name, json.dumps(list(records)).encode()
    if name.endswith(".gz"):
        path.write_bytes(gzip.compress(text))
    elif name.endswith(".zip"):
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("v9.9-2026-01-01-ror-data.json", text)
            archive.writestr("v9.9-2026-01-01-ror-data.csv", "id\n")
    else:
        path.write_bytes(text)
    return path
