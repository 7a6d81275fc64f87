"""What the read model could answer at best: each request by one prepared statement, and no framework.

A bare WSGI application for gunicorn. It reads the index cards, the sample, the tallies and the ready
bodies as the registry does, and puts the answer together in SQL: nobody signs in here, nothing is
checked, searches come as PostgreSQL reads them, facets carry ids instead of names.
"""

import os
import threading
from collections.abc import Callable, Iterable
from urllib.parse import parse_qsl

import psycopg2

from config.datadir import data_dir
from config.embedded import database_settings

#: Up to so many cards of the sample, all are counted; of more the sample is scaled.
_FEW = 1_400
_SHARE = 16
_CANDIDATES = 1_000
_PAGE = 25
_MOST_VALUES = 100
#: A body that nobody has asked for yet is said to be missing, so that it can be made before measuring.
_BODY = "coalesce(record.body, '{\"missing\":' || record.agreement_id || '}')"

_PUBLIC = "publication_state = 'published' AND visibility = 'public'"
_ALL = "(SELECT sum(change) FROM partnerships_tally WHERE heading = 0 AND day <= current_date)"


def _answer(count: str, page: str, order: str, facets: str = "") -> str:
    """SQL that puts the answer together from a count and a page (a FROM clause)."""
    beside = f""" || ',"facets":' || ({facets})""" if facets else ""
    return f"""
        SELECT '{{"count":' || ({count}){beside} || ',"results":['
               || coalesce((SELECT string_agg({_BODY}, ',' ORDER BY {order})
                              FROM {page} JOIN partnerships_preparedrecord record USING (agreement_id)), '') || ']}}'
    """


_NEWEST = _answer(
    _ALL,
    f"""(SELECT agreement_id, updated_at FROM partnerships_indexcard WHERE {_PUBLIC}
          ORDER BY updated_at DESC, agreement_id DESC LIMIT {_PAGE}) AS page""",
    "updated_at DESC, agreement_id DESC",
)
_DEEP = _answer(
    _ALL,
    f"""(SELECT agreement_id, updated_at FROM partnerships_indexcard
          WHERE {_PUBLIC} AND (updated_at, agreement_id) < ($1, $2)
          ORDER BY updated_at DESC, agreement_id DESC LIMIT {_PAGE}) AS page""",
    "updated_at DESC, agreement_id DESC",
)
_FILTER = f"""
    WITH hit AS MATERIALIZED (
        SELECT agreement_id, updated_at FROM partnerships_indexcard
         WHERE keys @> ARRAY[
                   (SELECT id FROM partnerships_heading WHERE facet = 'country' AND value = $1),
                   (SELECT h.id FROM partnerships_focusarea f
                      JOIN partnerships_heading h ON h.facet = 'focus_area' AND h.value = f.id::text
                     WHERE f.uid = $3)]
           AND status_on(status_days, statuses, current_date) = $2 AND {_PUBLIC}
    )
""" + _answer(
    "SELECT count(*) FROM hit",
    f"(SELECT * FROM hit ORDER BY updated_at DESC, agreement_id DESC LIMIT {_PAGE}) AS page",
    "updated_at DESC, agreement_id DESC",
)
_DETAIL = f"""
    SELECT {_BODY} FROM partnerships_agreement a
      JOIN partnerships_preparedrecord record ON record.agreement_id = a.id
     WHERE a.uid = $1 AND {_PUBLIC}
"""


def _candidates(tier: int, column: str) -> str:
    return f"""
        (SELECT agreement_id, dated_on, {tier} AS tier FROM partnerships_indexcard
          WHERE {column} @@ (SELECT query FROM asked) AND {_PUBLIC} LIMIT {_CANDIDATES})
    """


