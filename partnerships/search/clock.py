"""SQL of the clock: the triggers that move it, how it is read and drawn together.

It tells only whether something has changed, never what; it is no part of any answer.
"""

from django.db import connection

#: Tables from which answers are made. Cards are among them, as some are written after their agreement,
#: and words of documents, names and spellings, which jobs may write later.
WATCHED = [
    "people_office",
    "people_person",
    "people_personname",
    *(
        f"partnerships_{name}"
        for name in (
            "activity", "agreement", "agreementfocusarea", "agreementidentifier", "agreementrelation",
            "amendedterm", "amendment", "country", "countryname", "document", "documenttext",
            "documentversion", "event", "findablename", "findableword", "focusarea", "focusareamapping",
            "indexcard", "institution", "institutionidentifier", "institutionlink", "institutionlocation",
            "institutionmerge", "institutionname", "partnershipcount", "party", "period", "sharedoffice",
            "signatory", "source", "stalecard", "statement",
        )
    ),
]  # fmt: skip

#: Once a transaction: what it is told with SET LOCAL goes with the tick where a savepoint is rolled back.
FUNCTION = (
    """
    CREATE FUNCTION partnerships_tick() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF current_setting('entente.ticked', true) IS DISTINCT FROM pg_current_xact_id()::text THEN
            INSERT INTO partnerships_tick (change) VALUES (1 + floor(random() * 2147483647)::bigint);
            PERFORM set_config('entente.ticked', pg_current_xact_id()::text, true);
        END IF;
        RETURN NULL;
    END
    $$
    """,
    "DROP FUNCTION partnerships_tick()",
)
TRIGGERS = [
    (
        f"CREATE TRIGGER tick AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION partnerships_tick()",
        f"DROP TRIGGER tick ON {table}",
    )
    for table in WATCHED
]
_MOVE = "INSERT INTO partnerships_tick (change) VALUES (1 + floor(random() * 2147483647)::bigint)"
_READ = "SELECT coalesce(sum(change), 0) FROM partnerships_tick"
_DRAW_TOGETHER = """
    WITH gone AS (DELETE FROM partnerships_tick RETURNING change)
    INSERT INTO partnerships_tick (change) SELECT sum(change) FROM gone HAVING count(*) > 0
"""


def clock() -> int:
    """Say the time: a number that has moved if anything that answers show was committed since.

    Inside a transaction that writes, it does not tell of everything: read it outside of one.
    """
    return int(_ask(_READ))


def move_clock() -> None:
    """Move the clock: for who writes while the triggers of tables are off."""
    with connection.cursor() as cursor:
        cursor.execute(_MOVE)


def compact_clock() -> None:
    """Draw the ticks together; the time stays."""
    with connection.cursor() as cursor:
        cursor.execute(_DRAW_TOGETHER)


def _ask(statement: str):
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchone()[0]
