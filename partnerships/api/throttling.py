"""Rate limits: every request under ``/api/`` takes units of its client's allowance before it is answered."""

from rest_framework import exceptions, status
from rest_framework.throttling import BaseThrottle

from people.clients import client_address
from people.services.limits import WINDOW, Taken, client_of, give_back, take

from .costs import cost_of

#: The problem type, its title and the names of policies are those of
#: draft-ietf-httpapi-ratelimit-headers-11, as are the two header fields below.
QUOTA_EXCEEDED = "https://iana.org/assignments/http-problem-types#quota-exceeded"
_WHOSE = {"anonymous": "Your address", "token": "This token", "staff": "Your account"}
_ADVICE = {"anonymous": " A token has a limit of its own."}


class QuotaExceeded(exceptions.APIException):
    """The client has to wait."""

    status_code = status.HTTP_429_TOO_MANY_REQUESTS
    default_code = "throttled"

    def __init__(self, taken: Taken):
        client = taken.client
        super().__init__(
            f"{_WHOSE[client.policy]} may use {client.units:,} units in {WINDOW} seconds. This request costs "
            f"{taken.cost}, {taken.remaining} are left; ask again in {taken.wait} seconds."
            + _ADVICE.get(client.policy, "")
        )
        self.wait = taken.wait
        self.headers = {"Cache-Control": "no-store"}
        self.beside = {
            "type": QUOTA_EXCEEDED,
            "title": "Quota exceeded",
            "violated-policies": [client.policy],
        }


class RegistryThrottle(BaseThrottle):
    """What ``REST_FRAMEWORK`` has every view of the API ask first."""

    def allow_request(self, request, view) -> bool:
        spend(request, request.user, cost=cost_of(request, view))
        return True


def spend(request, user, *, cost: int) -> None:
    """Take ``cost`` units for a request, and leave with it what to tell about the limit.

    Of use to a plain Django view, too, which has to answer ``QuotaExceeded`` itself (``errors.handle``);
    ``config.middleware`` writes the headers.

    Raises:
        QuotaExceeded: they are not there.
    """
    client = client_of(user, client_address(request))
    if client is None:
        return
    taken = take(client, cost)
    plain = getattr(request, "_request", request)
    plain.taken = taken
    if taken is not None and not taken.granted:
        raise QuotaExceeded(taken)


def settle(request, response) -> None:
    """Give back what an answer did not cost, and write the header fields.

    What was refused as wrong, or has not changed, costs one unit. A failure of ours keeps its price:
    a question that takes too long has cost us all that time.
    """
    taken: Taken | None = getattr(request, "taken", None)
    if taken is None:
        return
    cheap = response.status_code == 304 or 400 <= response.status_code < 500
    if taken.granted and taken.cost > 1 and cheap:
        taken = give_back(taken, taken.cost - 1)
    client = taken.client
    reset = taken.whole_in if taken.granted else taken.wait
    response.headers["RateLimit-Policy"] = f'"{client.policy}";q={client.units};w={WINDOW}'
    response.headers["RateLimit"] = f'"{client.policy}";r={taken.remaining};t={reset}'
