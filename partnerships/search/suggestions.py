"""What somebody may mean who is still typing: institutions, people, subjects, events, by any of their names.

A name is found by its beginning, or by its words: each word as typed, the last one as a beginning,
and words that are a slip away (``search/sql.py`` says how names and words are compared). Where no
name holds all words, those that hold one of them and come near enough will do. The names found
are ranked by how near they come to what was typed:

1. the whole name, 2. its beginning, 3. the share of letters that agree, by the better of two
measures: edit distance (Levenshtein 1966) and trigram similarity (PostgreSQL's pg_trgm); a name
that has every word as typed goes before one in which a word had to be corrected.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connection

from partnerships.models import Event, FindableName, FocusArea, Institution
from people.models import Person

from .scripts import pairs, without_particle

MAX_LENGTH = 200
MAX_WORDS = 8
_CANDIDATES = 1_500
_APART = 400
_RANKED = 300
_BEGINNINGS = 40
#: Names that hold only some of the words must come at least so near.
_NEAR = 0.45
#: Below this many letters a last word is no beginning worth expanding, and a word no slip worth guessing.
_SHORTEST = 3

RESOURCES = {
    "institutions": (FindableName.Kind.INSTITUTION, Institution),
    "people": (FindableName.Kind.PERSON, Person),
    "focus-areas": (FindableName.Kind.FOCUS_AREA, FocusArea),
    "events": (FindableName.Kind.EVENT, Event),
}


@dataclass(frozen=True)
class Suggestion:
    """A record, and the name by which it was found.

    ``name_kind`` is ``name`` for the name that is shown, else the kind of a further name;
    ``similar`` says that the name does not hold what was typed, but something near it.
    """

    resource: str
    record: Institution | Person | FocusArea | Event
    name: str
    name_kind: str
    language: str
    similar: bool

    @property
    def noun(self) -> str:
        """What such a record is called: “focus area”."""
        return str(self.record._meta.verbose_name)

    @property
    def basename(self) -> str:
        """What the names of its addresses begin with: ``focus-area``."""
        return self.noun.replace(" ", "-")


def suggest(
    text: str, *, user, resources: Iterable[str] = tuple(RESOURCES), limit: int = 10
) -> list[Suggestion]:
    """Return at most ``limit`` records that ``user`` may see, the likeliest first.

    Args:
        text: what was typed, in any script; only the first ``MAX_LENGTH`` characters count.
        resources: keys of ``RESOURCES``.
    """
    wanted = {RESOURCES[name][0]: (name, RESOURCES[name][1]) for name in resources}
    ranked = _ranked(text[:MAX_LENGTH].replace("\x00", " "), list(wanted))
    targets: dict[str, set[int]] = defaultdict(set)
    for kind, target, *_ in ranked:
        targets[kind].add(target)
    records = {kind: wanted[kind][1].objects.visible_to(user).in_bulk(keys) for kind, keys in targets.items()}
    found: dict[tuple, Suggestion] = {}
    for kind, target, value, name_kind, language, similar in ranked:
        record = records[kind].get(target)
        if record is not None and (kind, target) not in found:
            found[kind, target] = Suggestion(wanted[kind][0], record, value, name_kind, language, similar)
        if len(found) == limit:
            break
    return list(found.values())


def _ranked(text: str, kinds: list[str]) -> list[tuple]:
    """The nearest names of any visibility: kind, target, name, its kind and language, similar."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT folded_name(%s)", [text])
        folded = cursor.fetchone()[0]
        words = folded.split()[:MAX_WORDS]
        if not words:
            return []
        values = {"kinds": kinds, "folded": folded, "begins": f"{_literal(folded)}%", "words": words}
        if len(folded) < _SHORTEST and folded.isascii():
            return _nearest(cursor, [_BY_BEGINNING], values, least=0)
        asked = _Words(words, _alternatives(cursor, words))
        found = _nearest(cursor, [_BY_BEGINNING, asked.together()], values | asked.values, least=0)
        return found or _nearest(cursor, asked.apart(), values | asked.values, least=_NEAR)


