import pytest


@pytest.fixture(autouse=True)
def receivers_here(settings):
    """The receivers of the tests stand on this machine."""
    settings.WEBHOOK_ALLOWED_NETWORKS = ["127.0.0.0/8"]
