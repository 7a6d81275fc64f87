"""Tokens as those meet them who build with them."""

from datetime import timedelta

import pytest
from django.utils import timezone

from people.models import ApiToken
from people.services.tokens import issue_token, revise_token, revoke_token, rotate_token
from tests.factories import AgreementFactory, OfficeFactory

from .conftest import ApiClient
from .test_errors import problem_of

pytestmark = pytest.mark.django_db


def with_secret(secret: str, **kwargs) -> ApiClient:
    return ApiClient(headers={"authorization": f"Bearer {secret}"}, **kwargs)


def refusal(client: ApiClient, path: str = "token/") -> tuple[str, str]:
    """What a 401 says in its body and in its challenge."""
    response = client.get(f"/api/v1/{path}")
    return problem_of(response, 401)["detail"], response.headers["WWW-Authenticate"]


@pytest.fixture
def office():
    return OfficeFactory(name="International Office")


class TestAToken:
    def test_says_what_it_is(self, office):
        ends = timezone.now() + timedelta(days=3)
        token, secret = issue_token(
            name="Our CRIS", scopes=["read:internal", "webhooks"], office=office, expires_at=ends,
            networks=["127.0.0.1", "2001:db8::/32"],
        )  # fmt: skip
        told = with_secret(secret).read("token/")
        assert told.pop("expires_at") == ends.isoformat().replace("+00:00", "Z")
        assert told == {
            "name": "Our CRIS",
            "prefix": token.prefix,
            "scopes": ["read:internal", "webhooks"],
            "office": "International Office",
            "networks": ["127.0.0.1/32", "2001:db8::/32"],
            "this_secret_works_until": None,
            "limit": None,
        }

    def test_costs_few_statements(self, office, settings, counted_queries):
        settings.RATE_LIMITS = True
        _, secret = issue_token(name="x", scopes=["read:public"], office=office, networks=["127.0.0.1"])
        client = with_secret(secret)
        client.read("token/")
        with counted_queries("GET /api/v1/token/"):
            client.read("token/")

    def test_is_needed_to_ask(self, api, staff):
        assert api.get("/api/v1/token/").headers["WWW-Authenticate"] == 'Bearer realm="Entente"'
        for client in (api, staff):
            assert "Send a token" in client.read("token/", status=401)["detail"]

    def test_that_is_unknown(self):
        for secret in ("wrong", "ent_" + "x" * 38, "a b", "\xff", "ent_\x00", "x" * 100_000, ""):
            detail, challenge = refusal(with_secret(secret))
            assert detail == "This token is unknown."
            assert challenge == (
                'Bearer realm="Entente", error="invalid_token", error_description="This token is unknown."'
            )

    def test_that_has_expired_is_told_apart(self):
        _, secret = issue_token(
            name="x", scopes=["read:public"], expires_at=timezone.now() - timedelta(minutes=1)
        )
        detail, challenge = refusal(with_secret(secret), "agreements/")
        assert detail.startswith("This token expired on 20")
        assert 'error="invalid_token"' in challenge and "expired on" in challenge

    def test_that_is_revoked_opens_nothing_from_then_on(self):
        token, secret = issue_token(name="x", scopes=["read:public"])
        client = with_secret(secret)
        client.read("agreements/")
        revoke_token(token=token)
        assert refusal(client, "agreements/")[0].startswith("This token was revoked on")

    def test_goes_with_its_office(self, office):
        """One that stayed would be one for all offices."""
        AgreementFactory(title="Hidden", restricted=True)
        _, secret = issue_token(name="x", scopes=["write:agreements"], office=office)
        office.delete()
        assert refusal(with_secret(secret))[0] == "This token is unknown."
        assert not ApiToken.objects.exists()


class TestRotation:
    def test_both_secrets_work_until_the_chosen_moment(self, office):
        token, old = issue_token(name="x", scopes=["read:internal"], office=office)
        until = timezone.now() + timedelta(hours=1)
        new = rotate_token(token=token, old_works_until=until)
        assert new != old
        by_old, by_new = (with_secret(secret).read("token/") for secret in (old, new))
        assert by_old.pop("this_secret_works_until")
        assert by_new.pop("this_secret_works_until") is None
        assert by_old == by_new
        ApiToken.objects.update(old_works_until=timezone.now())
        assert "This token was rotated: this secret ended on" in refusal(with_secret(old))[0]
        with_secret(new).read("token/")

    def test_tells_whether_the_old_one_is_still_in_use(self):
        token, old = issue_token(name="x", scopes=["read:public"])
        new = rotate_token(token=token, old_works_until=timezone.now() + timedelta(hours=1))
        with_secret(new).read("token/")
        token.refresh_from_db()
        assert (bool(token.last_used_at), token.old_used_at) == (True, None)
        with_secret(old).read("token/")
        token.refresh_from_db()
        assert token.old_used_at
        assert token.history.count() == 2, "use is no event"

    def test_a_second_one_ends_the_first_secret(self):
        token, first = issue_token(name="x", scopes=["read:public"])
        until = timezone.now() + timedelta(hours=1)
        second = rotate_token(token=token, old_works_until=until)
        third = rotate_token(token=token, old_works_until=until)
        assert refusal(with_secret(first))[0] == "This token is unknown."
        for secret in (second, third):
            with_secret(secret).read("token/")

    def test_revoking_ends_both(self):
        token, old = issue_token(name="x", scopes=["read:public"])
        new = rotate_token(token=token, old_works_until=timezone.now() + timedelta(hours=1))
        token.refresh_from_db()
        revoke_token(token=token)
        for secret in (old, new):
            assert "revoked" in refusal(with_secret(secret))[0]


