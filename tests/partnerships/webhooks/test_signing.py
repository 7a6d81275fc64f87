"""Signatures are those of the Standard Webhooks, as somebody else verifies them."""

import base64
import time

import pytest
from standardwebhooks import Webhook, WebhookVerificationError

from partnerships.services.webhooks.secrets import Unreadable, new_secret, opened, sealed
from partnerships.services.webhooks.signing import signature, signed_headers

BODY = '{"type":"agreement.created","data":{"title":"카이스트"}}'.encode()


def headers(*secrets: str) -> dict[str, str]:
    return signed_headers(secrets=secrets, message_id="msg_1", timestamp=int(time.time()), body=BODY)


def test_another_implementation_verifies_the_signature():
    secret = new_secret()
    assert Webhook(secret).verify(BODY, headers(secret))["type"] == "agreement.created"


def test_a_changed_byte_is_noticed():
    secret = new_secret()
    with pytest.raises(WebhookVerificationError):
        Webhook(secret).verify(BODY + b" ", headers(secret))


def test_either_secret_verifies_while_one_is_replaced():
    old, new = new_secret(), new_secret()
    for secret in (old, new):
        Webhook(secret).verify(BODY, headers(new, old))
    with pytest.raises(WebhookVerificationError):
        Webhook(new_secret()).verify(BODY, headers(new, old))


def test_the_example_of_the_specification():
    """From the tests of the specification's reference library."""
    signed = signature(
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        "msg_p5jXN8AQM9LWM0D4loKWxJek",
        1614265330,
        b'{"test": 2432232314}',
    )
    assert signed == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_a_secret_is_long_and_never_the_same():
    one, other = new_secret(), new_secret()
    assert one != other
    assert len(base64.b64decode(one.removeprefix("whsec_"))) == 32


def test_a_kept_secret_cannot_be_read_off_the_database(settings):
    secret = new_secret()
    kept = sealed(secret)
    assert secret.removeprefix("whsec_") not in kept
    assert opened(kept) == secret
    first, settings.SECRET_KEY = settings.SECRET_KEY, "another"
    with pytest.raises(Unreadable):
        opened(kept)
    settings.SECRET_KEY_FALLBACKS = [first]
    assert opened(kept) == secret
