"""Who is meant by the names in a file: asked once for each name, however many rows carry it."""

from collections import defaultdict
from collections.abc import Iterable

from django.db.models.functions import Upper

from partnerships.choices import NameKind, PartyDecision
from partnerships.models import ImportBatch, ImportParty, Institution, InstitutionName
from partnerships.services.candidates import candidates

from .cells import PartyFact

_CHUNK = 500
#: From which score on a name is taken for the other without asking, and how far the next must be behind;
#: from which score on a person is asked.
_SURE, _APART, _WORTH_ASKING = 95, 5, 80
_MATCHED, _CREATE, _UNDECIDED = PartyDecision


def collect(found: dict[str, PartyFact], counts: dict[str, int], parties: Iterable[PartyFact]) -> None:
    """Take notice of the parties of a row. The longest name of a ROR id is not better than the first."""
    for party in parties:
        found.setdefault(party.key, party)
        counts[party.key] = counts.get(party.key, 0) + 1


def same_name_elsewhere(found: dict[str, PartyFact]) -> dict[str, str]:
    """Keys that another key stands for: a name without a country is the one that has one, if only one has.

    The same holds for a name that only some rows give a ROR id.
    """
    by_name: dict[str, list[PartyFact]] = defaultdict(list)
    for party in found.values():
        by_name[_plain(party)].append(party)
    stands_for = {}
    for parties in by_name.values():
        bare = [party for party in parties if not (party.country or party.ror_id)]
        fuller = [party for party in parties if party.country or party.ror_id]
        if bare and len(fuller) == 1 and bare[0].name:
            stands_for[bare[0].key] = fuller[0].key
    return stands_for


def match(batch: ImportBatch, found: dict[str, PartyFact], counts: dict[str, int], *, user, unsure: str):
    """Decide who is meant by each key and keep that with the batch; what a person chose stays chosen.

    Returns:
        the ``ImportParty`` of each key, aliases included.
    """
    stands_for = same_name_elsewhere(found)
    for key, other in stands_for.items():
        counts[other] += counts[key]
    chosen = {row.key: row for row in batch.parties.filter(by_person=True)}
    rows = {
        key: chosen.get(key)
        or ImportParty(
            batch=batch, key=key, name=party.name or party.ror_id, country=party.country, ror_id=party.ror_id,
            decision=_CREATE,
        )
        for key, party in found.items()
        if key not in stands_for
    }  # fmt: skip
    for key, row in rows.items():
        row.rows = counts[key]
    open_ones = [row for row in rows.values() if not row.by_person]
    open_ones = _by_ror(open_ones, user)
    open_ones = _by_exact_name(open_ones, user)
    for row in open_ones:
        _by_likeness(row, user, unsure)
    batch.parties.exclude(pk__in=[row.pk for row in chosen.values() if row.key in rows]).delete()
    ImportParty.objects.bulk_update([row for row in rows.values() if row.pk], ["rows"], batch_size=_CHUNK)
    ImportParty.objects.bulk_create([row for row in rows.values() if not row.pk], batch_size=_CHUNK)
    return {key: rows[stands_for.get(key, key)] for key in found}


def match_again(batch: ImportBatch, *, user) -> None:
    """Look once more, before writing, whether what is to be created has been created by somebody else."""
    waiting = list(batch.parties.filter(decision=_CREATE, by_person=False, institution=None))
    left = {row.pk for row in _by_exact_name(_by_ror(waiting, user), user)}
    found = [row for row in waiting if row.pk not in left]
    fields = ["decision", "institution", "score", "reason", "candidates"]
    ImportParty.objects.bulk_update(found, fields, batch_size=_CHUNK)


def _by_ror(rows: list[ImportParty], user) -> list[ImportParty]:
    """Match by ROR id; return those left open. An unknown id is kept for a new institution."""
    ids = [row.ror_id for row in rows if row.ror_id]
    known: dict[str, int] = {}
    for start in range(0, len(ids), _CHUNK):
        institutions = Institution.objects.visible_to(user).filter(ror_id__in=ids[start : start + _CHUNK])
        known |= dict(institutions.order_by().values_list("ror_id", "pk"))
    left = []
    for row in rows:
        if row.ror_id in known:
            row.decision, row.institution_id, row.score = _MATCHED, known[row.ror_id], 100
            row.reason = "same ROR id"
        elif row.ror_id:
            row.reason = "no institution with this ROR id stands yet"
        else:
            left.append(row)
    return left


def _by_exact_name(rows: list[ImportParty], user) -> list[ImportParty]:
    """Match names that stand in the registry letter by letter; return those left open."""
    hits: dict[str, dict[int, str]] = defaultdict(dict)
    names = sorted({row.name.upper() for row in rows if not row.ror_id})
    for start in range(0, len(names), _CHUNK):
        chunk = names[start : start + _CHUNK]
        visible = Institution.objects.visible_to(user)
        shown = visible.annotate(upper=Upper("name")).filter(upper__in=chunk)
        others = InstitutionName.objects.annotate(upper=Upper("value")).filter(
            upper__in=chunk, kind__in=[NameKind.LABEL, NameKind.ALIAS], institution__in=visible.values("pk")
        )
        for upper, key, country in [
            *shown.order_by().values_list("upper", "pk", "country_id"),
            *others.order_by().values_list("upper", "institution_id", "institution__country_id"),
        ]:
            hits[upper][key] = country or ""
    return [row for row in rows if row.ror_id or not _take_exact(row, hits.get(row.name.upper(), {}))]


def _take_exact(row: ImportParty, hits: dict[int, str]) -> bool:
    """Take the one institution of exactly this name, unless its country speaks against it."""
    same = [key for key, country in hits.items() if country and country == row.country]
    near = [key for key, country in hits.items() if not (country and row.country)]
    choice = same or near
    if len(choice) == 1:
        row.decision, row.institution_id = _MATCHED, choice[0]
        row.score, row.reason = (100, "same name and country") if same else (95, "same name")
        return True
    if choice:
        row.decision = _UNDECIDED
        row.candidates = [{"institution": key, "score": 95, "reason": "same name"} for key in choice[:5]]
        row.reason = f"{len(choice)} institutions have this name"
        return True
    return False


def _by_likeness(row: ImportParty, user, unsure: str) -> None:
    """Ask for institutions of a similar name, and decide or leave the choice to a person."""
    if row.ror_id:
        return
    found = [
        one
        for one in candidates(name=row.name, user=user, country=row.country or None)
        if one.certain or one.score >= _WORTH_ASKING
    ]
    row.candidates = [
        {"institution": one.institution.pk, "score": one.score, "reason": one.reason} for one in found
    ]
    certain = [one for one in found if one.certain]
    best = certain[0] if len(certain) == 1 else found[0] if found and not certain else None
    clear = best and (best.certain or best.score >= _SURE)
    if clear and not best.certain and len(found) > 1:
        clear = found[1].score <= best.score - _APART
    if clear:
        row.decision, row.institution_id = _MATCHED, best.institution.pk
        row.score, row.reason = best.score, best.reason
    elif found and unsure != "create":
        row.decision, row.score, row.reason = _UNDECIDED, found[0].score, "more than one could be meant"
        if len(found) == 1:
            row.reason = found[0].reason


def _plain(party: PartyFact) -> str:
    return party.name.casefold()