def _nearest(cursor, roads: list[str], values: dict, *, least: float) -> list[tuple]:
    """Walk the roads (statements that give rows of the index) and rank what they bring."""
    if not roads:
        return []
    cursor.execute(_RANKING.format(roads=" UNION ALL ".join(roads)), values | {"least": least})
    return cursor.fetchall()


class _Words:
    """Words as typed, with what each may stand for, as conditions in SQL and their parameters."""

    def __init__(self, words: list[str], alternatives: list[list[str]]):
        self.words = words
        self.pairs = [pairs(word) for word in words]
        self.values = {f"any{place}": found for place, found in enumerate(alternatives)}
        self.values |= {f"pairs{place}": found for place, found in enumerate(self.pairs)}

    def together(self) -> str:
        """The road to names that hold every word."""
        parts = [
            f"(words && %(any{place})s::text[]"
            + (f" OR words @> %(pairs{place})s::text[])" if self.pairs[place] else ")")
            for place in range(len(self.words))
        ]
        return _BY_WORDS.format(condition=" AND ".join(parts), most=_CANDIDATES)

    def apart(self) -> list[str]:
        """Roads to names that hold one of the words: for a slip in a short word, or over a space."""
        return [
            _BY_WORDS.format(
                condition=f"words && (%(any{place})s::text[] || %(pairs{place})s::text[])", most=_APART
            )
            for place, word in enumerate(self.words)
            if len(word) > _SHORTEST or self.pairs[place]
        ]


_BY_BEGINNING = f"""
    (SELECT * FROM partnerships_findablename
      WHERE kind = ANY(%(kinds)s) AND folded LIKE %(begins)s ORDER BY folded LIMIT {_BEGINNINGS})
"""  # noqa: S608
_BY_WORDS = """
    (SELECT * FROM partnerships_findablename
      WHERE kind = ANY(%(kinds)s) AND {condition} LIMIT {most})
"""
_RANKING = f"""
    SELECT kind, target, value, name_kind, language,
           NOT (strpos(folded, %(folded)s) > 0 OR words @> %(words)s::text[]
                OR starts_with(%(folded)s, folded))
      FROM ({{roads}}) AS candidate,
   LATERAL (SELECT levenshtein_less_equal(left(folded, 250), left(%(folded)s, 250), 4)::real AS letters,
                   similarity(folded, %(folded)s) AS trigrams) AS slip,
   LATERAL (SELECT CASE WHEN folded = %(folded)s THEN 3
                        WHEN folded LIKE %(begins)s THEN 2 + trigrams
                        ELSE greatest(trigrams,
                                      CASE WHEN letters <= 4 THEN 1 - letters / length(%(folded)s) END)
                             + CASE WHEN words @> %(words)s::text[] THEN 0.5 ELSE 0 END
                   END AS nearness) AS rank
     WHERE nearness >= %(least)s
     ORDER BY nearness DESC, length(folded), name_kind <> 'name', target
     LIMIT {_RANKED}
"""  # noqa: S608

#: For each word as typed, the words of the index that it may stand for.
_MEANT = """
    SELECT typed.place, known.word FROM unnest(%s::text[]) WITH ORDINALITY AS typed(word, place)
      JOIN partnerships_findableword known ON known.variants && word_variants(typed.word)
       AND (length(typed.word) > 4 OR levenshtein_less_equal(known.word, typed.word, 1) <= 1)
     UNION ALL
    (SELECT %s, word FROM partnerships_findableword WHERE word LIKE %s ORDER BY length(word), word LIMIT 100)
"""


def _alternatives(cursor, words: list[str]) -> list[list[str]]:
    last = words[-1]
    beginning = f"{_literal(last)}%" if len(last) >= _SHORTEST else last
    cursor.execute(_MEANT, [[word[:60] for word in words], len(words), beginning])
    meant = [{word, *without_particle(word)} for word in words]
    for place, word in cursor.fetchall():
        meant[place - 1].add(word)
    return [sorted(one) for one in meant]


def _literal(text: str) -> str:
    """Text that stands for itself in LIKE."""
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
