"""SQL of the triggers that write ``PendingChange``, in the transaction of the change.

An agreement waits to be told whenever the version of its prepared record moves: that happens with
every change of what its record shows, names of institutions and people included, and at once where
so many change that their cards are written later. Other records wait when their row, one of their
parts or the name of a record that they show has changed.
"""

# ruff: noqa: S608

from collections.abc import Iterator

PEND = """
CREATE FUNCTION pend_changes(told text, wanted bigint[]) RETURNS void LANGUAGE sql AS $$
    INSERT INTO partnerships_pendingchange (resource, key, xact)
    SELECT told, one, pg_current_xact_id()::text::bigint
      FROM (SELECT DISTINCT unnest(wanted) AS one) AS found WHERE one IS NOT NULL ORDER BY one
$$
"""
#: Nothing stands in it. Whoever tells locks it: a lock of a table is the one that is taken before a
#: transaction sees its snapshot, and no vacuum ever asks for this one.
TELLER = "CREATE TABLE partnerships_teller ()"

_CHANGED = """
    SELECT n.{id} AS id FROM new_rows n JOIN old_rows o ON o.{id} = n.{id}
     WHERE to_jsonb(n) - 'updated_at' <> to_jsonb(o) - 'updated_at'
"""
#: Institutions beside those whose name, place or visibility changed; subjects below such ones.
_BESIDE = """
    UNION
    (WITH shown AS (
        SELECT id, uid, name, ror_id, country_id, visibility, merged_into_id FROM new_rows
        EXCEPT
        SELECT id, uid, name, ror_id, country_id, visibility, merged_into_id FROM old_rows
    )
    SELECT link.target_id FROM shown JOIN partnerships_institutionlink link ON link.institution_id = shown.id
    UNION
    SELECT link.institution_id FROM shown JOIN partnerships_institutionlink link ON link.target_id = shown.id)
"""
_BELOW = """
    UNION
    SELECT child.id
      FROM (SELECT id, uid, name, visibility FROM new_rows
            EXCEPT SELECT id, uid, name, visibility FROM old_rows) AS shown
      JOIN partnerships_focusarea child ON child.parent_id = shown.id
"""
_MOVED = """
    SELECT n.agreement_id AS id FROM new_rows n JOIN old_rows o USING (agreement_id)
     WHERE n.version <> o.version
"""

#: Table, resource, the records that a row bears on, and what an update bears on where that is not
#: just the records of its rows.
_WATCHED = [
    ("partnerships_preparedrecord", "agreements", "agreement_id", _MOVED),
    # These are on no card, so they move a version once a transaction only.
    ("partnerships_agreementidentifier", "agreements", "agreement_id", ""),
    ("partnerships_sharedoffice", "agreements", "agreement_id", ""),
    ("partnerships_institution", "institutions", "id", _CHANGED.format(id="id") + _BESIDE),
    *(
        (f"partnerships_institution{part}", "institutions", "institution_id", "")
        for part in ("name", "location", "identifier")
    ),
    ("partnerships_institutionlink", "institutions", "unnest(ARRAY[institution_id, target_id])", ""),
    ("people_person", "people", "id", _CHANGED.format(id="id")),
    ("people_personname", "people", "person_id", ""),
    ("partnerships_focusarea", "focus-areas", "id", _CHANGED.format(id="id") + _BELOW),
    ("partnerships_focusareamapping", "focus-areas", "focus_area_id", ""),
    ("partnerships_event", "events", "id", _CHANGED.format(id="id")),
]


def _watching(table: str, resource: str, ids: str, of_update: str) -> Iterator[tuple[str, str]]:
    """SQL that installs and removes the triggers of one table."""
    old, new = f"SELECT {ids} AS id FROM old_rows", f"SELECT {ids} AS id FROM new_rows"
    rows = {"INSERT": new, "UPDATE": of_update or f"{old} UNION {new}", "DELETE": old}
    tables = {"INSERT": ["NEW"], "UPDATE": ["OLD", "NEW"], "DELETE": ["OLD"]}
    for event, found in rows.items():
        name = f"tell_{table}_{event.lower()}"
        install = f"""
        CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            PERFORM pend_changes('{resource}', ARRAY({found}));
            RETURN NULL;
        END
        $$;
        CREATE TRIGGER tell_{event.lower()} AFTER {event} ON {table}
        REFERENCING {" ".join(f"{one} TABLE AS {one.lower()}_rows" for one in tables[event])}
        FOR EACH STATEMENT EXECUTE FUNCTION {name}();
        """
        yield install, f"DROP TRIGGER tell_{event.lower()} ON {table}; DROP FUNCTION {name}();"


SQL = [
    (PEND, "DROP FUNCTION pend_changes(text, bigint[])"),
    (TELLER, "DROP TABLE partnerships_teller"),
    *(statements for watched in _WATCHED for statements in _watching(*watched)),
]

#: By resource, what is named before what names it: whatever stands already waits to be told.
FILL = {
    resource: f"INSERT INTO partnerships_pendingchange (resource, key, xact) "
    f"SELECT '{resource}', id, pg_current_xact_id()::text::bigint FROM {table} WHERE {condition} ORDER BY id"
    for resource, table, condition in (
        ("focus-areas", "partnerships_focusarea", "true"),
        ("institutions", "partnerships_institution", "merged_into_id IS NULL"),
        ("people", "people_person", "true"),
        ("events", "partnerships_event", "true"),
        ("agreements", "partnerships_agreement", "publication_state = 'published'"),
    )
}
#: What was told once waits as well: it may stand no longer.
TOLD_ONCE = """
    INSERT INTO partnerships_pendingchange (resource, key, xact)
    SELECT resource, key, pg_current_xact_id()::text::bigint FROM partnerships_toldrecord
     WHERE resource = ANY(%s) ORDER BY id
"""
