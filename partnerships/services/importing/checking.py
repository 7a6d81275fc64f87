"""The dry run: what every row would do, written down beside it."""

from collections import Counter

from django.db import transaction

from partnerships.choices import ImportState, PartyDecision
from partnerships.models import ImportBatch, ImportParty

from .mapping import Mapping
from .planning.cells import PartyFact
from .planning.facts import RowReader
from .planning.matching import collect, match, same_name_elsewhere
from .planning.plan import Plan
from .planning.plans import Planner
from .progress import Progress
from .staging import rows_in_chunks, save_rows

_WRITTEN = ["kind", "title", "reasons", "changes", "parties", "agreement"]


def reader_of(batch: ImportBatch) -> RowReader:
    """What reads the rows of an import by its mapping."""
    mapping = Mapping.load(batch.mapping)
    return RowReader(mapping=mapping, headers=batch.headers, kind=batch.kind, user=batch.user)


@transaction.atomic
def check_rows(batch: ImportBatch, progress: Progress) -> None:
    """Match the institutions, then plan each row; nothing of the registry changes."""
    reader = reader_of(batch)
    found: dict[str, PartyFact] = {}
    counts: dict[str, int] = {}
    for chunk in rows_in_chunks(batch):
        for row in chunk:
            collect(found, counts, reader.read(row.cells).parties)
    parties = match(batch, found, counts, user=batch.user, unsure=reader.mapping.unsure)
    planner = Planner(batch, user=batch.user, reader=reader, parties=parties)
    tally: Counter = Counter()
    done = 0
    for chunk in rows_in_chunks(batch):
        plans = planner.plan(chunk)
        for plan in plans:
            note(plan)
            tally[plan.row.kind] += 1
        save_rows([plan.row for plan in plans], _WRITTEN)
        done += len(chunk)
        progress.tell(done)
    batch.counts = dict(tally) | {
        "institutions_matched": batch.parties.filter(decision=PartyDecision.MATCHED).count(),
        "institutions_created": batch.parties.filter(decision=PartyDecision.CREATE).count(),
        "institutions_undecided": batch.parties.filter(decision=PartyDecision.UNDECIDED).count(),
    }
    batch.state = ImportState.CHECKED
    batch.save(update_fields=["counts", "state"])


def note(plan: Plan) -> None:
    """Write down beside a row what it does."""
    row = plan.row
    row.kind, row.reasons, row.changes = plan.kind, plan.reasons, plan.changes
    row.title = (plan.agreement.title if plan.agreement else plan.facts.title)[:500]
    row.parties, row.agreement = plan.named, plan.agreement


def parties_by_key(batch: ImportBatch, reader: RowReader) -> dict[str, ImportParty]:
    """The parties of a checked import by every key under which rows name them."""
    found: dict[str, PartyFact] = {}
    for chunk in rows_in_chunks(batch):
        for row in chunk:
            collect(found, {}, reader.read(row.cells).parties)
    standing = {row.key: row for row in batch.parties.all()}
    aliases = same_name_elsewhere(found)
    return {key: standing[aliases.get(key, key)] for key in found}
