"""What the tests of the API share."""

import pytest
from django.test import Client

from people.services.tokens import issue_token
from tests.factories import AgreementFactory, UserFactory

BASE = "http://testserver/api/v1/"


class ApiClient(Client):
    """Asks the API and hands out what it answers."""

    def read(self, path: str, status: int = 200, **kwargs) -> dict:
        """Return the JSON at ``/api/v1/`` + ``path``."""
        response = self.get(f"/api/v1/{path}", **kwargs)
        assert response.status_code == status, response.content.decode()[:2000]
        return response.json()

    def rows(self, path: str, **kwargs) -> list[dict]:
        return self.read(path, **kwargs)["results"]

    def bad_fields(self, path: str) -> list[str]:
        """Return the fields that a refused request names."""
        return sorted(error["field"] for error in self.read(path, status=400)["errors"])

    def body(self, path: str, **kwargs) -> bytes:
        """Return the whole body of an export."""
        response = self.get(f"/api/v1/{path}", **kwargs)
        assert response.status_code == 200, response.content.decode()[:2000]
        return b"".join(response.streaming_content)


def follow(api, path: str, direction: str = "next") -> list[dict]:
    """Return the answers from ``path`` on, as far as ``next`` (or ``previous``) leads."""
    answers = [api.read(path)]
    while address := answers[-1][direction]:
        answers.append(api.read(address.removeprefix(BASE)))
        assert len(answers) < 20
    return answers


@pytest.fixture
def api() -> ApiClient:
    """The public."""
    return ApiClient()


@pytest.fixture
def staff(db) -> ApiClient:
    """A member of staff without an office, signed in."""
    client = ApiClient()
    client.force_login(UserFactory())
    return client


@pytest.fixture
def bearing(db):
    """Makes clients that carry a token: ``bearing("read:internal")``."""

    def made(*scopes: str, **kwargs) -> ApiClient:
        name = kwargs.pop("name", "-".join(scopes))
        _, secret = issue_token(name=name, scopes=list(scopes), **kwargs)
        return ApiClient(headers={"authorization": f"Bearer {secret}"})

    return made


@pytest.fixture
def seven():
    """Agreements with all kinds of signing dates, some unknown and some alike."""
    dates = ["2024", None, "2024-05", "2010-01-01", None, "2024-05", "1999"]
    return [
        AgreementFactory(title=f"Title {number}", signed_on=date, published=True)
        for number, date in enumerate(dates)
    ]
