"""What somebody may mean who is still typing: institutions, people, subjects, events, countries, by any name.

A name is found by its beginning, or by its words: each word as typed, the last one as a beginning,
and words that are a slip away (``search/sql.py`` says how names and words are compared). Where no
name holds all words, those that hold one of them and come near enough will do. The names found
are ranked by how near they come to what was typed:

1. the whole name, 2. its beginning, 3. the share of letters that agree, by the better of two
measures: edit distance (Levenshtein 1966) and trigram similarity (PostgreSQL's pg_trgm); a name
that has every word as typed goes before one in which a word had to be corrected.

Any word may be the beginning of a country's name: who types “korea” means South Korea. The name that
is shown is preferred then: in one of very many languages there is nearly always a nearer one.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import NamedTuple

from django.db import connection
from django.db.models import Model

from partnerships.models import Country, Event, FindableName, FocusArea, Institution
from people.models import Person

from .scripts import pairs, without_particle
from .slips import without_space

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


def _code(number: int) -> str:
    """The code of a country by its number in the index."""
    return number.to_bytes(2).decode()


class _Resource(NamedTuple):
    """What can be suggested; ``key`` makes a primary key of the number that the index has."""

    kind: str
    model: type[Model]
    key: Callable[[int], int | str] = int


RESOURCES = {
    "institutions": _Resource(FindableName.Kind.INSTITUTION, Institution),
    "people": _Resource(FindableName.Kind.PERSON, Person),
    "focus-areas": _Resource(FindableName.Kind.FOCUS_AREA, FocusArea),
    "events": _Resource(FindableName.Kind.EVENT, Event),
    "countries": _Resource(FindableName.Kind.COUNTRY, Country, _code),
}


@dataclass(frozen=True)
class Suggestion:
    """A record, and the name by which it was found.

    ``name_kind`` is ``name`` for the name that is shown, else the kind of a further name;
    ``similar`` says that the name does not hold what was typed, but something near it.
    """

    resource: str
    record: Institution | Person | FocusArea | Event | Country
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

    @property
    def country(self) -> str | None:
        """The code of the country that the record is or lies in; None of people and subjects."""
        record = self.record
        return record.code if isinstance(record, Country) else getattr(record, "country_id", None)


def suggest(
    text: str, *, user, resources: Iterable[str] = tuple(RESOURCES), limit: int = 10
) -> list[Suggestion]:
    """Return at most ``limit`` records that ``user`` may see, the likeliest first.

    Args:
        text: what was typed, in any script; only the first ``MAX_LENGTH`` characters count.
        resources: keys of ``RESOURCES``.
    """
    wanted = {RESOURCES[name].kind: name for name in resources}
    ranked = [
        (near.kind, RESOURCES[wanted[near.kind]].key(near.target), *near[2:6])
        for near in nearest_names(text[:MAX_LENGTH], list(wanted))
    ]
    targets: dict[str, set] = defaultdict(set)
    for kind, target, *_ in ranked:
        targets[kind].add(target)
    records = {
        kind: RESOURCES[wanted[kind]].model.objects.visible_to(user).in_bulk(keys)
        for kind, keys in targets.items()
    }
    found: dict[tuple, Suggestion] = {}
    for kind, target, *name in ranked:
        record = records[kind].get(target)
        if record is not None and (kind, target) not in found:
            found[kind, target] = Suggestion(wanted[kind], record, *name)
        if len(found) == limit:
            break
    return list(found.values())


class NearName(NamedTuple):
    """A name of the index that comes near what was typed.

    ``target`` is the number that the index has for the record; ``likeness`` is the share of letters
    that agree (0 to 1), 1 where the folded names are the same.
    """

    kind: str
    target: int
    name: str
    name_kind: str
    language: str
    similar: bool
    likeness: float


def nearest_names(text: str, kinds: list[str]) -> list[NearName]:
    """Return the nearest names, the nearest first, of records of ANY visibility: narrow them by the gate.

    Args:
        text: what was typed.
        kinds: values of ``FindableName.Kind``.
    """
    return [NearName(*row) for row in _ranked(text.replace("\x00", " "), kinds)]


def _ranked(text: str, kinds: list[str]) -> list[tuple]:
    """The rows of ``nearest_names``."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT folded_name(%s)", [text])
        folded = cursor.fetchone()[0]
        words = folded.split()[:MAX_WORDS]
        if not words:
            return []
        parts = _parts(kinds)
        begins = f"{_literal(folded)}%"
        values = {"kinds": kinds, "folded": folded, "words": words}
        values |= {"begins": begins, "word_begins": f"% {begins}"}
        beginnings = [part.by_beginning for part in parts]
        if len(folded) < _SHORTEST and folded.isascii():
            return _nearest(cursor, beginnings, values, least=0)
        asked = _Words(words, _alternatives(cursor, words))
        values |= asked.values
        found = _nearest(cursor, [*beginnings, *asked.together(parts)], values, least=0)
        if not found and (split := asked.split()):
            found = _nearest(cursor, split.together(parts), values | split.values, least=0)
        return found or _nearest(cursor, asked.apart(parts), values, least=_NEAR)


