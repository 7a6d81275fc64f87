"""SQL of the cards' facts: the timeline of the status, and the headings of each agreement."""

#: The status of agreements from day to day, as everybody sees it. The rules are those of
#: ``partnerships/status.py``, which says what each date means; a hidden successor does not count.
TIMELINES = """
CREATE FUNCTION card_timelines(wanted bigint[])
RETURNS TABLE (agreement_id bigint, ends_on daterange, days date[], statuses text[])
LANGUAGE sql STABLE ROWS 100 AS $$
    WITH fact AS (
        SELECT a.id, lower(a.terminated_on) AS terminated, lower(a.signed_on) AS signed,
               lower(a.announced_on) AS announced, upper(a.effective_from) - 1 AS effective,
               CASE WHEN last.agreement_id IS NULL THEN a.ends_on ELSE last.ends_on END AS ends_on,
               CASE WHEN a.end_kind = 'date' THEN upper(a.ends_on) END AS first_term_over,
               (SELECT min(CASE WHEN newer.effective_from IS NOT NULL THEN upper(newer.effective_from) - 1
                                ELSE coalesce(lower(newer.signed_on), '0001-01-01') END)
                  FROM partnerships_agreementrelation relation
                  JOIN partnerships_agreement newer ON newer.id = relation.agreement_id
                 WHERE relation.target_id = a.id AND relation.kind = 'supersedes'
                   AND newer.publication_state = 'published' AND newer.visibility = 'public') AS superseded
          FROM partnerships_agreement a
          LEFT JOIN LATERAL (SELECT p.agreement_id, p.ends_on FROM partnerships_period p
                              WHERE p.agreement_id = a.id ORDER BY p.number DESC LIMIT 1) last ON true
         WHERE a.id = ANY(wanted)
    ), term AS (
        SELECT id, effective AS begins, first_term_over AS over FROM fact WHERE effective IS NOT NULL
        UNION ALL
        SELECT fact.id, coalesce(upper(p.starts_on) - 1, fact.effective), CASE WHEN p.end_kind = 'date' THEN upper(p.ends_on) END
          FROM fact JOIN partnerships_period p ON p.agreement_id = fact.id
         WHERE p.starts_on IS NOT NULL OR fact.effective IS NOT NULL
    ), span AS (
        SELECT id, range_agg(daterange(begins, CASE WHEN over >= begins THEN over WHEN over < begins THEN begins END)) AS in_force FROM term GROUP BY id
    ), step AS (
        SELECT fact.id, day, CASE
                   WHEN fact.terminated <= day THEN 'terminated'
                   WHEN fact.superseded <= day THEN 'superseded'
                   WHEN upper(fact.ends_on) <= day THEN 'ended'
                   WHEN span.in_force @> day AND lower(fact.ends_on) - 90 <= day THEN 'ending_soon'
                   WHEN span.in_force @> day THEN 'in_force'
                   WHEN fact.signed <= day THEN 'signed'
                   WHEN fact.announced <= day THEN 'announced'
                   ELSE 'unknown' END AS status
          FROM fact LEFT JOIN span USING (id),
               LATERAL (SELECT DATE '0001-01-01' AS day
                         UNION SELECT given FROM unnest(ARRAY[fact.terminated, fact.superseded, upper(fact.ends_on),
                               lower(fact.ends_on) - 90, fact.signed, fact.announced]) AS given WHERE given IS NOT NULL
                         UNION SELECT given FROM unnest(span.in_force) AS piece,
                               unnest(ARRAY[lower(piece), upper(piece)]) AS given WHERE given IS NOT NULL) AS days
    ), change AS (
        SELECT id, day, status, lag(status) OVER (PARTITION BY id ORDER BY day) AS before FROM step
    )
    SELECT fact.id, fact.ends_on, array_agg(change.day ORDER BY change.day), array_agg(change.status ORDER BY change.day)
      FROM fact JOIN change ON change.id = fact.id AND change.status IS DISTINCT FROM change.before
     GROUP BY fact.id, fact.ends_on
$$
"""

