"""Rate limits of the API and of reports, shared by all workers: one row a client, one statement a request.

The generic cell rate algorithm: a client's allowance is whole at ``full_at``; each unit moves that
moment on by ``window / units``, and it may lie at most ``window`` ahead. The clock is the
database's, so that workers on several machines agree. Whoever waits for a row waits for a request
of the same client, for as long as this one statement takes.
"""

import logging
import math
from dataclasses import dataclass, replace

from django.conf import settings
from django.db import Error, connection

from people.clients import Address, customer_of
from people.principals import TokenPrincipal

logger = logging.getLogger("entente.limits")

#: Seconds in which a client may use its units.
WINDOW = 60
#: Seconds in which one visitor may report so many errors as ``RATE_LIMIT_REPORTS`` says.
REPORTS_WINDOW = 3600
#: Rows taken away by one statement: a client that comes back meanwhile waits for no more than that.
_SWEPT_AT_ONCE = 1000

# ``take_allowance`` stands in a migration of ``people``.
_TAKE = "SELECT granted, ahead FROM take_allowance(%(client)s, %(cost)s, %(window)s)"
_GIVE_BACK = """
    UPDATE people_allowance SET full_at = full_at - %(cost)s * interval '1 second' WHERE client = %(client)s
"""
_SWEEP = """
    DELETE FROM people_allowance WHERE ctid = ANY (ARRAY(
        SELECT ctid FROM people_allowance WHERE full_at < clock_timestamp() LIMIT %s FOR UPDATE SKIP LOCKED))
"""


@dataclass(frozen=True)
class Client:
    """Who is counted as one.

    Attributes:
        key: under which the database counts.
        policy: the name of the limit: ``anonymous``, ``token`` or ``staff``.
        units: that it may use in ``window`` seconds.
    """

    key: str
    policy: str
    units: int
    window: int = WINDOW


@dataclass(frozen=True)
class Taken:
    """What a request was told.

    Attributes:
        cost: units that it took.
        granted: False where they were not there, and none were taken.
        ahead: seconds until the allowance is whole.
    """

    client: Client
    cost: int
    granted: bool
    ahead: float

    @property
    def remaining(self) -> int:
        """Units that are there at this moment."""
        left = (self.client.window - self.ahead) * self.client.units / self.client.window
        return min(self.client.units, max(0, math.floor(left + 0.001)))

    @property
    def whole_in(self) -> int:
        """Seconds until all units are there again, rounded up."""
        return max(0, math.ceil(self.ahead))

    @property
    def wait(self) -> int:
        """Seconds until ``cost`` units will be there, rounded up."""
        return max(1, math.ceil(self.ahead + _seconds(self.client, self.cost) - self.client.window))


def client_of(user, address: Address | None) -> Client | None:
    """Return as whom a request is counted, or None where nothing limits it.

    Args:
        user: whatever ``request.user`` holds.
    """
    if not settings.RATE_LIMITS:
        return None
    if isinstance(user, TokenPrincipal):
        own = user.token.rate_limit
        units = settings.RATE_LIMIT_TOKEN if own is None else own
        client = Client(f"token {user.token.pk}", "token", units)
    elif user is not None and user.is_authenticated:
        client = Client(f"user {user.pk}", "staff", settings.RATE_LIMIT_STAFF)
    else:
        client = Client(f"from {customer_of(address)}", "anonymous", settings.RATE_LIMIT_ANONYMOUS)
    return client if client.units > 0 else None


def reporter_of(user, address: Address | None) -> Client | None:
    """Return as whom somebody is counted who reports errors, or None where nothing limits it.

    Args:
        user: whatever ``request.user`` holds.
    """
    if not settings.RATE_LIMITS or settings.RATE_LIMIT_REPORTS <= 0:
        return None
    known = user is not None and user.is_authenticated
    key = f"reports of user {user.pk}" if known else f"reports from {customer_of(address)}"
    return Client(key, "reports", settings.RATE_LIMIT_REPORTS, window=REPORTS_WINDOW)


def take(client: Client, cost: int) -> Taken | None:
    """Take ``cost`` units of a client's allowance; what costs more than it ever holds takes all of it.

    Returns:
        None where the database could not say: the request goes on, and the log tells why.
    """
    cost = min(max(cost, 1), client.units)
    row = _run(_TAKE, client, cost)
    return Taken(client, cost, granted=row[0], ahead=max(0.0, row[1])) if row else None


def give_back(taken: Taken, units: int) -> Taken:
    """Return ``units`` of what was taken, and what the client has then."""
    _run(_GIVE_BACK, taken.client, units)
    ahead = max(0.0, taken.ahead - _seconds(taken.client, units))
    return replace(taken, cost=taken.cost - units, ahead=ahead)


def sweep_allowances() -> int:
    """Take away the rows of clients whose allowance is whole; return how many that were."""
    swept = 0
    with connection.cursor() as cursor:
        while True:
            cursor.execute(_SWEEP, [_SWEPT_AT_ONCE])
            swept += cursor.rowcount
            if cursor.rowcount < _SWEPT_AT_ONCE:
                return swept


def _run(statement: str, client: Client, units: int) -> tuple | None:
    facts = {"client": client.key, "cost": _seconds(client, units), "window": client.window}
    try:
        with connection.cursor() as cursor:
            cursor.execute(statement, facts)
            return cursor.fetchone() if cursor.description else None
    except Error as error:
        # A registry without limits is better than none.
        logger.warning("rate limit not kept", extra={"policy": client.policy, "error": str(error).strip()})
        return None


def _seconds(client: Client, units: int) -> float:
    return units * client.window / client.units