def _nearest(cursor, roads: list[str], values: dict, *, least: float) -> list[tuple]:
    """Walk the roads and rank what they bring."""
    if not roads:
        return []
    cursor.execute(_RANKING.format(roads=" UNION ALL ".join(roads)), values | {"least": least})
    return cursor.fetchall()


class _Part(NamedTuple):
    """A part of the index, and the roads through it: statements that give its rows."""

    condition: str
    begins: str
    most_beginnings: int

    @property
    def by_beginning(self) -> str:
        return _BY_BEGINNING.format(part=self.condition, begins=self.begins, most=self.most_beginnings)

    def by_words(self, condition: str, most: int) -> str:
        return _BY_WORDS.format(part=self.condition, condition=condition, most=most)


_BY_BEGINNING = """
    (SELECT * FROM partnerships_findablename
      WHERE {part} AND {begins} ORDER BY folded LIMIT {most})
"""
_BY_WORDS = """
    (SELECT * FROM partnerships_findablename
      WHERE {part} AND {condition} LIMIT {most})
"""
#: Countries are looked up by themselves: the names of institutions are so many that a road through
#: all ends before it comes to them.
_COUNTRIES = _Part("kind = 'country'", "(folded LIKE %(begins)s OR folded LIKE %(word_begins)s)", _APART)
_OTHERS = _Part("kind = ANY(%(kinds)s) AND kind <> 'country'", "folded LIKE %(begins)s", _BEGINNINGS)


def _parts(kinds: list[str]) -> list[_Part]:
    """The parts of the index in which names of ``kinds`` stand."""
    countries = FindableName.Kind.COUNTRY in kinds
    return [_COUNTRIES] * countries + [_OTHERS] * (len(kinds) > countries)


class _Words:
    """Words as typed, with what each may stand for, as conditions in SQL and their parameters."""

    def __init__(self, words: list[str], alternatives: list[list[str]], together: list[list[str]] = ()):
        self.words, self.alternatives = words, alternatives
        #: For each word what names must hold together to hold it in another way.
        self.pairs = together or [pairs(word) for word in words]
        self.values = {f"any{place}": found for place, found in enumerate(alternatives)}
        self.values |= {f"pairs{place}": found for place, found in enumerate(self.pairs)}

    def together(self, parts: list[_Part]) -> list[str]:
        """The roads to names that hold every word."""
        conditions = [
            f"(words && %(any{place})s::text[]"
            + (f" OR words @> %(pairs{place})s::text[])" if self.pairs[place] else ")")
            for place in range(len(self.words))
        ]
        return [part.by_words(" AND ".join(conditions), _CANDIDATES) for part in parts]

    def split(self) -> "_Words | None":
        """The same, where a word may be two that were typed without their space; None where none may."""
        halves = without_space(self.words)
        if not any(halves):
            return None
        together = [
            list(slips[0].words) if slips else own for slips, own in zip(halves, self.pairs, strict=True)
        ]
        return _Words(self.words, self.alternatives, together)

    def apart(self, parts: list[_Part]) -> list[str]:
        """Roads to names that hold one of the words: for a slip in a short word, or over a space."""
        return [
            part.by_words(f"words && (%(any{place})s::text[] || %(pairs{place})s::text[])", _APART)
            for place, word in enumerate(self.words)
            if len(word) > _SHORTEST or self.pairs[place]
            for part in parts
        ]


_RANKING = f"""
    SELECT kind, target, value, name_kind, language,
           NOT (strpos(folded, %(folded)s) > 0 OR words @> %(words)s::text[]
                OR starts_with(%(folded)s, folded)),
           CASE WHEN folded = %(folded)s THEN 1
                ELSE greatest(trigrams, CASE WHEN letters <= 4 THEN
                     1 - letters / greatest(length(folded), length(%(folded)s)) END) END
      FROM ({{roads}}) AS candidate,
   LATERAL (SELECT levenshtein_less_equal(left(folded, 250), left(%(folded)s, 250), 4)::real AS letters,
                   similarity(folded, %(folded)s) AS trigrams) AS slip,
   LATERAL (SELECT CASE WHEN folded = %(folded)s THEN 3
                        WHEN folded LIKE %(begins)s OR kind = 'country' AND folded LIKE %(word_begins)s
                             THEN 2 + trigrams * CASE WHEN kind = 'country' AND name_kind IN ('label', 'code')
                                                      THEN 0.25 ELSE 1 END
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
