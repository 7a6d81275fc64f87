"""Where a request comes from, and which networks an address belongs to.

One answer for everything that asks: allowed networks of tokens, rate limits, the lock on sign-in.
"""

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from django.conf import settings
from django.core.exceptions import ValidationError

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network
#: One customer of a provider has (at least) this much of IPv6; single addresses change by the hour.
CUSTOMER_BITS = 64
_MAPPED = IPv6Network("::ffff:0:0/96")


def client_address(request) -> Address | None:
    """Return the address that the request came from, as far as it can be trusted.

    Each proxy adds the address that it was asked from at the end of ``X-Forwarded-For``, so with
    ``TRUSTED_PROXIES`` of n the n-th entry from the end was written by a proxy of ours; whatever
    stands before it a stranger may have written. With fewer entries, nobody vouches for any.

    Args:
        request: anything with ``META``.

    Returns:
        None where there is no address, as behind a Unix socket without a trusted proxy.
    """
    proxies = settings.TRUSTED_PROXIES
    if proxies > 0:
        entries = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
        if len(entries) >= proxies and (address := parsed(entries[-proxies])):
            return address
    return parsed(request.META.get("REMOTE_ADDR", ""))


def address_in_words(request) -> str | None:
    """The same as text, for the lock on sign-in (``AXES_CLIENT_IP_CALLABLE``)."""
    address = client_address(request)
    return str(address) if address else None


def parsed(text: str) -> Address | None:
    """Read an address in any form that proxies write: with a port, in brackets, with a zone."""
    text = text.strip()[:100]
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ip_address(text.partition("%")[0])
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def customer_of(address: Address | None) -> str:
    """Return whom an address stands for: itself, or its /64 of IPv6."""
    if address is None:
        return "unknown"
    if address.version == 4:
        return str(address)
    return str(IPv6Network((int(address), CUSTOMER_BITS), strict=False))


def network(text: str) -> Network:
    """Read a network as CIDR writes it; a single address is a network of one.

    Raises:
        ValidationError: it is none, or has bits set beyond its prefix.
    """
    text = text.strip()
    try:
        found = ip_network(text, strict=False)
    except ValueError as error:
        raise ValidationError(
            f"“{text[:60]}” is no network. Write it like 192.0.2.0/24 or 2001:db8::/32.", code="no_network"
        ) from error
    if "/" in text and found != _strict(text):
        raise ValidationError(
            f"“{text}” has bits set beyond its prefix; the network is {found}.", code="host_bits"
        )
    if found.version == 6 and found.subnet_of(_MAPPED):
        return IPv4Network((int(found.network_address) & 0xFFFFFFFF, found.prefixlen - 96))
    return found


def validate_network(text: str) -> None:
    """Validator of a model's field."""
    network(text)


def is_within(address: Address | None, networks: list[str]) -> bool:
    """True where ``address`` belongs to one of ``networks``. Nonsense among them admits nobody."""
    if address is None:
        return False
    for text in networks:
        try:
            found = network(text)
        except ValidationError:
            continue
        if address.version == found.version and address in found:
            return True
    return False


def _strict(text: str) -> Network | None:
    try:
        return ip_network(text)
    except ValueError:
        return None
