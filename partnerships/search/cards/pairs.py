"""SQL of the pairs: which two institutions a card joins, and how many public cards join each two.

A card joins every two of its parties. Rolled up, a party counts for the topmost institutions above
it, and the card joins every two of these.
"""

# ruff: noqa: S608

#: Headings under which the tally counts the pairs themselves, and the pairs rolled up.
PAIRS, PAIRS_ROLLED_UP = -1, -2

#: One row a card and each two institutions that it joins, both ways round, so that who asks for one
#: institution looks at its partners alone.
VIEW = """
CREATE VIEW partnerships_cardpair AS
SELECT card.agreement_id, card.publication_state, card.visibility, card.office_id, card.created_at,
       card.updated_at, card.title, card.announced_on, card.signed_on, card.effective_from, card.ends_on,
       card.dated_on, card.status_days, card.statuses, card.keys, card.parties, card.roots, card.names,
       card.topics, card.words, side.rolled_up, one.id AS one, other.id AS other
  FROM partnerships_indexcard card
 CROSS JOIN LATERAL (VALUES (false, card.parties), (true, card.roots)) AS side(rolled_up, members)
 CROSS JOIN LATERAL unnest(side.members) AS one(id)
 CROSS JOIN LATERAL unnest(side.members) AS other(id)
 WHERE one.id <> other.id
"""

#: Pairs that a card joins after a change and not before (+1), or before and not after (-1). Only what
#: came or went is put together with the rest: a consortium is not gone through for one party.
CHANGES = """
CREATE FUNCTION pair_changes(before bigint[], after bigint[])
RETURNS TABLE (first_id bigint, second_id bigint, change integer) LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT least(one, other), greatest(one, other), 1
      FROM unnest(after) AS one, unnest(after) AS other
     WHERE one <> ALL(before) AND one <> other AND (one < other OR other = ANY(before))
    UNION ALL
    SELECT least(one, other), greatest(one, other), -1
      FROM unnest(before) AS one, unnest(before) AS other
     WHERE one <> ALL(after) AND one <> other AND (one < other OR other = ANY(after))
$$
"""

#: Write differences to the counts; they come in the order of their key, so that writers who meet
#: wait for each other in turn.
_ADD = f"""
    WITH difference AS MATERIALIZED ({{differences}}), written AS (
        INSERT INTO partnerships_partnershipcount AS kept (first_id, second_id, agreements, rolled_up)
        SELECT first_id, second_id, agreements, rolled_up FROM difference ORDER BY first_id, second_id
            ON CONFLICT (first_id, second_id) DO UPDATE
           SET agreements = kept.agreements + excluded.agreements, rolled_up = kept.rolled_up + excluded.rolled_up
        RETURNING first_id, second_id, agreements, rolled_up
    ), step AS (
        SELECT sign(written.agreements) - sign(written.agreements - difference.agreements) AS pairs,
               sign(written.rolled_up) - sign(written.rolled_up - difference.rolled_up) AS rolled_up
          FROM written JOIN difference USING (first_id, second_id)
    )
    INSERT INTO partnerships_tally (heading, day, change)
    SELECT heading, '0001-01-01', change
      FROM (SELECT {PAIRS} AS heading, sum(pairs) AS change FROM step
            UNION ALL SELECT {PAIRS_ROLLED_UP}, sum(rolled_up) FROM step) AS counted
     WHERE change <> 0;

    DELETE FROM partnerships_partnershipcount WHERE agreements = 0 AND rolled_up = 0;
"""

#: What the counts lack, or have too much, by the cards.
DIFFERENCES = """
CREATE FUNCTION partnership_differences() RETURNS TABLE (first_id bigint, second_id bigint, agreements bigint, rolled_up bigint)
LANGUAGE sql STABLE SET work_mem = '256MB' AS $$
    SELECT first_id, second_id, coalesce(counted.agreements, 0) - coalesce(kept.agreements, 0),
           coalesce(counted.rolled_up, 0) - coalesce(kept.rolled_up, 0)
      FROM (SELECT one AS first_id, other AS second_id, count(*) FILTER (WHERE NOT pair.rolled_up) AS agreements,
                   count(*) FILTER (WHERE pair.rolled_up) AS rolled_up
              FROM partnerships_cardpair pair
             WHERE one < other AND publication_state = 'published' AND visibility = 'public'
             GROUP BY one, other) AS counted
      FULL JOIN partnerships_partnershipcount kept USING (first_id, second_id)
     WHERE coalesce(counted.agreements, 0) <> coalesce(kept.agreements, 0)
        OR coalesce(counted.rolled_up, 0) <> coalesce(kept.rolled_up, 0)
$$
"""

