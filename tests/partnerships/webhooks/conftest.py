import pytest

from people.services.tokens import issue_token


@pytest.fixture(autouse=True)
def receivers_here(settings):
    """The receivers of the tests stand on this machine."""
    settings.WEBHOOK_ALLOWED_NETWORKS = ["127.0.0.0/8"]


@pytest.fixture
def bearing_webhooks(db) -> dict[str, str]:
    """Headers with a token of the scope ``webhooks``."""
    _, secret = issue_token(name="hooks", scopes=["webhooks"])
    return {"authorization": f"Bearer {secret}"}
