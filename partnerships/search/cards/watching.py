"""SQL of the triggers: on the registry's tables, which cards a statement touches; on the cards, what is counted."""

# ruff: noqa: S608

from partnerships.choices import Status

_PARTS = ["party", "agreementfocusarea", "activity", "period", "statement", "source", "document"]
#: Table, the ids that a changed row bears on, the function from these to agreements, columns that matter
#: (all where none are named).
_WATCHED: list[tuple[str, str, str, str]] = [
    *((f"partnerships_{part}", "agreement_id", "", "") for part in _PARTS),
    ("partnerships_agreementrelation", "unnest(ARRAY[agreement_id, target_id])", "", ""),
    ("partnerships_signatory", "(SELECT p.agreement_id FROM partnerships_party p WHERE p.id = party_id)", "", ""),
    ("partnerships_institutionname", "institution_id", "cards_of_institutions", ""),
    ("partnerships_institutionlink", "institution_id", "cards_of_institutions", ""),
    ("people_personname", "person_id", "cards_of_people", ""),
    ("partnerships_institution", "id", "cards_of_institutions",
     "uid, name, city, region, country_id, ror_id, visibility"),
    ("partnerships_focusarea", "id", "cards_of_subjects", "uid, name, parent_id, visibility"),
    ("people_person", "id", "cards_of_people", "uid, name, visibility"),
    ("partnerships_event", "id", "cards_of_events", "uid, name, place, visibility"),
]  # fmt: skip

OF_EVENTS = """
CREATE FUNCTION cards_of_events(changed bigint[]) RETURNS bigint[] LANGUAGE sql STABLE AS $$
    SELECT array_agg(id) FROM partnerships_agreement WHERE event_id = ANY(changed)
$$
"""


def _rows(ids: str, columns: str, event: str) -> str:
    """SQL for the ids that the rows of a statement bear on."""
    old, new = f"SELECT {ids} AS id FROM old_rows", f"SELECT {ids} AS id FROM new_rows"
    if event != "UPDATE":
        return new if event == "INSERT" else old
    if not columns:
        return f"{old} UNION {new}"
    # Only rows of which something that cards show has changed.
    return f"SELECT id FROM (SELECT id, {columns} FROM new_rows EXCEPT SELECT id, {columns} FROM old_rows) AS changed"


def _watching(table: str, ids: str, widen: str, columns: str) -> tuple[str, str]:
    """SQL that installs and removes the triggers of one table."""
    install, remove = "", ""
    # What names an entry of the catalogue comes after it: a new or deleted entry touches no card.
    for event in ("UPDATE",) if columns else ("INSERT", "UPDATE", "DELETE"):
        name = f"watch_{table}_{event.lower()}"
        found = (
            f"ARRAY(SELECT DISTINCT id FROM ({_rows(ids, columns, event)}) AS touched WHERE id IS NOT NULL)"
        )
        tables = {"INSERT": ["NEW"], "UPDATE": ["OLD", "NEW"], "DELETE": ["OLD"]}[event]
        install += f"""
        CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            PERFORM cards_changed({f"{widen}({found})" if widen else found});
            RETURN NULL;
        END
        $$;
        CREATE TRIGGER watch_{event.lower()} AFTER {event} ON {table}
        REFERENCING {" ".join(f"{one} TABLE AS {one.lower()}_rows" for one in tables)}
        FOR EACH STATEMENT EXECUTE FUNCTION {name}();
        """
        remove += f"DROP TRIGGER watch_{event.lower()} ON {table}; DROP FUNCTION {name}();"
    return install, remove


#: The agreements themselves. A statement that changes very many still moves the gate of each at once.
_AGREEMENTS = """
CREATE FUNCTION watch_agreement_insert() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM refresh_cards(ARRAY(SELECT id FROM new_rows));
    RETURN NULL;
END
$$;
CREATE TRIGGER watch_insert AFTER INSERT ON partnerships_agreement REFERENCING NEW TABLE AS new_rows
FOR EACH STATEMENT EXECUTE FUNCTION watch_agreement_insert();

CREATE FUNCTION watch_agreement_update() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE partnerships_indexcard card
       SET publication_state = n.publication_state, visibility = n.visibility, office_id = n.office_id,
           updated_at = n.updated_at
      FROM new_rows n
     WHERE card.agreement_id = n.id
       AND (card.publication_state, card.visibility, card.office_id, card.updated_at)
           IS DISTINCT FROM (n.publication_state, n.visibility, n.office_id, n.updated_at);
    UPDATE partnerships_preparedrecord record
       SET version = nextval('partnerships_record_version'), body = NULL
      FROM new_rows n WHERE record.agreement_id = n.id;
    PERFORM cards_changed(cards_of_agreements(ARRAY(
        SELECT n.id FROM new_rows n JOIN old_rows o ON o.id = n.id
         WHERE to_jsonb(n) - 'updated_at' <> to_jsonb(o) - 'updated_at')));
    RETURN NULL;
END
$$;
CREATE TRIGGER watch_update AFTER UPDATE ON partnerships_agreement REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
FOR EACH STATEMENT EXECUTE FUNCTION watch_agreement_update();

CREATE FUNCTION watch_agreement_delete() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM refresh_cards(ARRAY(SELECT id FROM old_rows));
    RETURN NULL;
END
$$;
CREATE TRIGGER watch_delete AFTER DELETE ON partnerships_agreement REFERENCING OLD TABLE AS old_rows
FOR EACH STATEMENT EXECUTE FUNCTION watch_agreement_delete();
"""
_NO_AGREEMENTS = "".join(
    f"DROP TRIGGER watch_{event} ON partnerships_agreement; DROP FUNCTION watch_agreement_{event}();"
    for event in ("insert", "update", "delete")
)

