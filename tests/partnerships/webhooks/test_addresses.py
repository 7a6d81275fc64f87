"""Nothing is sent into networks that nobody opened for it, whatever a name says it leads to."""

import socket

import pytest

from partnerships.services.webhooks import addresses
from partnerships.services.webhooks.addresses import Refused, look_up, read_address
from partnerships.services.webhooks.sending import send

INSIDE = [
    "127.0.0.1",
    "127.8.8.8",
    "0.0.0.0",  # noqa: S104
    "0.1.2.3",
    "10.0.0.1",
    "172.16.0.1",
    "172.31.255.255",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "100.127.255.254",
    "192.0.0.8",
    "192.0.2.1",
    "192.88.99.1",
    "198.18.0.1",
    "198.51.100.7",
    "203.0.113.7",
    "224.0.0.1",
    "239.1.1.1",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "::ffff:0:7f00:1",
    "::7f00:1",
    "::8.8.8.8",
    "64:ff9b::7f00:1",
    "64:ff9b::808:808",
    "64:ff9b:1::1",
    "2002:7f00:1::",
    "2002:808:808::1",
    "2001:0:7f00:1::",
    "2001:db8::1",
    "fc00::1",
    "fd12:3456::1",
    "fe80::1",
    "fe80::1%eth0",
    "fec0::1",
    "ff02::1",
    "100::1",
]
OUTSIDE = ["8.8.8.8", "93.184.216.34", "2606:4700:4700::1111", "2a00:1450:4001:830::200e", "::ffff:8.8.8.8"]
NONSENSE = [
    "",
    "example.org/hook",
    "ftp://example.org/",
    "file:///etc/passwd",
    "javascript:alert(1)",
    "https://",
    "https:///hook",
    "https://user@example.org/",
    "https://user:pass@example.org/",
    "https://:@example.org/",
    "https://example.org:99999/",
    "https://example.org:x/",
    "https://example.org/#part",
    "https://example.org/a b",
    "https://example.org/\r\nHost: evil",
    "https://example.org/\x00",
    "https://example.org\\@127.0.0.1/",
    "https://[::1",
    "https://[fe80::1%25eth0]/",
    "https://" + "a" * 70 + ".org/",
    "https://..example.org/",
    "https://example.org/카이스트",
    "https://example.org/" + "a" * 500,
    "http://example.org/",
    "https://example.org:22/",
    "https://example.org:6379/",
]


@pytest.fixture(autouse=True)
def receivers_here(settings):
    """Instead of the room's: nothing is allowed here."""
    settings.WEBHOOK_ALLOWED_NETWORKS = []


@pytest.fixture
def names(monkeypatch):
    """What names lead to, by name; and how often one asked."""
    known, asked = {}, []

    def ask(host, port, *args, **kwargs):
        asked.append(host)
        answer = known[host].pop(0) if isinstance(known.get(host), list) else known.get(host)
        if answer is None:
            raise socket.gaierror("not known")
        return [
            (socket.AF_INET6 if ":" in one else socket.AF_INET, 1, 6, "", (one, port))
            for one in answer.split()
        ]

    monkeypatch.setattr(addresses.socket, "getaddrinfo", ask)
    known["asked"] = asked
    return known


@pytest.mark.parametrize("inner", INSIDE)
def test_a_name_that_leads_inside_is_refused(names, inner):
    names["example.org"] = inner
    with pytest.raises(Refused, match="no public address"):
        look_up(read_address("https://example.org/"))


@pytest.mark.parametrize("inner", [one for one in INSIDE if "%" not in one])
def test_an_address_inside_is_refused_when_it_is_given(inner):
    with pytest.raises(Refused):
        read_address(f"https://[{inner}]/" if ":" in inner else f"https://{inner}/")


@pytest.mark.parametrize("outer", OUTSIDE)
def test_the_open_internet_is_allowed(names, outer):
    names["example.org"] = outer
    assert look_up(read_address("https://example.org:8443/hook?x=1"))


@pytest.mark.parametrize("address", NONSENSE)
def test_nonsense_is_refused_when_it_is_given(address):
    with pytest.raises(Refused):
        read_address(address)


@pytest.mark.parametrize("host", ["2130706433", "0x7f000001", "0177.0.0.1", "127.1", "localhost"])
def test_other_ways_to_write_this_machine(host):
    """The system's look-up understands these; what it finds is checked."""
    with pytest.raises(Refused):
        look_up(read_address(f"https://{host}/"))


def test_of_several_addresses_only_allowed_ones_are_used(names):
    names["example.org"] = "10.0.0.1 93.184.216.34 ::1"
    assert look_up(read_address("https://example.org/")) == ["93.184.216.34"]


def test_a_network_that_the_operator_allows_takes_plain_http_and_any_port(settings, names):
    settings.WEBHOOK_ALLOWED_NETWORKS = ["10.1.0.0/16"]
    names["cris.example.org"], names["else.example.org"] = "10.1.2.3", "10.2.2.3"
    assert look_up(read_address("http://cris.example.org:8080/")) == ["10.1.2.3"]
    for refused in ("http://else.example.org:8080/", "https://else.example.org/"):
        with pytest.raises(Refused):
            look_up(read_address(refused))
    names["outside.example.org"] = "93.184.216.34"
    with pytest.raises(Refused, match="https"):
        look_up(read_address("http://outside.example.org/"))
    with pytest.raises(Refused, match="Port 22"):
        look_up(read_address("https://outside.example.org:22/"))


def test_a_name_that_changes_between_two_looks_gains_nothing(settings, names, monkeypatch):
    """The connection goes to the address that was checked: the name is looked up once."""
    connected = []
    names["rebinding.example.org"] = ["93.184.216.34", "127.0.0.1"]

    def connect(address, timeout):
        connected.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr("partnerships.services.webhooks.sending.socket.create_connection", connect)
    assert "refused" in send("https://rebinding.example.org/", {}, b"").fault
    assert connected == [("93.184.216.34", 443)]
    assert names["asked"] == ["rebinding.example.org"]


def test_a_name_server_that_is_silent_is_not_waited_for(monkeypatch):
    monkeypatch.setattr(addresses, "LOOK_UP_SECONDS", 0.05)
    monkeypatch.setattr(addresses.socket, "getaddrinfo", lambda *args, **kwargs: __import__("time").sleep(1))
    with pytest.raises(Refused, match="took more than"):
        look_up(read_address("https://example.org/"))