#: Count all anew and write what differs. Writers wait meanwhile, readers do not.
RECOUNT = f"""
CREATE FUNCTION recount_partnerships() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    LOCK TABLE partnerships_indexcard IN SHARE MODE;
    {_ADD.format(differences="SELECT * FROM partnership_differences()")}
    DELETE FROM partnerships_tally WHERE heading IN ({PAIRS}, {PAIRS_ROLLED_UP});
    INSERT INTO partnerships_tally (heading, day, change)
    SELECT heading, '0001-01-01', change
      FROM (SELECT {PAIRS} AS heading, count(*) FILTER (WHERE agreements > 0) AS change FROM partnerships_partnershipcount
            UNION ALL
            SELECT {PAIRS_ROLLED_UP}, count(*) FILTER (WHERE rolled_up > 0) FROM partnerships_partnershipcount) AS counted;
END
$$
"""

_NONE = "'{}'::bigint[]"
_ALIASES = {"OLD": "past", "NEW": "present"}


def _sides(row: str, column: str) -> str:
    return (
        f"CASE WHEN {row}.publication_state = 'published' AND {row}.visibility = 'public' "
        f"THEN {row}.{column} ELSE {_NONE} END"
    )


def _counting(event: str) -> tuple[str, str]:
    """SQL of the trigger on the cards that keeps the counts in step."""
    tables = {"INSERT": ["NEW"], "UPDATE": ["OLD", "NEW"], "DELETE": ["OLD"]}[event]
    before, after = (
        [_sides(_ALIASES[row], column) if row in tables else _NONE for column in ("parties", "roots")]
        for row in ("OLD", "NEW")
    )
    source = " JOIN ".join(f"{row.lower()}_rows AS {_ALIASES[row]}" for row in tables)
    if event == "UPDATE":
        source += " ON past.agreement_id = present.agreement_id"
    differences = f"""
        SELECT first_id, second_id, sum(agreements) AS agreements, sum(rolled_up) AS rolled_up
          FROM (SELECT {before[0]} AS parties_before, {after[0]} AS parties_after,
                       {before[1]} AS roots_before, {after[1]} AS roots_after FROM {source}) AS card
         CROSS JOIN LATERAL (
               SELECT first_id, second_id, change AS agreements, 0 AS rolled_up
                 FROM pair_changes(card.parties_before, card.parties_after)
               UNION ALL
               SELECT first_id, second_id, 0, change FROM pair_changes(card.roots_before, card.roots_after)
         ) AS pair
         WHERE parties_before <> parties_after OR roots_before <> roots_after
         GROUP BY first_id, second_id HAVING sum(agreements) <> 0 OR sum(rolled_up) <> 0
    """
    name = f"count_pairs_{event.lower()}"
    install = f"""
    CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        {_ADD.format(differences=differences)}
        RETURN NULL;
    END
    $$;
    CREATE TRIGGER {name} AFTER {event} ON partnerships_indexcard
    REFERENCING {" ".join(f"{row} TABLE AS {row.lower()}_rows" for row in tables)}
    FOR EACH STATEMENT EXECUTE FUNCTION {name}();
    """
    return install, f"DROP TRIGGER {name} ON partnerships_indexcard; DROP FUNCTION {name}();"


SQL = [
    (VIEW, "DROP VIEW partnerships_cardpair"),
    (CHANGES, "DROP FUNCTION pair_changes(bigint[], bigint[])"),
    (DIFFERENCES, "DROP FUNCTION partnership_differences()"),
    (RECOUNT, "DROP FUNCTION recount_partnerships()"),
    *(_counting(event) for event in ("INSERT", "UPDATE", "DELETE")),
]
