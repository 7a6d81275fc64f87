"""What the baseline stores in advance: a search vector with its index, the status, and indexes."""

from django.db import connection

_STATEMENTS = [
    "DROP TABLE IF EXISTS bench_plain_search",
    # An unlogged table is written faster and read the same.
    """
    CREATE UNLOGGED TABLE bench_plain_search AS
    SELECT a.id AS agreement_id,
           setweight(to_tsvector('english', a.title), 'A')
           || setweight(to_tsvector('english', coalesce(party.names, '')), 'A')
           || setweight(to_tsvector('english', coalesce(subject.names, '')), 'B')
           || setweight(to_tsvector('english', coalesce(event.name, '')), 'B')
           || setweight(to_tsvector('english', a.summary), 'D') AS document,
           card.statuses[width_bucket(current_date, card.status_days)] AS status
      FROM partnerships_agreement a
      JOIN partnerships_indexcard card ON card.agreement_id = a.id
      LEFT JOIN partnerships_event event ON event.id = a.event_id
      LEFT JOIN (SELECT p.agreement_id, string_agg(known.names, ' ') AS names
                   FROM partnerships_party p
                   JOIN (SELECT i.id, concat_ws(' ', i.name, string_agg(n.value, ' ')) AS names
                           FROM partnerships_institution i
                           LEFT JOIN partnerships_institutionname n ON n.institution_id = i.id
                          GROUP BY i.id) known ON known.id = p.institution_id
                  GROUP BY p.agreement_id) party ON party.agreement_id = a.id
      LEFT JOIN (SELECT u.agreement_id, string_agg(f.name, ' ') AS names
                   FROM partnerships_agreementfocusarea u JOIN partnerships_focusarea f ON f.id = u.focus_area_id
                  GROUP BY u.agreement_id) subject ON subject.agreement_id = a.id
    """,
    "ALTER TABLE bench_plain_search ADD PRIMARY KEY (agreement_id)",
    "CREATE INDEX ON bench_plain_search USING gin (document)",
    "CREATE INDEX ON bench_plain_search (status)",
    # What django-admin would have made, and what the slow queries of such an application ask for.
    "CREATE INDEX IF NOT EXISTS bench_plain_country ON partnerships_institution (country_id, id)",
    """
    CREATE INDEX IF NOT EXISTS bench_plain_newest ON partnerships_agreement (updated_at DESC, id DESC)
     WHERE publication_state = 'published' AND visibility = 'public'
    """,
]


def prepare() -> None:
    """Make the baseline's table and indexes anew, over the agreements that stand."""
    with connection.cursor() as cursor:
        cursor.execute("SET maintenance_work_mem = '512MB'")
        cursor.execute("SET work_mem = '128MB'")
        for statement in _STATEMENTS:
            cursor.execute(statement)
        cursor.execute("VACUUM (ANALYZE) bench_plain_search")
        cursor.execute("RESET ALL")
