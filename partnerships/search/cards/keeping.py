"""SQL that keeps the cards in step: how cards are written, and the triggers that have them written.

A statement that changes registry data ends with the cards of the agreements that it touched being
written anew, set by set. Who writes a card first locks the agreement, and what the card is made
from against change: of two transactions that meet, the later one sees what the earlier one did.
"""

# ruff: noqa: S608

#: Above this number of cards, what follows from a change of the catalogue is left to ``refresh_stale_cards``.
AT_ONCE = 500

_COLUMNS = (
    "publication_state, visibility, office_id, created_at, updated_at, title, announced_on, signed_on, effective_from, "
    "ends_on, dated_on, status_days, statuses, keys, parties, roots, names, topics, words"
)

LOCK = """
CREATE FUNCTION lock_cards(wanted bigint[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM partnerships_agreement WHERE id = ANY(wanted) ORDER BY id FOR NO KEY UPDATE;
    PERFORM 1 FROM partnerships_institution WHERE id IN (
        SELECT above.id FROM institutions_above(ARRAY(
            SELECT institution_id FROM partnerships_party WHERE agreement_id = ANY(wanted)
            UNION
            SELECT institution_id FROM partnerships_statement
             WHERE agreement_id = ANY(wanted) AND institution_id IS NOT NULL)) above
    ) ORDER BY id FOR SHARE;
    PERFORM 1 FROM partnerships_focusarea WHERE id IN (
        SELECT above.id FROM subjects_above(ARRAY(
            SELECT focus_area_id FROM partnerships_agreementfocusarea WHERE agreement_id = ANY(wanted))) above
    ) ORDER BY id FOR SHARE;
    PERFORM 1 FROM partnerships_event WHERE id IN (
        SELECT event_id FROM partnerships_agreement WHERE id = ANY(wanted)
    ) ORDER BY id FOR SHARE;
    PERFORM 1 FROM people_person WHERE id IN (
        SELECT person_id FROM partnerships_statement WHERE agreement_id = ANY(wanted)
        UNION
        SELECT g.person_id FROM partnerships_party p JOIN partnerships_signatory g ON g.party_id = p.id
         WHERE p.agreement_id = ANY(wanted)
    ) ORDER BY id FOR SHARE;
END
$$
"""

