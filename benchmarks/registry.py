"""A synthetic registry of any size, written by the database itself in seconds.

Institutions, persons and subjects are numbered; parties are drawn with a skew, so that a few
institutions have very many agreements, as in life. Triggers are off while it is written: history
and last-changed dates are not what is measured.
"""

from django.db import connection, transaction

_STATEMENTS = [
    """INSERT INTO partnerships_institution (uid, name, types, description, country_id, region, city, website, state,
                                          visibility)
       SELECT 'bn' || lpad(n::text, 8, 'b'), 'University of ' || initcap(translate(n::text, '0123456789', 'aeioubdgkl')),
              '{{education}}', '', (ARRAY['GB','KR','FR','DE','US','JP','BR','IN','ZA','SG'])[1 + n %% 10], '', '', '',
              'active', 'public'
         FROM generate_series(1, {institutions}) n""",
    """INSERT INTO partnerships_agreement (uid, title, type, summary, languages, signed_on, effective_from, end_kind,
           ends_on, signed_place, term_as_stated, renewal, renewal_note, notice_unit, termination_reason, binding,
           publication_state, visibility, withdrawal_reason, published_at)
       SELECT 'bx' || lpad(n::text, 8, 'b'),
              (ARRAY['Cooperation','Exchange','Research','Training'])[1 + n %% 4] || ' in '
                  || (ARRAY['medicine','physics','law','history','ecology'])[1 + n %% 5] || ' no. ' || n,
              (ARRAY['memorandum_of_understanding','framework','exchange','cooperation'])[1 + n %% 4],
              'Plans for ' || (ARRAY['students','laboratories','archives','lectures'])[1 + n %% 4] || ' and '
                  || (ARRAY['quantum','climate','vaccines','poetry','robots','bridges','tides'])[1 + n %% 7] || '.',
              '{{}}', daterange(make_date(1990 + n %% 35, 1, 1), make_date(1991 + n %% 35, 1, 1)),
              daterange(make_date(1990 + n %% 35, 1, 1), make_date(1991 + n %% 35, 1, 1)),
              CASE WHEN n %% 3 = 0 THEN 'unknown' ELSE 'date' END,
              CASE WHEN n %% 3 <> 0 THEN daterange(make_date(1995 + n %% 35, 6, 30), make_date(1995 + n %% 35, 7, 1)) END,
              '', '', 'not_stated', '', '', '', 'not_stated',
              CASE WHEN n %% 20 = 0 THEN 'draft' ELSE 'published' END, 'public', '', now()
         FROM generate_series(1, {agreements}) n""",
    """INSERT INTO partnerships_party (agreement_id, institution_id, role, reference, position)
       SELECT a.id, i.id, 'party', '', p
         FROM partnerships_agreement a
        CROSS JOIN generate_series(0, 1) p
         JOIN LATERAL (SELECT 1 + floor(power(((a.id * 7919 + p * 104729) %% 1000003) / 1000003.0, 3)
                                        * ({institutions} / 2))::int * 2 - p AS n) pick ON true
         JOIN partnerships_institution i ON i.uid = 'bn' || lpad(greatest(pick.n, 1)::text, 8, 'b')
           ON CONFLICT DO NOTHING""",
    """INSERT INTO partnerships_activity (uid, agreement_id, kind, direction, quota_note, description, position)
       SELECT 'bz' || lpad((a.id * 2 + p)::text, 8, 'b'), a.id,
              (ARRAY['joint_research','internships','secondments','events'])[1 + (a.id + p) %% 4], 'both', '', '', p
         FROM partnerships_agreement a CROSS JOIN generate_series(0, 1) p""",
    """INSERT INTO partnerships_source (uid, agreement_id, kind, title, url, publisher, language, supports, quote, note,
                                     position)
       SELECT 'bs' || lpad(a.id::text, 8, 'b'), a.id, 'press_release', 'Release ' || a.id, '', '', '', '{{parties}}',
              '', '', 0
         FROM partnerships_agreement a""",
]
_TABLES = ["institution", "agreement", "party", "activity", "source"]


def write_registry(*, agreements: int, institutions: int) -> None:
    """Replace what stands in this database by a synthetic registry. For a database of its own only."""
    with connection.cursor() as cursor:
        with transaction.atomic():
            cursor.execute("TRUNCATE " + ", ".join(f"partnerships_{table}" for table in _TABLES) + " CASCADE")
            for table in _TABLES:
                cursor.execute(f"ALTER TABLE partnerships_{table} DISABLE TRIGGER USER")
            for statement in _STATEMENTS:
                cursor.execute(statement.format(agreements=agreements, institutions=institutions), [])
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            for table in _TABLES:
                cursor.execute(f"ALTER TABLE partnerships_{table} ENABLE TRIGGER USER")
        for table in _TABLES:
            cursor.execute(f"VACUUM ANALYZE partnerships_{table}")