def _search(*, facets: bool) -> str:
    few = f"(SELECT number FROM sampled) <= {_FEW}"
    matching = f"words @@ (SELECT query FROM asked) AND {_PUBLIC}"
    candidates = " UNION ALL ".join(
        _candidates(tier, column) for tier, column in enumerate(("names", "topics", "words"), 1)
    )
    hits = f"""
        , hit AS MATERIALIZED (
            SELECT keys, status_on(status_days, statuses, current_date) AS status, 1 AS weight
              FROM partnerships_indexcard WHERE {matching} AND {few}
             UNION ALL
            SELECT keys, status_on(status_days, statuses, current_date), {_SHARE}
              FROM partnerships_sampledcard WHERE {matching} AND NOT {few})
    """
    exact = f"SELECT count(*) FROM partnerships_indexcard WHERE {matching} AND {few}"
    count = f"CASE WHEN {few} THEN ({'SELECT count(*) FROM hit' if facets else exact}) ELSE {_SHARE} * (SELECT number FROM sampled) END"
    return f"""
        WITH asked AS MATERIALIZED (SELECT $1::tsquery AS query),
        sampled AS MATERIALIZED (SELECT count(*) AS number FROM partnerships_sampledcard WHERE {matching})
        {hits if facets else ""},
        page AS MATERIALIZED (
            SELECT agreement_id, min(tier) AS tier, dated_on FROM ({candidates}) AS candidate
             GROUP BY agreement_id, dated_on ORDER BY 2, dated_on DESC, agreement_id DESC LIMIT {_PAGE})
    """ + _answer(count, "page", "tier, dated_on DESC, agreement_id DESC", _FACETS if facets else "")


_FACETS = f"""
    SELECT json_object_agg(facet, counted) FROM (
        SELECT facet, json_object_agg(value, number ORDER BY number DESC) AS counted FROM (
            SELECT heading.facet, heading.value, number,
                   row_number() OVER (PARTITION BY heading.facet ORDER BY number DESC) AS place
              FROM (SELECT key, sum(weight) AS number FROM hit, unnest(keys) AS key GROUP BY key) AS by_key
              JOIN partnerships_heading heading ON heading.id = key
             WHERE heading.facet IN ('country', 'type', 'focus_area', 'activity')
             UNION ALL
            SELECT 'status', status, sum(weight), 1 FROM hit GROUP BY status
        ) AS numbered WHERE place <= {_MOST_VALUES} GROUP BY facet
    ) AS facets
"""


class _Connection(threading.local):
    """A connection a thread, with its statements prepared."""

    def __init__(self) -> None:
        given = os.environ.get("DATABASE_URL")
        self.database = psycopg2.connect(given) if given else psycopg2.connect(**_embedded())
        self.database.autocommit = True
        self.cursor = self.database.cursor()
        # Planning would cost as much as answering.
        self.cursor.execute("SET plan_cache_mode = force_generic_plan; SET jit = off")
        for name, types, statement in (
            ("newest", "", _NEWEST),
            ("deep", "(timestamptz, bigint)", _DEEP),
            ("filter", "(text, text, text)", _FILTER),
            ("detail", "(text)", _DETAIL),
            ("search", "(text)", _search(facets=False)),
            ("facets", "(text)", _search(facets=True)),
        ):
            self.cursor.execute(f"PREPARE {name}{types} AS {statement}")

    def body(self, name: str, *values) -> bytes:
        """The answer of one prepared statement."""
        marks = f"({', '.join(['%s'] * len(values))})" if values else ""
        self.cursor.execute(f"EXECUTE {name}{marks}", values)
        return self.cursor.fetchone()[0].encode()


def _embedded() -> dict:
    settings = database_settings(data_dir())
    return {
        "dbname": settings["NAME"],
        "user": settings["USER"],
        "host": settings["HOST"],
        "port": settings["PORT"],
    }


_connection = _Connection()


def application(environ: dict, start_response: Callable) -> Iterable[bytes]:
    """Answer one of the eight requests."""
    asked = dict(parse_qsl(environ["QUERY_STRING"]))
    uid = environ["PATH_INFO"].removeprefix("/agreements/").strip("/")
    if uid:
        body = _connection.body("detail", uid)
    elif "words" in asked:
        body = _connection.body("facets" if "facets" in asked else "search", asked["words"])
    elif "after" in asked:
        body = _connection.body("deep", *asked["after"].split(","))
    elif asked:
        body = _connection.body("filter", asked["country"], asked["status"], asked["focus_area"])
    else:
        body = _connection.body("newest")
    start_response("200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(body)))])
    return [body]