REFRESH = f"""
CREATE FUNCTION refresh_cards(wanted bigint[]) RETURNS void LANGUAGE plpgsql
-- Planning these statements takes longer than running them for one agreement.
SET plan_cache_mode = force_generic_plan SET jit = off AS $$
BEGIN
    IF coalesce(cardinality(wanted), 0) = 0 THEN RETURN; END IF;
    PERFORM lock_cards(wanted);

    DELETE FROM partnerships_indexcard card WHERE agreement_id = ANY(wanted)
       AND NOT EXISTS (SELECT 1 FROM partnerships_agreement a WHERE a.id = card.agreement_id);
    DELETE FROM partnerships_preparedrecord record WHERE agreement_id = ANY(wanted)
       AND NOT EXISTS (SELECT 1 FROM partnerships_agreement a WHERE a.id = record.agreement_id);

    INSERT INTO partnerships_heading (facet, value)
    SELECT DISTINCT fact.facet, fact.value FROM card_facts(wanted) fact
     WHERE NOT EXISTS (SELECT 1 FROM partnerships_heading known
                        WHERE known.facet = fact.facet AND known.value = fact.value)
     ORDER BY fact.facet, fact.value
        ON CONFLICT DO NOTHING;

    -- What functions give is put down first: PostgreSQL would run them again for every agreement.
    WITH timeline AS MATERIALIZED (
        SELECT * FROM card_timelines(wanted)
    ), side AS MATERIALIZED (
        SELECT * FROM card_sides(wanted)
    ), passage AS MATERIALIZED (
        SELECT p.agreement_id, array_agg(p.weight ORDER BY p.number) AS weights, array_agg(p.value ORDER BY p.number) AS texts,
               jsonb_agg(jsonb_build_array(p.place, p.kind, p.holder, p.value) ORDER BY p.number) AS passages
          FROM (SELECT *, row_number() OVER (ORDER BY weight, array_position(ARRAY['title', 'party', 'parent'], place),
                                                place, holder, kind, value) AS number
                  FROM card_passages(wanted) WHERE value <> '') p
         GROUP BY p.agreement_id
    ), key AS MATERIALIZED (
        SELECT fact.agreement_id, array_agg(heading.id ORDER BY heading.id) AS keys
          FROM card_facts(wanted) fact
          JOIN partnerships_heading heading ON heading.facet = fact.facet AND heading.value = fact.value
         GROUP BY fact.agreement_id
    ), card AS MATERIALIZED (
        SELECT a.id, a.publication_state, a.visibility, a.office_id, a.created_at, a.updated_at, a.title,
               a.announced_on, a.signed_on, a.effective_from, timeline.ends_on,
               coalesce(lower(coalesce(a.signed_on, a.announced_on, a.effective_from)), '0001-01-01') AS dated_on,
               timeline.days, timeline.statuses, key.keys, coalesce(side.parties, '{{}}') AS parties,
               coalesce(side.roots, '{{}}') AS roots,
               card_lexemes(passage.weights, passage.texts, stemmed_languages(a.languages)) AS words
          FROM partnerships_agreement a
          JOIN timeline ON timeline.agreement_id = a.id
          JOIN passage ON passage.agreement_id = a.id
          JOIN key ON key.agreement_id = a.id
          LEFT JOIN side ON side.agreement_id = a.id
         WHERE a.id = ANY(wanted)
    ), prepared AS (
        INSERT INTO partnerships_preparedrecord AS record (agreement_id, version, passages)
        SELECT agreement_id, nextval('partnerships_record_version'), passages FROM passage ORDER BY agreement_id
            ON CONFLICT (agreement_id) DO UPDATE
           SET version = excluded.version, passages = excluded.passages, body = NULL, good_until = NULL
    )
    INSERT INTO partnerships_indexcard AS standing (agreement_id, {_COLUMNS})
    SELECT id, publication_state, visibility, office_id, created_at, updated_at, title, announced_on, signed_on,
           effective_from, ends_on, dated_on, days, statuses, keys, parties, roots, ts_filter(words, '{{a}}'),
           ts_filter(words, '{{a,b}}'), words
      FROM card ORDER BY id
        ON CONFLICT (agreement_id) DO UPDATE
       SET ({_COLUMNS}) = ROW({", ".join(f"excluded.{name}" for name in _COLUMNS.split(", "))})
     WHERE ({", ".join(f"standing.{name}" for name in _COLUMNS.split(", "))})
           IS DISTINCT FROM ({", ".join(f"excluded.{name}" for name in _COLUMNS.split(", "))});

    INSERT INTO partnerships_findableword (word, variants)
    SELECT fresh.word, word_variants(fresh.word) FROM (
        SELECT DISTINCT word
          FROM partnerships_indexcard card, unnest(tsvector_to_array(card.words)) AS word
         WHERE card.agreement_id = ANY(wanted) AND word !~ '[=[:digit:]]' AND length(word) BETWEEN 3 AND 40
           AND NOT EXISTS (SELECT 1 FROM partnerships_findableword known WHERE known.word = word.word)
    ) AS fresh ORDER BY fresh.word
        ON CONFLICT DO NOTHING;
END
$$
"""

CHANGED = f"""
CREATE FUNCTION cards_changed(wanted bigint[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF coalesce(cardinality(wanted), 0) <= {AT_ONCE} THEN
        PERFORM refresh_cards(wanted);
        RETURN;
    END IF;
    -- Too many for whoever waits for this statement: what is prepared goes at once, the rest follows.
    UPDATE partnerships_preparedrecord SET version = nextval('partnerships_record_version'), body = NULL
     WHERE agreement_id = ANY(wanted);
    INSERT INTO partnerships_stalecard (agreement_id)
    SELECT one FROM unnest(wanted) AS one ORDER BY one ON CONFLICT DO NOTHING;
END
$$
"""

