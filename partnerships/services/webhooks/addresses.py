"""Where webhooks may go. An address is read when it is given, and looked up anew at every delivery.

What a name leads to can change between two looks, so the connection is made to the very IP
address that was checked (``sending``), never to the name again.
"""

import ipaddress
import socket
import threading
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from django.conf import settings

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Address = ipaddress.IPv4Address | ipaddress.IPv6Address

LONGEST = 500
#: Seconds that the look-up of a name may take.
LOOK_UP_SECONDS = 5
#: Networks that Python takes for public and that are not: those that carry an IPv4 address inside an
#: IPv6 one (who speaks to them speaks to the inner one), and what was set apart for protocols.
_SET_APART = [
    ipaddress.ip_network(text)
    for text in (
        "2002::/16", "2001::/32", "64:ff9b::/96", "64:ff9b:1::/48", "::/96", "::ffff:0:0:0/96",
        "192.0.0.0/24", "192.88.99.0/24",
    )
]  # fmt: skip


class Refused(ValueError):
    """An address to which nothing is sent; the message says why, for whoever gave the address."""


@dataclass(frozen=True)
class Destination:
    """An address, read.

    Args:
        host: as it is looked up and as the certificate must name it.
        target: path and query, as they are asked for.
    """

    secure: bool
    host: str
    port: int
    target: str


def read_address(text: str) -> Destination:
    """Read an address; look nothing up.

    Raises:
        Refused: it is none, or one to which nothing may be sent whatever its name leads to.
    """
    if len(text) > LONGEST or any(ord(letter) <= 32 or ord(letter) == 127 for letter in text) or "\\" in text:
        raise Refused(f"Write an address of at most {LONGEST} characters without spaces.")
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError as error:
        raise Refused("This is no address: write https://example.org/path.") from error
    if parts.scheme not in ("https", "http") or not parts.hostname:
        raise Refused("Write an address that begins with https://.")
    if parts.username is not None or parts.password is not None:
        raise Refused("Leave name and password out of the address: deliveries are signed instead.")
    if parts.fragment:
        raise Refused("Leave out what follows “#”.")
    secure = parts.scheme == "https"
    destination = Destination(secure, _ascii(parts.hostname), port or (443 if secure else 80), _target(parts))
    if (literal := _literal(destination.host)) is not None:
        require_allowed(destination, literal)
    elif not settings.WEBHOOK_ALLOWED_NETWORKS:
        # Where no network is allowed by name, no look-up can save these.
        _require_usual(destination)
    return destination


def look_up(destination: Destination) -> list[str]:
    """Return the IP addresses of ``destination`` to which a connection may be made now.

    Raises:
        Refused: its name leads nowhere, or only to where nothing may be sent.
    """
    found = [ipaddress.ip_address(text.partition("%")[0]) for text in _resolve(destination)]
    allowed = [address for address in found if not _fault(destination, address)]
    if not allowed:
        require_allowed(destination, found[0])
    return [str(address) for address in allowed]


def require_allowed(destination: Destination, address: Address) -> None:
    """Raise Refused unless ``address`` may be connected to for ``destination``."""
    if fault := _fault(destination, address):
        raise Refused(fault)


def _fault(destination: Destination, address: Address) -> str:
    """Why no connection is made to ``address``; "" where one may be."""
    address = getattr(address, "ipv4_mapped", None) or address
    if any(address in network for network in _allowed_networks()):
        return ""
    if not _is_public(address):
        return (
            f"{destination.host} leads to {address}, which is no public address. The operator can allow "
            "a network with WEBHOOK_ALLOWED_NETWORKS."
        )
    try:
        _require_usual(destination)
    except Refused as error:
        return str(error)
    return ""


def _is_public(address: Address) -> bool:
    """True for addresses of the open internet and of nothing else."""
    if any(address in network for network in _SET_APART):
        return False
    return address.is_global and not (
        address.is_multicast
        or address.is_reserved
        or address.is_private
        or address.is_loopback
        or address.is_link_local
        or address.is_unspecified
        or getattr(address, "is_site_local", False)
    )


def _require_usual(destination: Destination) -> None:
    """Raise Refused for what is only done in networks that the operator allowed by name."""
    if not destination.secure:
        raise Refused("Write an address that begins with https://: nothing is sent unencrypted.")
    if destination.port not in settings.WEBHOOK_PORTS:
        ports = ", ".join(map(str, settings.WEBHOOK_PORTS))
        raise Refused(f"Port {destination.port} is not used for webhooks; these are: {ports}.")


def _allowed_networks() -> list[Network]:
    return [ipaddress.ip_network(text) for text in settings.WEBHOOK_ALLOWED_NETWORKS]


def _ascii(host: str) -> str:
    """The host as it is looked up: names in other scripts in their ASCII form."""
    if ":" in host:
        if _literal(host) is None or "%" in host:
            raise Refused("This is no address: write https://example.org/path.")
        return host
    try:
        return host.encode("idna").decode("ascii")
    except UnicodeError as error:
        raise Refused("The host of this address is no name that can be looked up.") from error


def _literal(host: str) -> Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


def _target(parts: SplitResult) -> str:
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    if not target.isascii():
        raise Refused("Percent-encode what is not ASCII in the path of the address.")
    return target


def _resolve(destination: Destination) -> list[str]:
    """Ask for the addresses of a name, for ``LOOK_UP_SECONDS`` at most: the system would wait longer."""
    answer: list = []

    def ask() -> None:
        try:
            answer.append(
                socket.getaddrinfo(destination.host, destination.port, type=socket.SOCK_STREAM) or OSError()
            )
        except (OSError, UnicodeError) as error:
            answer.append(error)

    asking = threading.Thread(target=ask, daemon=True)
    asking.start()
    asking.join(LOOK_UP_SECONDS)
    if not answer:
        raise Refused(f"Looking up {destination.host} took more than {LOOK_UP_SECONDS} seconds.")
    if isinstance(answer[0], Exception):
        raise Refused(f"{destination.host} is not known to the name servers.")
    return list(dict.fromkeys(entry[4][0] for entry in answer[0]))
