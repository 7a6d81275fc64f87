"""What a record says today on the part that somebody reported, in lines of text."""

from collections.abc import Callable

from django.db.models import Model

from partnerships.models import Commitment, Suggestion
from partnerships.partial_dates import spoken
from partnerships.querysets.people import appearances


def as_it_stands(suggestion: Suggestion, user) -> list[str]:
    """Return what stands in the record on the reported part, as far as ``user`` may see it.

    Empty where nothing is recorded of it, or the report is about the page as a whole.
    """
    read = _READERS[suggestion.kind].get(suggestion.field)
    if read is None:
        return []
    record = suggestion.record
    if suggestion.kind == "agreement":
        record = type(record).objects.visible_to(user).for_detail(user).get(pk=record.pk)
    return [line for line in read(record, user) if line]


def _labelled(**facts) -> list[str]:
    return [f"{name.replace('_', ' ').capitalize()}: {value}" for name, value in facts.items() if value]


def _field(name: str) -> Callable:
    def read(record: Model, user) -> list[str]:
        shown = getattr(record, f"get_{name}_display", None)
        return [str(shown() if shown else getattr(record, name) or "")]

    return read


def _rows(name: str) -> Callable:
    return lambda record, user: [str(row) for row in getattr(record, name).all()]


def _life(record, user) -> list[str]:
    names = ("announced_on", "signed_on", "effective_from", "ends_on", "terminated_on")
    return _labelled(**{name: spoken(day) for name in names if (day := getattr(record, name))})


def _terms(record, user) -> list[str]:
    facts = {name: getattr(record, f"get_{name}_display")() for name in ("end_kind", "renewal", "binding")}
    return _labelled(term_as_stated=record.term_as_stated, renewal_note=record.renewal_note, **facts)


def _signatories(record, user) -> list[str]:
    return [
        f"{row.name_as_printed}, {row.title_as_printed} ({party.institution})"
        for party in record.parties.all()
        for row in party.signatories.all()
    ]


def _related(record, user) -> list[str]:
    ahead = [f"{row.get_kind_display()}: {row.target}" for row in record.relations.all()]
    return ahead + [f"{row.agreement}: {row.get_kind_display()}" for row in record.inverse_relations.all()]


def _commitments(record, user) -> list[str]:
    return [row.what for row in Commitment.objects.visible_to(user).filter(agreement=record)]


def _names(record, user) -> list[str]:
    more = record.names.all() if hasattr(record, "names") else []
    return [record.name, *(f"{row.value} ({row.get_kind_display()})" for row in more)]


def _identifiers(record, user) -> list[str]:
    found = [f"{row.get_scheme_display()}: {row.value}" for row in record.identifiers.all()]
    return _labelled(ROR=record.ror_id) + found


def _place(record, user) -> list[str]:
    return [", ".join(str(part) for part in (getattr(record, "city", ""), record.country) if part)]


def _links(record, user) -> list[str]:
    visible = type(record).objects.visible_to(user).order_by()
    rows = record.links.filter(target__in=visible.values("pk")).select_related("target")
    return [f"{row.get_kind_display()}: {row.target}" for row in rows]


def _appearances(which: str) -> Callable:
    return lambda record, user: [str(row) for row in appearances(record, user)[which]]


def _parent(record, user) -> list[str]:
    rows = type(record).objects.visible_to(user).filter(pk=record.parent_id)
    return [str(row) for row in rows]


_READERS: dict[str, dict[str, Callable]] = {
    "agreement": {
        "title": _field("title"),
        "type": _field("type"),
        "summary": _field("summary"),
        "parties": lambda record, user: [str(row.institution) for row in record.parties.all()],
        "life": _life,
        "terms": _terms,
        "amendments": _rows("amendments"),
        "signatories": _signatories,
        "statements": lambda record, user: [
            f"{row.person}: {row.summary}" for row in record.statements.all()
        ],
        "activities": _rows("activities"),
        "commitments": _commitments,
        "subjects": lambda record, user: [str(row.focus_area) for row in record.subjects.all()],
        "related": _related,
        "documents": _rows("documents"),
        "sources": _rows("sources"),
    },
    "institution": {
        "names": _names,
        "types": lambda record, user: [", ".join(record.types)],
        "place": _place,
        "identifiers": _identifiers,
        "description": _field("description"),
        "related": _links,
    },
    "person": {
        "names": _names,
        "orcid": _field("orcid"),
        "signed": _appearances("signatures"),
        "said": _appearances("statements"),
    },
    "event": {
        "names": _names,
        "dates": lambda record, user: _labelled(
            **{name: spoken(day) for name in ("starts_on", "ends_on") if (day := getattr(record, name))}
        ),
        "place": _place,
    },
    "focus_area": {"names": _names, "parent": _parent},
}
