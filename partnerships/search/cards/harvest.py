"""SQL that keeps for harvesters since when a record is as everybody reads it, and that it is gone.

The version of a prepared record moves with everything that a record shows, names from the catalogue
too. Whatever moves it moves the datestamp here, in the same transaction.
"""

# ruff: noqa: S608

_PUBLIC = "a.publication_state = 'published' AND a.visibility = 'public'"

CHANGED = f"""
CREATE FUNCTION harvest_changed(wanted bigint[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    -- An id that is given again, as in another synthetic registry, is told of the record that has it now.
    DELETE FROM partnerships_harvestentry gone USING partnerships_agreement a
     WHERE a.id = ANY(wanted) AND gone.uid = a.uid AND gone.agreement_id <> a.id;
    INSERT INTO partnerships_harvestentry AS entry (agreement_id, uid, datestamp, is_deleted, keys)
    SELECT a.id, a.uid, now(), false, coalesce(card.keys, '{{}}')
      FROM partnerships_agreement a LEFT JOIN partnerships_indexcard card ON card.agreement_id = a.id
     WHERE a.id = ANY(wanted) AND {_PUBLIC}
     ORDER BY a.id
        ON CONFLICT (agreement_id) DO UPDATE
       SET datestamp = excluded.datestamp, is_deleted = false, keys = excluded.keys
     WHERE (entry.datestamp, entry.is_deleted, entry.keys)
           IS DISTINCT FROM (excluded.datestamp, false, excluded.keys);
    UPDATE partnerships_harvestentry entry SET datestamp = now(), is_deleted = true
     WHERE entry.agreement_id = ANY(wanted) AND NOT entry.is_deleted
       AND NOT EXISTS (SELECT 1 FROM partnerships_agreement a WHERE a.id = entry.agreement_id AND {_PUBLIC});
END
$$
"""


def _following(event: str, touched: str, tables: str) -> tuple[str, str]:
    """SQL of the trigger on the prepared records."""
    name = f"harvest_{event.lower()}"
    install = f"""
    CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE
        touched bigint[] := ARRAY({touched});
    BEGIN
        IF touched <> '{{}}' THEN PERFORM harvest_changed(touched); END IF;
        RETURN NULL;
    END
    $$;
    CREATE TRIGGER {name} AFTER {event} ON partnerships_preparedrecord REFERENCING {tables}
    FOR EACH STATEMENT EXECUTE FUNCTION {name}();
    """
    return install, f"DROP TRIGGER {name} ON partnerships_preparedrecord; DROP FUNCTION {name}();"


#: What is public already, since its last change; what was, since the event after which it was no longer.
#: The index of keys is made over all rows at once: kept row by row it would take most of the time.
FILL = f"""
    DROP INDEX IF EXISTS harvest_keys;
    INSERT INTO partnerships_harvestentry (agreement_id, uid, datestamp, is_deleted, keys)
    SELECT a.id, a.uid, a.updated_at, false, card.keys
      FROM partnerships_agreement a JOIN partnerships_indexcard card ON card.agreement_id = a.id
     WHERE {_PUBLIC};
    INSERT INTO partnerships_harvestentry (agreement_id, uid, datestamp, is_deleted, keys)
    SELECT was.pgh_obj_id, was.uid,
           coalesce((SELECT min(later.pgh_created_at) FROM partnerships_agreementhistory later
                      WHERE later.pgh_obj_id = was.pgh_obj_id AND later.pgh_id > was.last), now()),
           true, coalesce(card.keys, '{{}}')
      FROM (SELECT pgh_obj_id, min(uid) AS uid, max(pgh_id) AS last FROM partnerships_agreementhistory
             WHERE publication_state = 'published' AND visibility = 'public' AND pgh_obj_id IS NOT NULL
             GROUP BY pgh_obj_id) was
      LEFT JOIN partnerships_indexcard card ON card.agreement_id = was.pgh_obj_id
     WHERE NOT EXISTS (SELECT 1 FROM partnerships_harvestentry entry
                        WHERE entry.agreement_id = was.pgh_obj_id)
        ON CONFLICT DO NOTHING;
    CREATE INDEX harvest_keys ON partnerships_harvestentry USING gin (keys) WITH (fastupdate = off);
"""

FUNCTIONS = [(CHANGED, "DROP FUNCTION harvest_changed(bigint[])")]
TRIGGERS = [
    _following("INSERT", "SELECT agreement_id FROM new_rows", "NEW TABLE AS new_rows"),
    # A body that a reader keeps leaves the version as it is.
    _following(
        "UPDATE",
        "SELECT n.agreement_id FROM new_rows n JOIN old_rows o USING (agreement_id) WHERE n.version <> o.version",
        "OLD TABLE AS old_rows NEW TABLE AS new_rows",
    ),
    _following("DELETE", "SELECT agreement_id FROM old_rows", "OLD TABLE AS old_rows"),
]