STALE = """
CREATE FUNCTION refresh_stale_cards(most integer) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
    taken bigint[];
BEGIN
    WITH one AS (
        SELECT agreement_id FROM partnerships_stalecard ORDER BY agreement_id LIMIT most FOR UPDATE SKIP LOCKED
    ), gone AS (
        DELETE FROM partnerships_stalecard stale USING one WHERE stale.agreement_id = one.agreement_id
        RETURNING stale.agreement_id
    )
    SELECT array_agg(agreement_id) INTO taken FROM gone;
    PERFORM refresh_cards(taken);
    RETURN coalesce(cardinality(taken), 0);
END
$$
"""

#: Agreements that name one of the institutions, or one that stands below it.
OF_INSTITUTIONS = """
CREATE FUNCTION cards_of_institutions(changed bigint[]) RETURNS bigint[] LANGUAGE sql STABLE AS $$
    WITH RECURSIVE below(id) AS (
        SELECT unnest(changed)
        UNION
        SELECT link.institution_id
          FROM below JOIN partnerships_institutionlink link ON link.target_id = below.id AND link.kind = 'parent'
    )
    SELECT array_agg(agreement_id) FROM (
        SELECT p.agreement_id FROM below JOIN partnerships_party p ON p.institution_id = below.id
        UNION
        SELECT s.agreement_id FROM below JOIN partnerships_statement s ON s.institution_id = below.id
    ) AS named
$$
"""

OF_SUBJECTS = """
CREATE FUNCTION cards_of_subjects(changed bigint[]) RETURNS bigint[] LANGUAGE sql STABLE AS $$
    WITH RECURSIVE below(id) AS (
        SELECT unnest(changed)
        UNION
        SELECT area.id FROM below JOIN partnerships_focusarea area ON area.parent_id = below.id
    )
    SELECT array_agg(DISTINCT use.agreement_id)
      FROM below JOIN partnerships_agreementfocusarea use ON use.focus_area_id = below.id
$$
"""

OF_PEOPLE = """
CREATE FUNCTION cards_of_people(changed bigint[]) RETURNS bigint[] LANGUAGE sql STABLE AS $$
    SELECT array_agg(agreement_id) FROM (
        SELECT s.agreement_id FROM partnerships_statement s WHERE s.person_id = ANY(changed)
        UNION
        SELECT p.agreement_id FROM partnerships_signatory g JOIN partnerships_party p ON p.id = g.party_id
         WHERE g.person_id = ANY(changed)
    ) AS named
$$
"""

#: An agreement itself, and those that name it as older or newer: its title and its dates show there.
OF_AGREEMENTS = """
CREATE FUNCTION cards_of_agreements(changed bigint[]) RETURNS bigint[] LANGUAGE sql STABLE AS $$
    SELECT array_agg(id) FROM (
        SELECT unnest(changed) AS id
        UNION
        SELECT target_id FROM partnerships_agreementrelation WHERE agreement_id = ANY(changed)
        UNION
        SELECT agreement_id FROM partnerships_agreementrelation WHERE target_id = ANY(changed)
    ) AS related
$$
"""

FUNCTIONS = [
    (LOCK, "DROP FUNCTION lock_cards(bigint[])"),
    (REFRESH, "DROP FUNCTION refresh_cards(bigint[])"),
    (CHANGED, "DROP FUNCTION cards_changed(bigint[])"),
    (STALE, "DROP FUNCTION refresh_stale_cards(integer)"),
    (OF_INSTITUTIONS, "DROP FUNCTION cards_of_institutions(bigint[])"),
    (OF_SUBJECTS, "DROP FUNCTION cards_of_subjects(bigint[])"),
    (OF_PEOPLE, "DROP FUNCTION cards_of_people(bigint[])"),
    (OF_AGREEMENTS, "DROP FUNCTION cards_of_agreements(bigint[])"),
]