class TestNetworks:
    def from_address(self, secret: str, address: str, **headers):
        client = with_secret(secret, REMOTE_ADDR=address)
        return client.get("/api/v1/token/", headers=headers)

    def test_another_network_is_refused_in_words(self):
        _, secret = issue_token(name="x", scopes=["read:public"], networks=["192.0.2.0/24", "2001:db8::/32"])
        for address in ("192.0.2.200", "::ffff:192.0.2.200", "2001:db8::1"):
            assert self.from_address(secret, address).status_code == 200, address
        for address in ("192.0.3.1", "2001:db9::1", "::ffff:192.0.3.1", ""):
            problem = problem_of(self.from_address(secret, address), 403)
            assert "may not be used from" in problem["detail"], address
        assert "192.0.3.1" in problem_of(self.from_address(secret, "192.0.3.1"), 403)["detail"]

    def test_a_refused_use_is_not_noted(self):
        token, secret = issue_token(name="x", scopes=["read:public"], networks=["192.0.2.0/24"])
        self.from_address(secret, "192.0.3.1")
        token.refresh_from_db()
        assert token.last_used_at is None

    def test_a_forged_address_opens_nothing(self, settings):
        _, secret = issue_token(name="x", scopes=["read:public"], networks=["192.0.2.0/24"])
        forged = {"x-forwarded-for": "192.0.2.1"}
        assert self.from_address(secret, "203.0.113.9", **forged).status_code == 403
        settings.TRUSTED_PROXIES = 1
        assert self.from_address(secret, "10.0.0.1", **forged).status_code == 200
        forged = {"x-forwarded-for": "192.0.2.1, 203.0.113.9"}
        assert self.from_address(secret, "10.0.0.1", **forged).status_code == 403

    def test_a_change_holds_from_the_next_request_on(self):
        token, secret = issue_token(name="x", scopes=["read:public"])
        assert self.from_address(secret, "203.0.113.9").status_code == 200
        revise_token(token=token, networks=["192.0.2.0/24"])
        assert self.from_address(secret, "203.0.113.9").status_code == 403

    def test_where_it_was_used_from_is_noted(self, settings):
        settings.TRUSTED_PROXIES = 1
        token, secret = issue_token(name="x", scopes=["read:public"])
        self.from_address(secret, "10.0.0.1", **{"x-forwarded-for": "203.0.113.9"})
        token.refresh_from_db()
        assert token.last_used_from == "203.0.113.9"


class TestScopes:
    @pytest.mark.parametrize(
        ("path", "scope"), [("agreements/", "write:agreements"), ("institutions/", "write:institutions")]
    )
    def test_the_one_that_is_missing_is_named(self, bearing, path, scope):
        client = bearing("read:internal", "webhooks")
        response = client.post(f"/api/v1/{path}", "{}", content_type="application/json")
        assert problem_of(response, 403)["detail"] == f"This needs a token with the scope “{scope}”."
        assert response.headers["WWW-Authenticate"] == (
            f'Bearer realm="Entente", error="insufficient_scope", scope="{scope}"'
        )

    def test_one_is_not_the_other(self, bearing):
        client = bearing("write:institutions")
        response = client.post("/api/v1/agreements/", "{}", content_type="application/json")
        assert 'scope="write:agreements"' in response.headers["WWW-Authenticate"]

    def test_an_act_names_it_too(self, bearing):
        record = AgreementFactory(published=True)
        response = bearing("read:internal").post(
            f"/api/v1/agreements/{record.uid}/submit/", "{}", content_type="application/json"
        )
        assert 'scope="write:agreements"' in response.headers["WWW-Authenticate"]

    def test_who_has_the_scope_is_told_of_the_office(self, bearing, office):
        record = AgreementFactory(office=OfficeFactory(), published=True)
        client = bearing("write:agreements", office=office)
        response = client.patch(
            f"/api/v1/agreements/{record.uid}/", '{"title": "x"}', content_type="application/json"
        )
        assert "this office" in problem_of(response, 403)["detail"]
        assert "WWW-Authenticate" not in response.headers

    def test_webhooks_alone_read_what_is_public_and_write_nothing(self, bearing):
        AgreementFactory(title="Public", published=True)
        client = bearing("webhooks")
        assert len(client.rows("agreements/")) == 1
        response = client.post("/api/v1/events/", '{"name": "x"}', content_type="application/json")
        assert response.status_code == 403
