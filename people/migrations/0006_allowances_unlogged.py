"""Rate limits: a table outside of the database's log, and the one act upon it.

With half of each page left free a changed row stays on its page, and no index is touched. A function
is planned once a connection; the same statement sent as text takes twice as long.

Allowed networks of tokens: what is none is refused by the database's own type.
"""

from django.db import migrations

TAKE = """
CREATE FUNCTION take_allowance(
    whom text, price double precision, span double precision, OUT granted boolean, OUT ahead double precision
) AS $$
DECLARE
    here timestamptz := clock_timestamp();
    cost interval := price * interval '1 second';
    -- The millisecond is for the rounding of intervals.
    farthest timestamptz := here + span * interval '1 second' + interval '1 millisecond';
    whole timestamptz;
BEGIN
    INSERT INTO people_allowance AS client (client, full_at, granted) VALUES (whom, here + cost, true)
    ON CONFLICT (client) DO UPDATE SET
        granted = greatest(client.full_at, here) + cost <= farthest,
        full_at = CASE
            WHEN greatest(client.full_at, here) + cost <= farthest THEN greatest(client.full_at, here) + cost
            -- Farther is only what the clock left that was set back: nobody waits for that.
            ELSE least(client.full_at, farthest)
        END
    RETURNING client.granted, client.full_at INTO granted, whole;
    ahead := extract(epoch FROM whole - here);
END
$$ LANGUAGE plpgsql;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0005_tokens_and_limits"),
    ]

    operations = [
        migrations.RunSQL(
            """
            ALTER TABLE people_allowance SET UNLOGGED;
            ALTER TABLE people_allowance SET (fillfactor = 50);
            """,
            """
            ALTER TABLE people_allowance RESET (fillfactor);
            ALTER TABLE people_allowance SET LOGGED;
            """,
        ),
        migrations.RunSQL(
            """
            ALTER TABLE people_apitoken
                ADD CONSTRAINT token_networks_are_networks CHECK (networks::cidr[] IS NOT NULL);
            """,
            "ALTER TABLE people_apitoken DROP CONSTRAINT token_networks_are_networks;",
        ),
        migrations.RunSQL(TAKE, "DROP FUNCTION take_allowance(text, double precision, double precision);"),
    ]
