"""SQL that the first migration installs before the tables that use it."""

REQUIRE_PUBLISHABLE = """
CREATE FUNCTION require_publishable(wanted bigint) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    record_visibility text;
    unlisted text;
BEGIN
    SELECT visibility INTO record_visibility FROM partnerships_agreement
     WHERE id = wanted AND publication_state = 'published';
    IF NOT FOUND THEN RETURN; END IF;

    IF (SELECT count(*) FROM partnerships_party WHERE agreement_id = wanted) < 2 THEN
        RAISE EXCEPTION 'A published agreement needs two parties or more.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'published_has_two_parties';
    END IF;
    IF NOT EXISTS (SELECT 1 FROM partnerships_source WHERE agreement_id = wanted) THEN
        RAISE EXCEPTION 'A published agreement needs a source.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'published_has_source';
    END IF;
    IF record_visibility <> 'public' THEN RETURN; END IF;

    SELECT name INTO unlisted FROM (
        SELECT i.name FROM partnerships_party p JOIN partnerships_institution i ON i.id = p.institution_id
         WHERE p.agreement_id = wanted AND i.visibility <> 'public'
        UNION ALL
        SELECT i.name FROM partnerships_statement s
          JOIN partnerships_institution i ON i.id = s.institution_id
         WHERE s.agreement_id = wanted AND i.visibility <> 'public'
        UNION ALL
        SELECT h.name FROM partnerships_statement s JOIN people_person h ON h.id = s.person_id
         WHERE s.agreement_id = wanted AND h.visibility <> 'public'
        UNION ALL
        SELECT h.name FROM partnerships_signatory s JOIN partnerships_party p ON p.id = s.party_id
          JOIN people_person h ON h.id = s.person_id
         WHERE p.agreement_id = wanted AND h.visibility <> 'public'
        UNION ALL
        SELECT f.name FROM partnerships_agreementfocusarea a
          JOIN partnerships_focusarea f ON f.id = a.focus_area_id
         WHERE a.agreement_id = wanted AND f.visibility <> 'public'
        UNION ALL
        SELECT e.name FROM partnerships_agreement a JOIN partnerships_event e ON e.id = a.event_id
         WHERE a.id = wanted AND e.visibility <> 'public'
    ) AS named LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'A public agreement names “%”, which is not public yet.', unlisted
            USING ERRCODE = 'check_violation', CONSTRAINT = 'published_names_public';
    END IF;
END
$$
"""

#: Every two institutions that share an agreement, the one with the smaller id first.
PARTY_PAIRS = """
CREATE VIEW partnerships_partypair AS
SELECT (one.id::text || '-' || two.id::text) AS id,
       one.agreement_id,
       one.institution_id AS first_id,
       two.institution_id AS second_id
  FROM partnerships_party one
  JOIN partnerships_party two
    ON two.agreement_id = one.agreement_id AND two.institution_id > one.institution_id
"""
