"""Loading a folder of facts files into the registry and publishing its agreements."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.core.exceptions import ValidationError
from django.db import connection, transaction

from partnerships.models import Agreement, AgreementRelation
from partnerships.services.errors import told_clearly
from partnerships.services.publication import publish, submit_for_review
from people.history import acting

from .agreements import write_agreement
from .facts import AgreementFacts, Facts, stable_uid
from .reading import DEMO, FactsError, read_facts
from .report import Report
from .shared import Shared
from .writing import save

REASON = "demo record"
_LOCK = "partnerships.load_demo"


class Loader:
    """Who acts when the demo record is loaded: the operator at the command line, who may do all."""

    def has_perm(self, perm: str, obj: object = None) -> bool:
        return True

    def history_facts(self) -> dict:
        return {"command": "load_demo"}


@transaction.atomic
def load_demo(*, folder: Path = DEMO) -> Report:
    """Add the agreements of ``folder`` that the registry does not hold, and what they name.

    An agreement that was loaded before is left as it stands, whatever has become of it since:
    edited, withdrawn or deleted. Nothing else in the registry is changed, except that an
    institution found by its ROR id gains the names that it lacks and that what a published
    agreement names becomes public. A load without news writes nothing.

    Args:
        folder: holds the facts files; see ``reading.read_facts``.

    Raises:
        FactsError: a file says what cannot be taken, or what the registry refuses. Nothing is
            loaded then.
    """
    facts = read_facts(folder)
    report = Report()
    with connection.cursor() as cursor:
        # A second load that runs beside this one waits, and then finds everything in place.
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [_LOCK])
    with acting(user=Loader(), reason=REASON):
        new = _not_yet_loaded(facts, report)
        shared = Shared(facts, report)
        rows = {key: _load(agreement, shared) for key, agreement in new.items()}
        for key, agreement in new.items():
            _relate(rows[key], agreement)
        for key, row in rows.items():
            _publish(key, row)
            report.added["agreements"].append(row.title)
        shared.greet_those_awaited(REASON)
    return report


def _not_yet_loaded(facts: Facts, report: Report) -> dict[str, AgreementFacts]:
    """Return the agreements without a trace in the registry; report the others.

    The history remembers what was deleted: whoever took a demo agreement away does not want it back.
    """
    uids = {stable_uid("agreement", key): key for key in facts.agreements}
    history = Agreement.history.rel.related_model.objects.filter(uid__in=uids)
    known = {uids[uid] for uid in history.values_list("uid", flat=True).distinct()}
    report.left_alone += [facts.agreements[key].title for key in facts.agreements if key in known]
    return {key: agreement for key, agreement in facts.agreements.items() if key not in known}


def _load(agreement: AgreementFacts, shared: Shared) -> Agreement:
    with _told_of(agreement.key):
        return write_agreement(agreement, shared)


def _relate(row: Agreement, agreement: AgreementFacts) -> None:
    for relation in agreement.relations:
        target = Agreement.objects.filter(uid=stable_uid("agreement", relation.agreement)).first()
        # Staff may have deleted the other one since an earlier load.
        if target is not None:
            with _told_of(agreement.key):
                save(AgreementRelation(agreement=row, kind=relation.kind, target=target, note=relation.note))


def _publish(key: str, row: Agreement) -> None:
    with _told_of(key):
        submit_for_review(agreement=row, by=Loader(), reason=REASON)
        publish(agreement=row, by=Loader(), reason=REASON)


@contextmanager
def _told_of(key: str) -> Iterator[None]:
    """Turn a refusal by the registry into one that names the file."""
    try:
        with told_clearly():
            yield
    except ValidationError as error:
        raise FactsError(f"{key}.toml is refused by the registry: {' '.join(error.messages)}") from error
