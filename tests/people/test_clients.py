"""Whose request it is: what proxies write, what strangers write."""

from ipaddress import ip_address

import pytest
from django.core.exceptions import ValidationError
from django.test import RequestFactory
from django.urls import reverse

from people.clients import client_address, customer_of, is_within, network, parsed


def asked(settings, proxies: int, forwarded: str | None, remote: str = "10.0.0.1"):
    settings.TRUSTED_PROXIES = proxies
    headers = {"HTTP_X_FORWARDED_FOR": forwarded} if forwarded is not None else {}
    found = client_address(RequestFactory().get("/", REMOTE_ADDR=remote, **headers))
    return found and str(found)


@pytest.mark.parametrize(
    ("proxies", "forwarded", "expected"),
    [
        (0, None, "10.0.0.1"),
        (0, "203.0.113.9", "10.0.0.1"),
        (0, "127.0.0.1, 203.0.113.9", "10.0.0.1"),
        (1, None, "10.0.0.1"),
        # As nginx is told to in docs/operators.md, and as proxies do that only add to what came.
        (1, "203.0.113.9", "203.0.113.9"),
        (1, "1.1.1.1, 203.0.113.9", "203.0.113.9"),
        (1, "1.1.1.1,2.2.2.2,203.0.113.9", "203.0.113.9"),
        (2, "1.1.1.1, 203.0.113.9, 10.0.0.2", "203.0.113.9"),
        (2, "203.0.113.9", "10.0.0.1"),
        (1, "", "10.0.0.1"),
        (1, "unknown", "10.0.0.1"),
        (1, "203.0.113.9:5060", "203.0.113.9"),
        (1, "[2001:db8::7]:443", "2001:db8::7"),
        (1, "2001:db8::7", "2001:db8::7"),
        (1, "::ffff:203.0.113.9", "203.0.113.9"),
        (1, "9" * 5000, "10.0.0.1"),
        (1, "203.0.113.9\x00", "10.0.0.1"),
    ],
)
def test_only_what_a_trusted_proxy_wrote_counts(settings, proxies, forwarded, expected):
    assert asked(settings, proxies, forwarded) == expected


@pytest.mark.parametrize("text", ["", "nobody", "1.2.3", "1.2.3.4.5", "::g", "@", "[", "[]:1", "٣.٣.٣.٣"])
def test_what_is_no_address(text):
    assert parsed(text) is None


def test_a_socket_without_an_address(settings):
    assert asked(settings, 0, None, remote="") is None
    assert customer_of(None) == "unknown"


def test_a_customer_is_an_address_or_half_of_one():
    assert customer_of(ip_address("203.0.113.9")) == "203.0.113.9"
    assert customer_of(ip_address("2001:db8:1:2:3:4:5:6")) == "2001:db8:1:2::/64"
    assert customer_of(parsed("fe80::1%eth0")) == "fe80::/64"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (" 192.0.2.0/24 ", "192.0.2.0/24"),
        ("192.0.2.7", "192.0.2.7/32"),
        ("2001:DB8::/32", "2001:db8::/32"),
        ("::ffff:192.0.2.0/120", "192.0.2.0/24"),
        ("0.0.0.0/0", "0.0.0.0/0"),
    ],
)
def test_networks_have_one_form(text, expected):
    assert str(network(text)) == expected


@pytest.mark.parametrize(
    "text", ["", "everywhere", "192.0.2.0/33", "192.0.2/24", "2001:db8::/129", "1/2/3", "192.0.2.0/24\x00"]
)
def test_what_is_no_network(text):
    with pytest.raises(ValidationError, match="is no network"):
        network(text)


def test_a_slip_in_a_network_is_told_with_what_it_should_be():
    with pytest.raises(ValidationError, match=r"the network is 192\.0\.2\.0/24"):
        network("192.0.2.7/24")


@pytest.mark.parametrize(
    ("address", "networks", "expected"),
    [
        ("192.0.2.7", ["192.0.2.0/24"], True),
        ("192.0.3.7", ["192.0.2.0/24"], False),
        ("192.0.3.7", ["192.0.2.0/24", "192.0.3.7/32"], True),
        ("::ffff:192.0.2.7", ["192.0.2.0/24"], True),
        ("2001:db8::7", ["192.0.2.0/24", "2001:db8::/32"], True),
        ("2001:db9::7", ["2001:db8::/32"], False),
        ("192.0.2.7", ["::/0"], False),
        ("192.0.2.7", ["nonsense"], False),
        ("", ["0.0.0.0/0", "::/0"], False),
    ],
)
def test_who_is_within(address, networks, expected):
    assert is_within(parsed(address), networks) is expected


@pytest.mark.django_db
def test_a_forged_address_does_not_lift_the_lock_on_sign_in(client, settings):
    settings.TRUSTED_PROXIES = 1
    typed = {"username": "somebody", "password": "wrong"}

    def tried(forwarded: str) -> int:
        return client.post(reverse("admin:login"), typed, headers={"x-forwarded-for": forwarded}).status_code

    answers = [tried(f"1.1.1.{number}, 203.0.113.9") for number in range(settings.AXES_FAILURE_LIMIT + 1)]
    assert answers[-1] == 429
    assert tried("203.0.113.77") == 200, "another address is not locked out by it"