#: What one card adds to the tallies: one for all, one for each key, and each status on its day.
MARKS = """
CREATE FUNCTION card_marks(card partnerships_indexcard) RETURNS TABLE (heading integer, day date, change integer)
LANGUAGE sql STABLE ROWS 20 AS $$
    SELECT 0, DATE '0001-01-01', 1
     WHERE card.publication_state = 'published' AND card.visibility = 'public'
    UNION ALL
    SELECT key, DATE '0001-01-01', 1 FROM unnest(card.keys) AS key
     WHERE card.publication_state = 'published' AND card.visibility = 'public'
    UNION ALL
    SELECT known.id, step.day, step.change
      FROM unnest(card.status_days, card.statuses) WITH ORDINALITY AS given(day, status, number),
   LATERAL (VALUES (given.day, given.status, 1), (given.day, card.statuses[number - 1], -1)) AS step(day, status, change)
      JOIN partnerships_heading known ON known.facet = 'status' AND known.value = step.status
     WHERE card.publication_state = 'published' AND card.visibility = 'public'
$$
"""

COMPACT = """
CREATE FUNCTION compact_tally() RETURNS void LANGUAGE sql AS $$
    WITH gone AS (DELETE FROM partnerships_tally RETURNING heading, day, change)
    INSERT INTO partnerships_tally (heading, day, change)
    SELECT heading, settled, sum(change)
      FROM gone, LATERAL (SELECT CASE WHEN day < current_date - 7 THEN '0001-01-01' ELSE day END AS settled) AS past
     GROUP BY heading, settled HAVING sum(change) <> 0
$$
"""


def _counting(event: str) -> tuple[str, str]:
    """SQL of the trigger on the cards that keeps tallies and the sample in step."""
    tables = {"INSERT": ["NEW"], "UPDATE": ["OLD", "NEW"], "DELETE": ["OLD"]}[event]
    marks = " UNION ALL ".join(
        f"SELECT mark.heading, mark.day, {'-' if one == 'OLD' else ''}mark.change AS change "
        f"FROM {one.lower()}_rows AS card, card_marks(card::partnerships_indexcard) AS mark"
        for one in tables
    )
    drawn = "hashint8(agreement_id) & 15 = 0"
    body = f"""
        INSERT INTO partnerships_tally (heading, day, change)
        SELECT heading, day, sum(change) FROM ({marks}) AS marks GROUP BY heading, day HAVING sum(change) <> 0;
    """
    if event != "INSERT":
        body += f"""
        DELETE FROM partnerships_sampledcard WHERE agreement_id IN (SELECT agreement_id FROM old_rows WHERE {drawn});
        """
    if event != "DELETE":
        body += f"INSERT INTO partnerships_sampledcard SELECT * FROM new_rows WHERE {drawn};"
    name = f"count_card_{event.lower()}"
    install = f"""
    CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body} RETURN NULL; END $$;
    CREATE TRIGGER count_{event.lower()} AFTER {event} ON partnerships_indexcard
    REFERENCING {" ".join(f"{one} TABLE AS {one.lower()}_rows" for one in tables)}
    FOR EACH STATEMENT EXECUTE FUNCTION {name}();
    """
    return install, f"DROP TRIGGER count_{event.lower()} ON partnerships_indexcard; DROP FUNCTION {name}();"


SEQUENCE = ("CREATE SEQUENCE partnerships_record_version", "DROP SEQUENCE partnerships_record_version")
STATUSES = (
    "INSERT INTO partnerships_heading (facet, value) VALUES "
    + ", ".join(f"('status', '{status.value}')" for status in Status)
    + " ON CONFLICT DO NOTHING",
    "DELETE FROM partnerships_heading",
)
#: Vectors out of line: the keys of very many rows are read without them.
STORAGE = (
    """
    ALTER TABLE partnerships_indexcard SET (toast_tuple_target = 512);
    ALTER TABLE partnerships_indexcard ALTER COLUMN words SET STORAGE EXTERNAL;
    ALTER TABLE partnerships_indexcard ALTER COLUMN names SET STORAGE EXTERNAL;
    ALTER TABLE partnerships_indexcard ALTER COLUMN topics SET STORAGE EXTERNAL;
    ALTER TABLE partnerships_indexcard ALTER COLUMN keys SET STORAGE MAIN;
    """,
    "SELECT 1",
)
FUNCTIONS = [
    (OF_EVENTS, "DROP FUNCTION cards_of_events(bigint[])"),
    (MARKS, "DROP FUNCTION card_marks(partnerships_indexcard)"),
    (COMPACT, "DROP FUNCTION compact_tally()"),
]
#: Parts that came later than the cards; a migration of their own installs their triggers.
AMENDMENTS = [
    _watching("partnerships_amendment", "agreement_id", "", ""),
    _watching(
        "partnerships_amendedterm",
        "(SELECT a.agreement_id FROM partnerships_amendment a WHERE a.id = amendment_id)",
        "",
        "",
    ),
]
TRIGGERS = [
    *(_counting(event) for event in ("INSERT", "UPDATE", "DELETE")),
    (_AGREEMENTS, _NO_AGREEMENTS),
    *(_watching(*watched) for watched in _WATCHED),
]
