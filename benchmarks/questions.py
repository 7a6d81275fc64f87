"""The eight requests: what each of the three servers is asked, with values drawn from the data.

The same seed draws the same values; every server is asked the same ones in the same order.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from random import Random
from urllib.parse import urlencode

from django.db import connection

from partnerships.search.agreements import read

VALUES = 40
PAGE = 25
DEEP = 50_000
FACETS = "country,type,status,focus_area,activity"
PLAIN, OURS, LIMIT = "plain DRF", "ours", "limit"
SERVERS = (PLAIN, OURS, LIMIT)
#: Shares of all public agreements that a word is found in.
NARROW, BROAD = (0.0, 0.004), (0.01, 0.20)

_ROOTS = {PLAIN: "/agreements/", OURS: "/api/v1/agreements/", LIMIT: "/agreements/"}
_PUBLIC = "publication_state = 'published' AND visibility = 'public'"
#: Words of scripts with spaces: of the others the baseline's parser makes one word a sentence.
_WORD = re.compile(r"[a-zà-öø-ÿα-ωά-ώа-яё가-힣]{3,}", re.IGNORECASE)


@dataclass
class Kind:
    """One of the requests; for each server the paths that ask it, one a value.

    Args:
        headers: what ours alone is sent beside; the others answer whole and plain.
        again: ours is asked whether anything has changed.
    """

    key: str
    title: str
    paths: dict[str, list[str]] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    again: bool = False

    def ask(self, values: list[dict]) -> "Kind":
        """Give every server the same query string for each of the values."""
        for server in SERVERS:
            root = _ROOTS[server]
            self.paths[server] = [f"{root}?{urlencode(one)}" if one else root for one in values]
        return self


def kinds(seed: int, walk: Callable[[int], Iterator[str]], only: set[str] | None = None) -> list[Kind]:
    """Draw the requests.

    Args:
        walk: yields cursors of ours: the first stands behind so many agreements, each next one
            a page further.
        only: keys of those that are wanted; drawing the others takes its time.
    """
    chance = {name: Random(f"{seed} {name}") for name in ("words", "filter", "detail")}  # noqa: S311
    public = _one(f"SELECT count(*) FROM partnerships_agreement WHERE {_PUBLIC}")[0]
    newest, detail = Kind("newest", "newest 25, count").ask([{}]), _details(chance["detail"])
    # The last five are the same again, of which the other two know nothing: they answer whole and plain.
    beside = [
        Kind("list 304", "newest 25, unchanged", newest.paths, again=True),
        Kind("detail 304", "detail, unchanged", detail.paths, again=True),
        *(
            Kind(f"list {coding}", f"newest 25, {coding}", newest.paths, {"Accept-Encoding": coding})
            for coding in ("gzip", "br", "zstd")
        ),
    ]
    if only and only <= {kind.key for kind in (newest, detail, *beside)}:
        return [kind for kind in (newest, detail, *beside) if kind.key in only]
    narrow, broad = _words(chance["words"], public)
    drawn = [
        newest,
        Kind("filter", "country + status + subject, count").ask(_filters(chance["filter"])),
        _search("narrow", "search, narrow", narrow),
        _search("broad", "search, broad", broad),
        _search("narrow facets", "search + 5 facets, narrow", narrow, facets=FACETS),
        _search("broad facets", "search + 5 facets, broad", broad, facets=FACETS),
        detail,
        _deep(min(DEEP, (public // PAGE - VALUES - 1) * PAGE), walk),
        *beside,
    ]
    return [kind for kind in drawn if not only or kind.key in only]


def _search(key: str, title: str, words: list[str], **further) -> Kind:
    """Searches of single words; the limit gets them as PostgreSQL reads them, so that it finds the same."""
    kind = Kind(key, title).ask([{"q": word} | further for word in words])
    kind.paths[LIMIT] = [
        f"{_ROOTS[LIMIT]}?{urlencode({'words': read(word).compiled().all} | further)}" for word in words
    ]
    return kind


def _details(chance: Random) -> Kind:
    uids = [uid for _, uid in _some_agreements(chance, VALUES)]
    return Kind(
        "detail", "detail with everything nested",
        {server: [f"{_ROOTS[server]}{uid}/" for uid in uids] for server in SERVERS},
    )  # fmt: skip


def _deep(behind: int, walk: Callable[[int], Iterator[str]]) -> Kind:
    """The page behind so many agreements, and those after it: by number, by cursor, by key."""
    kind = Kind("deep", f"the {PAGE} after the {behind:,}th")
    first = behind // PAGE + 1
    kind.paths[PLAIN] = [f"{_ROOTS[PLAIN]}?page={first + step}" for step in range(VALUES)]
    cursors = walk(behind)
    kind.paths[OURS] = [
        f"{_ROOTS[OURS]}?{urlencode({'cursor': next(cursors)})}" for _ in range(VALUES)
    ]  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT updated_at, id FROM partnerships_agreement WHERE {_PUBLIC} "
            "ORDER BY updated_at DESC, id DESC OFFSET %s LIMIT %s",
            [behind - 1, PAGE * VALUES],
        )
        last = cursor.fetchall()[::PAGE]
    kind.paths[LIMIT] = [
        f"{_ROOTS[LIMIT]}?{urlencode({'after': f'{moment.isoformat()},{key}'})}" for moment, key in last
    ]
    return kind


def _filters(chance: Random) -> list[dict]:
    """Country, status and subject of one agreement each, so that every question finds something."""
    values = []
    for key, _ in _some_agreements(chance, VALUES * 2):
        row = _one(
            """
            SELECT i.country_id, card.statuses[width_bucket(current_date, card.status_days)], f.uid
              FROM partnerships_party p JOIN partnerships_institution i ON i.id = p.institution_id
              JOIN partnerships_indexcard card USING (agreement_id)
              JOIN partnerships_agreementfocusarea u USING (agreement_id)
              JOIN partnerships_focusarea f ON f.id = u.focus_area_id
             WHERE agreement_id = %s AND i.country_id IS NOT NULL AND f.parent_id IS NOT NULL
             ORDER BY p.id, u.id LIMIT 1
            """,
            key,
        )
        if row:
            values.append(dict(zip(("country", "status", "focus_area"), row, strict=True)))
    return values[:VALUES]


def _words(chance: Random, public: int) -> tuple[list[str], list[str]]:
    """Words as they stand in texts: rare ones, with a page of answers at least, and frequent ones."""
    narrow: dict[str, None] = {}
    broad: dict[str, None] = {}
    seen: set[str] = set()
    # A full page of answers, where the data is large enough for that.
    fewest = PAGE if public * NARROW[1] > 2 * PAGE else 1
    while len(narrow) < VALUES or len(broad) < VALUES:
        for key, _ in _some_agreements(chance, 50):
            texts = _one("SELECT title || ' ' || summary FROM partnerships_agreement WHERE id = %s", key)[0]
            word = chance.choice(_WORD.findall(texts))
            if word in seen:
                continue
            seen.add(word)
            shares = [number / public for number in _found(word)]
            if fewest / public <= min(shares) and max(shares) <= NARROW[1]:
                narrow[word] = None
            elif BROAD[0] <= min(shares) and max(shares) <= BROAD[1]:
                broad[word] = None
    return list(narrow)[:VALUES], list(broad)[:VALUES]


def _found(word: str) -> tuple[int, int]:
    """In how many public agreements the baseline finds a word, and in how many ours does."""
    plain = _one(
        f"""
        SELECT count(*) FROM bench_plain_search s JOIN partnerships_agreement a ON a.id = s.agreement_id
         WHERE s.document @@ websearch_to_tsquery('english', %s) AND {_PUBLIC}
        """,
        word,
    )
    cards = _one(
        f"""
        SELECT count(*) FROM partnerships_indexcard
         WHERE words @@ %s::tsquery AND {_PUBLIC}
        """,
        read(word).compiled().all,
    )
    return plain[0], cards[0]


def _some_agreements(chance: Random, number: int) -> list[tuple[int, str]]:
    """Ids and uids of public agreements drawn at random."""
    first, last = _one("SELECT min(id), max(id) FROM partnerships_agreement")
    drawn: dict[tuple[int, str], None] = {}
    while len(drawn) < number:
        row = _one(
            f"SELECT id, uid FROM partnerships_agreement WHERE id >= %s AND {_PUBLIC} ORDER BY id LIMIT 1",
            chance.randint(first, last),
        )
        if row:
            drawn[row] = None
    return list(drawn)


def _one(statement: str, *values) -> tuple | None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values or None)
        return cursor.fetchone()
