"""Filling a registry with synthetic records, from the question whether it may be to the report."""

# ruff: noqa: S608 - names of tables of this app, never a stranger's words.

from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

from django.db import connection, transaction

from partnerships.choices import InstitutionState, InstitutionType
from partnerships.models import Country, Event, FocusArea, Institution
from partnerships.services.cards import rebuild
from partnerships.services.feed.checking import look_again
from partnerships.services.ror import import_ror
from people.access import Disclosure
from people.models import Person

from .agreements import Shared, Writer
from .ahead import ahead
from .loading import INDEX_OF_NAMES, bare, copy, first_free_id, next_id, settle, untriggered
from .marks import CAPACITY, PREFIX, SUFFIX, marked, number_of
from .shared import PERSON, Invented, Numbers
from .standing import remove, standing
from .tables import OWN, READ_MODEL, SHARED
from .words import Vocabulary, vocabularies

CHUNK = 10_000
MOST_AGREEMENTS = CAPACITY // 10
#: What is invented is few in a small registry, and never more than this.
EVENTS, PERSONS, INSTITUTIONS = 200, 2_000, 20_000
_FEWEST = 20
_NUMBERED = ("partnerships_agreement", "partnerships_party", "partnerships_source", "partnerships_activity")

Progress = Callable[[str, int, int], object]


class Refused(Exception):
    """The database holds what synthetic records must not stand among; the message says what to do."""


def make_synthetic(
    *,
    agreements: int,
    seed: int,
    institutions: Path | None = None,
    beside: bool = False,
    on_progress: Progress = lambda what, done, of: None,
) -> None:
    """Fill the registry with synthetic agreements; those that stand from before are replaced.

    The same seed and number give the same records in an empty registry. Nothing of the synthetic
    records goes into the history. Writers wait until the tables are written, or find all as it was;
    lists and searches find the new records when the index cards are written too, which comes last.

    Args:
        agreements: how many.
        seed: of the source of chance.
        institutions: a ROR dump whose institutions are the parties; without one they are invented.
        beside: also where real agreements stand.
        on_progress: called now and then with what is being made, how many are done, of how many.

    Raises:
        Refused: real agreements stand here and ``beside`` is false; or synthetic ones stand among them.
        DumpError: the ROR dump cannot be read.
    """
    stands = standing()
    if stands.real and not beside:
        raise Refused(f"{stands.real:,} agreements stand here that are not synthetic.")
    if stands.real and stands.synthetic:
        raise Refused(f"{stands.synthetic:,} synthetic agreements stand among real ones already.")
    if institutions:
        import_ror(
            path=institutions,
            on_progress=lambda _, part: on_progress("institutions of the dump", round(100 * part), 100),
        )
    with transaction.atomic():
        if stands.synthetic:
            remove()
        words = vocabularies(seed)
        shared = _make_shared(agreements, seed, words[0], from_ror=institutions is not None)
        start = {table: _start(table) for table in _NUMBERED}
        _make_agreements(agreements, Writer(seed, shared, words, start), start, on_progress)
        on_progress("indexes", 1, 1)
    settle([*SHARED, *OWN, "partnerships_findablename", "partnerships_findableword"])
    # Agreements are told as their cards are written.
    look_again(resources=["focus-areas", "institutions", "people", "events"])
    rebuild(lambda done, of: on_progress("index cards", done, of))
    settle(READ_MODEL)


def _make_shared(agreements: int, seed: int, words: list[Vocabulary], *, from_ror: bool) -> Shared:
    """Write what the agreements share, with its names indexed, and return its ids."""
    invented = Invented(seed, {one.tag: one for one in words}, _start)
    with untriggered(SHARED, keep=INDEX_OF_NAMES):
        _write(invented.subjects())
        _write(invented.events(_some(agreements // 100, EVENTS)))
        _write(invented.persons(_some(agreements // 20, PERSONS)))
        if not from_ror:
            _write(invented.institutions(_some(agreements // 5, INSTITUTIONS)))
    known = marked(Institution.objects).order_by("uid").values_list("pk", flat=True)
    persons = Person.objects.filter(uid__startswith=PREFIX, name__startswith=PERSON)
    subjects = marked(FocusArea.objects).order_by("uid").values_list("pk", "name")
    return Shared(
        institutions=_popular(seed) if from_ror else list(known),
        subjects=[(pk, name.removesuffix(SUFFIX).strip()) for pk, name in subjects],
        events=list(marked(Event.objects).order_by("uid").values_list("pk", flat=True)),
        persons=list(persons.order_by("uid").values_list("pk", "name")),
        countries=list(Country.objects.order_by("pk").values_list("pk", flat=True)),
    )


def _popular(seed: int) -> list[int]:
    """Ids of institutions from ROR, those first that will have many agreements."""
    rows = Institution.objects.filter(
        ror_id__isnull=False, state=InstitutionState.ACTIVE, visibility=Disclosure.PUBLIC
    ).order_by("ror_id")
    chance = Random(f"{seed} popular")  # noqa: S311
    drawn = [
        (chance.random() + (InstitutionType.EDUCATION not in types), pk)
        for pk, types in rows.values_list("pk", "types")
    ]
    return [pk for _, pk in sorted(drawn)]


def _some(number: int, most: int) -> int:
    return min(most, max(_FEWEST, number))


def _make_agreements(
    agreements: int, writer: Writer, start: dict[str, Numbers], on_progress: Progress
) -> None:
    with untriggered(OWN), bare(OWN):
        chunks = ((at, min(at + CHUNK, agreements)) for at in range(0, agreements, CHUNK))
        for last, rows in ahead((last, writer.rows(first, last)) for first, last in chunks):
            for table in OWN:
                copy(table, rows.get(table, ()))
            on_progress("agreements", last, agreements)
        first_free_id("partnerships_agreement", start["partnerships_agreement"].id + agreements)
        first_free_id("partnerships_source", start["partnerships_source"].id + agreements)
        first_free_id("partnerships_party", writer.next_party)
        on_progress("indexes", 0, 1)


def _write(rows: Iterator[tuple[str, str]]) -> None:
    """Write rows of several tables, and go on counting behind them."""
    lines: dict[str, list[str]] = {}
    for table, line in rows:
        lines.setdefault(table, []).append(line)
    for table, found in lines.items():
        copy(table, found)
        if SHARED[table][0] == "id":
            first_free_id(table, int(found[-1].split("\t")[0]) + 1)


def _start(table: str) -> Numbers:
    """Where new rows of a table begin; uids continue behind those that stand."""
    uid = 0
    if "uid" in {**SHARED, **OWN}[table]:
        with connection.cursor() as cursor:
            cursor.execute(
                f'SELECT max(uid COLLATE "C") FROM {table} WHERE uid LIKE %s', [f"{PREFIX}%"]
            )  # fmt: skip
            highest = cursor.fetchone()[0]
        uid = number_of(highest) + 1 if highest else 0
    return Numbers(next_id(table), uid)