#: What agreements are counted by and filtered by.
FACTS = """
CREATE FUNCTION card_facts(wanted bigint[]) RETURNS TABLE (agreement_id bigint, facet text, value text)
LANGUAGE sql STABLE ROWS 1000 AS $$
    SELECT id, 'type', type FROM partnerships_agreement WHERE id = ANY(wanted)
    UNION ALL
    SELECT id, 'event', event_id::text FROM partnerships_agreement WHERE id = ANY(wanted) AND event_id IS NOT NULL
    UNION ALL
    SELECT id, 'year', extract(year FROM lower(coalesce(signed_on, announced_on)))::text
      FROM partnerships_agreement WHERE id = ANY(wanted) AND coalesce(signed_on, announced_on) IS NOT NULL
    UNION
    SELECT p.agreement_id, 'country', i.country_id
      FROM partnerships_party p JOIN partnerships_institution i ON i.id = p.institution_id
     WHERE p.agreement_id = ANY(wanted) AND i.country_id IS NOT NULL
    UNION
    SELECT p.agreement_id, 'institution', above.id::text
      FROM partnerships_party p
      JOIN institutions_above(ARRAY(SELECT DISTINCT one.institution_id FROM partnerships_party one
                                     WHERE one.agreement_id = ANY(wanted))) above ON above.below = p.institution_id
     WHERE p.agreement_id = ANY(wanted)
    UNION
    SELECT s.agreement_id, 'person', s.person_id::text
      FROM partnerships_statement s WHERE s.agreement_id = ANY(wanted)
    UNION
    SELECT p.agreement_id, 'person', g.person_id::text
      FROM partnerships_party p JOIN partnerships_signatory g ON g.party_id = p.id
     WHERE p.agreement_id = ANY(wanted) AND g.person_id IS NOT NULL
    UNION
    SELECT use.agreement_id, 'focus_area', above.id::text
      FROM partnerships_agreementfocusarea use
      JOIN subjects_above(ARRAY(SELECT DISTINCT one.focus_area_id FROM partnerships_agreementfocusarea one
                                 WHERE one.agreement_id = ANY(wanted))) above ON above.below = use.focus_area_id
     WHERE use.agreement_id = ANY(wanted)
    UNION
    SELECT a.agreement_id, 'activity', a.kind FROM partnerships_activity a WHERE a.agreement_id = ANY(wanted)
$$
"""

#: Parties of agreements, and the topmost institutions above them that everybody may see.
SIDES = """
CREATE FUNCTION card_sides(wanted bigint[]) RETURNS TABLE (agreement_id bigint, parties bigint[], roots bigint[])
LANGUAGE sql STABLE ROWS 100 AS $$
    WITH above AS MATERIALIZED (
        SELECT found.below, found.id
          FROM institutions_above(ARRAY(SELECT DISTINCT one.institution_id FROM partnerships_party one
                                         WHERE one.agreement_id = ANY(wanted))) found
          JOIN partnerships_institution i ON i.id = found.id
         WHERE i.visibility = 'public' OR found.id = found.below
    ), top AS MATERIALIZED (
        SELECT below, id FROM above
         WHERE NOT EXISTS (SELECT 1 FROM partnerships_institutionlink link
                             JOIN partnerships_institution higher ON higher.id = link.target_id
                            WHERE link.institution_id = above.id AND link.kind = 'parent'
                              AND higher.visibility = 'public')
    )
    SELECT p.agreement_id, array_agg(DISTINCT p.institution_id), array_agg(DISTINCT top.id)
      FROM partnerships_party p JOIN top ON top.below = p.institution_id
     WHERE p.agreement_id = ANY(wanted)
     GROUP BY p.agreement_id
$$
"""

#: The status on a day, read off the timeline.
STATUS_ON = """
CREATE FUNCTION status_on(days date[], statuses text[], day date) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN statuses[width_bucket(day, days)]
"""

#: The next day on which the status changes by itself.
STATUS_CHANGE = """
CREATE FUNCTION status_change_after(days date[], day date) RETURNS date
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN days[width_bucket(day, days) + 1]
"""

FUNCTIONS = [
    (STATUS_CHANGE, "DROP FUNCTION status_change_after(date[], date)"),
    (STATUS_ON, "DROP FUNCTION status_on(date[], text[], date)"),
    (TIMELINES, "DROP FUNCTION card_timelines(bigint[])"),
    (FACTS, "DROP FUNCTION card_facts(bigint[])"),
    (SIDES, "DROP FUNCTION card_sides(bigint[])"),
]
