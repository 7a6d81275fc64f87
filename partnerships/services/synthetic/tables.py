"""The tables that are written, in the order of their foreign keys, and their columns."""

NULL = "\\N"

#: What the agreements share; few rows, so their triggers for the index of names stay on.
SHARED = {
    "partnerships_focusarea": ("id", "uid", "name", "parent_id", "description", "visibility"),
    "partnerships_event": (
        "id", "uid", "name", "starts_on", "ends_on", "place", "country_id", "url", "visibility",
    ),
    "people_person": ("id", "uid", "name", "visibility"),
    "people_personname": ("person_id", "value", "kind", "language"),
    "partnerships_institution": (
        "id", "uid", "name", "types", "description", "country_id", "region", "city", "latitude", "longitude",
        "website", "state", "visibility",
    ),
    "partnerships_institutionname": ("institution_id", "value", "kind", "language", "from_ror"),
    "partnerships_institutionlink": ("institution_id", "kind", "target_id", "from_ror"),
}  # fmt: skip

#: The agreements and what belongs to them.
OWN = {
    "partnerships_agreement": (
        "id", "uid", "title", "type", "summary", "languages", "announced_on", "signed_on", "signed_place",
        "signed_country_id", "event_id", "effective_from", "end_kind", "ends_on", "term_as_stated", "renewal",
        "renewal_note", "notice_amount", "notice_unit", "terminated_on", "termination_reason", "binding",
        "publication_state", "visibility", "published_at", "withdrawal_reason", "created_at", "updated_at",
    ),
    "partnerships_party": ("id", "agreement_id", "institution_id", "role", "reference", "position"),
    "partnerships_signatory": ("party_id", "person_id", "name_as_printed", "title_as_printed", "position"),
    "partnerships_agreementfocusarea": ("agreement_id", "focus_area_id", "emphasised", "position"),
    "partnerships_activity": (
        "uid", "agreement_id", "kind", "direction", "quota", "quota_note", "starts_on", "ends_on",
        "description", "position",
    ),
    "partnerships_source": (
        "id", "uid", "agreement_id", "kind", "title", "url", "publisher", "language", "supports", "quote",
        "note", "position",
    ),
    "partnerships_statement": (
        "agreement_id", "person_id", "capacity", "institution_id", "summary", "language", "source_id",
        "position",
    ),
    "partnerships_period": ("agreement_id", "number", "starts_on", "end_kind", "ends_on", "note"),
    "partnerships_agreementrelation": ("agreement_id", "kind", "target_id", "note"),
}  # fmt: skip

COLUMNS = SHARED | OWN

#: What is derived from agreements, and comes and goes with them.
READ_MODEL = [
    f"partnerships_{name}" for name in ("indexcard", "sampledcard", "preparedrecord", "tally", "stalecard")
]


def line(*values) -> str:
    """Return a row as COPY reads it; no value holds a tab, a backslash or the end of a line."""
    return "\t".join([NULL if value is None else str(value) for value in values]) + "\n"


def listed(values) -> str:
    """Return an array as COPY reads it; of plain words only."""
    return "{" + ",".join(values) + "}"
