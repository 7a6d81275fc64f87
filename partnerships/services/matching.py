"""Which institution is meant, decided only where nobody need be asked; and what a new one resembles."""

from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from partnerships.choices import LinkKind
from partnerships.models import InstitutionLink
from partnerships.ror import parse_ror

from .candidates import Candidate, candidates

#: From this score on a new institution is taken for one that stands: the whole name, or a slip in it.
ALIKE = 95
#: With the same website, a name that comes so near will do.
_NEAR = 80
#: What another ROR id takes from a score: two ids of ROR are two institutions.
_ANOTHER_ID = 40


@dataclass(frozen=True)
class Match:
    """What a name may mean: the one institution that it means without doubt, and all that it may."""

    chosen: Candidate | None
    candidates: list[Candidate]


class Alike(Exception):
    """Institutions stand that the new one may be; nothing was written."""

    def __init__(self, found: list[Candidate]):
        super().__init__(
            "An institution that may be this one stands already; use it, or say that it is another."
        )
        self.candidates = found


def match_institution(
    *, name: str, user, country: str | None = None, identifier: str | None = None, website: str = "",
    limit: int = 5,
) -> Match:  # fmt: skip
    """Return the institutions that ``user`` may see and that may be meant, the likeliest first.

    One is chosen where it has the identifier; where it alone carries the whole name (in the country
    that is given); or where it alone has the website and a name that comes near. Never one that has
    another ROR id than the one given.

    Args:
        name: as written, in any script; may be empty where an identifier is given.
        country: ISO 3166-1 alpha-2 code.
        identifier: a ROR id in any written form, or an id of this registry.
        website: an address; its host is compared.
    """
    found = candidates(name=name, user=user, country=country, identifier=identifier, limit=limit)
    ror_id = parse_ror(identifier) if identifier else None
    found = [_weighed(one, ror_id, _host(website)) for one in found]
    found.sort(key=lambda one: -one.score)
    certain = [one for one in found if one.certain]
    return Match(certain[0] if len(certain) == 1 else None, found)


def require_unlike(*, name: str, user, country: str | None, ror_id: str | None, parents: list) -> None:
    """Refuse a new institution that may be one of those that stand.

    Sub-units of different institutions share their names, and two ROR ids are two institutions.

    Raises:
        Alike: with those that it may be.
    """
    found = candidates(name=name, user=user, country=country)
    alike = [one for one in found if one.score >= ALIKE and not (ror_id and one.institution.ror_id)]
    if alike and parents:
        above = InstitutionLink.objects.filter(kind=LinkKind.PARENT, target__in=parents)
        related = set(above.values_list("institution_id", flat=True))
        placed = InstitutionLink.objects.filter(
            kind=LinkKind.PARENT, institution__in=[one.institution.pk for one in alike]
        )
        elsewhere = set(placed.values_list("institution_id", flat=True)) - related
        own = {parent.pk for parent in parents}
        alike = [one for one in alike if one.institution.pk not in elsewhere | own]
    if alike:
        raise Alike(alike)


def _weighed(found: Candidate, ror_id: str | None, host: str) -> Candidate:
    other = found.institution.ror_id
    if ror_id and other and other != ror_id:
        return replace(
            found,
            score=max(0, found.score - _ANOTHER_ID),
            reason=f"{found.reason}; another ROR id",
            certain=False,
        )
    if host and host == _host(found.institution.website):
        certain = found.certain or found.score >= _NEAR
        return replace(found, reason=f"{found.reason}; same website", certain=certain)
    return found


def _host(address: str) -> str:
    try:
        host = urlsplit(address if "//" in address else f"//{address}").hostname or ""
    except ValueError:
        return ""
    return host.removeprefix("www.")
