"""Rotating and changing tokens in the admin, the list of them, and what the commands do."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import DataError, IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from people.models import ApiToken, Role, Scope
from people.services.recognition import Unusable, recognise
from people.services.tokens import issue_token, revoke_token, rotate_token
from tests.factories import MembershipFactory, OfficeFactory, administrator

from .test_tokens import ADD, asked, browser_of, page, secret_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def office():
    return OfficeFactory()


@pytest.fixture
def manager(office):
    return browser_of(MembershipFactory(office=office, role=Role.ADMINISTRATOR).user)


@pytest.fixture
def boss():
    return browser_of(administrator())


@pytest.fixture
def issued(office):
    ends = timezone.now() + timedelta(days=10)
    return issue_token(name="Our website", scopes=[Scope.READ_PUBLIC], office=office, expires_at=ends)


def shown(client, token) -> dict:
    """What the form for changing a token sends back untouched."""
    initial = client.get(page("revise", token.pk)).context["form"].initial
    return {name: value for name, value in initial.items() if value is not None}


def moment(**ahead) -> str:
    return f"{timezone.localtime() + timedelta(**ahead):%Y-%m-%dT%H:%M}"


class TestRotating:
    def test_shows_the_new_secret_once_and_both_in_the_list(self, manager, issued):
        token, old = issued
        form = manager.get(page("rotate", token.pk)).context["form"]
        assert form.initial["valid_through"] > timezone.localdate() + timedelta(days=300), (
            "a token that gets a new secret may as well get another year"
        )
        values = form.initial | {"change_reason": "Once a year"}
        response = manager.post(page("rotate", token.pk), values)
        new = secret_of(response)
        assert "no-store" in response["Cache-Control"]
        assert recognise(old, None).by_old_secret and not recognise(new, None).by_old_secret
        token.refresh_from_db()
        listed = manager.get(page("changelist")).content.decode()
        assert f"{token.prefix}, {old[:10]}" in listed
        body = manager.get(page("change", token.pk)).content.decode()
        assert f"{token.prefix}; {old[:10]} until" in body and "not used since" in body
        told = manager.get(page("history", token.pk)).content.decode()
        assert "Once a year" in told
        for address in (page("changelist"), page("change", token.pk), page("history", token.pk)):
            body = manager.get(address).content.decode()
            assert not [text for text in (old, new, token.digest, token.old_digest) if text in body]

    def test_at_once(self, manager, issued):
        token, old = issued
        values = {"old_works_until": moment(minutes=-2), "valid_through": ""}
        response = manager.post(page("rotate", token.pk), values)
        assert "opens nothing any more" in response.content.decode()
        with pytest.raises(Unusable):
            recognise(old, None)
        token.refresh_from_db()
        assert token.expires_at is None

    @pytest.mark.parametrize(
        ("values", "field"),
        [
            ({"old_works_until": ""}, "old_works_until"),
            ({"old_works_until": "soon"}, "old_works_until"),
            ({"old_works_until": "2999-01-01T00:00"}, "old_works_until"),
            ({"old_works_until": "2024-01-01\x00"}, "old_works_until"),
            ({"valid_through": "2001-01-01"}, "valid_through"),
        ],
    )
    def test_what_makes_no_sense(self, manager, issued, values, field):
        token, old = issued
        response = manager.post(page("rotate", token.pk), {"old_works_until": moment(days=1)} | values)
        assert field in response.context["form"].errors
        assert not recognise(old, None).by_old_secret

    def test_not_what_is_revoked(self, manager, issued):
        token, _ = issued
        revoke_token(token=token)
        assert manager.post(page("rotate", token.pk), {"old_works_until": moment()}).status_code == 302
        with pytest.raises(ValidationError):
            rotate_token(token=token, old_works_until=timezone.now())
        token.refresh_from_db()
        assert token.old_digest is None

    def test_an_expired_one_needs_a_new_end(self, issued):
        token, _ = issued
        ApiToken.objects.update(expires_at=timezone.now())
        with pytest.raises(ValidationError, match="has expired"):
            rotate_token(token=token, old_works_until=timezone.now())
        rotate_token(
            token=token,
            old_works_until=timezone.now(),
            expires_at=timezone.now() + timedelta(days=1),
        )

    @pytest.mark.parametrize("name", ["rotate", "revise"])
    def test_out_of_reach(self, issued, name):
        token, old = issued
        for role, office in ((Role.ADMINISTRATOR, OfficeFactory()), (Role.REVIEWER, token.office)):
            client = browser_of(MembershipFactory(office=office, role=role).user)
            for ask in (client.get, client.post):
                assert ask(page(name, token.pk)).status_code in {302, 403}
        assert not recognise(old, None).by_old_secret

    def test_the_database_wants_an_old_secret_whole(self, issued):
        with pytest.raises(IntegrityError), transaction.atomic():
            ApiToken.objects.update(old_digest="x")

    @pytest.mark.parametrize("text", ["nowhere", "192.0.2.7/24", "192.0.2.0/33"])
    def test_the_database_wants_networks(self, issued, text):
        with pytest.raises(DataError), transaction.atomic():
            ApiToken.objects.update(networks=[text])


class TestChanging:
    def test_networks_contact_and_end(self, manager, issued):
        token, _ = issued
        values = {"networks": "192.0.2.7\n2001:DB8::/32, 192.0.2.7", "contact": "cris@example.org"}
        day = timezone.localdate() + timedelta(days=30)
        values |= {"valid_through": day, "notes": "Runs at night", "change_reason": "Moved"}
        values = shown(manager, token) | values
        response = manager.post(page("revise", token.pk), values)
        assert response.url == page("change", token.pk)
        token.refresh_from_db()
        assert token.networks == ["192.0.2.7/32", "2001:db8::/32"]
        assert timezone.localtime(token.expires_at).date() == day + timedelta(days=1)
        body = manager.get(page("change", token.pk)).content.decode()
        assert "192.0.2.7/32, 2001:db8::/32" in body and "cris@example.org" in body
        again = manager.get(page("revise", token.pk)).context["form"].initial
        assert (again["networks"], again["valid_through"]) == ("192.0.2.7/32\n2001:db8::/32", day)
        assert "Moved" in manager.get(page("history", token.pk)).content.decode()

    def test_each_network_that_is_none_is_told(self, manager, issued):
        typed = {"networks": "10.0.0.1/8 nowhere\n192.0.2.0/24", "contact": "kept"}
        form = manager.post(page("revise", issued[0].pk), typed).context["form"]
        assert form.errors["networks"] == [
            "“10.0.0.1/8” has bits set beyond its prefix; the network is 10.0.0.0/8.",
            "“nowhere” is no network. Write it like 192.0.2.0/24 or 2001:db8::/32.",
        ]
        assert form["networks"].value() == typed["networks"] and form["contact"].value() == "kept"

    def test_more_networks_than_a_token_holds(self, manager, issued):
        typed = shown(manager, issued[0])
        typed["networks"] = " ".join(f"10.0.{number}.0/24" for number in range(51))
        assert manager.post(page("revise", issued[0].pk), typed).context["form"].errors["networks"]

    def test_a_limit_of_its_own_is_a_superusers(self, manager, boss, issued):
        token, _ = issued
        manager.post(page("revise", token.pk), shown(manager, token) | {"rate_limit": "0"})
        token.refresh_from_db()
        assert token.rate_limit is None
        boss.post(page("revise", token.pk), shown(boss, token) | {"rate_limit": "7000"})
        manager.post(page("revise", token.pk), shown(manager, token) | {"contact": "somebody"})
        token.refresh_from_db()
        assert (token.rate_limit, token.contact) == (7000, "somebody"), "what others set stays"
        assert "7,000 units a minute" in manager.get(page("change", token.pk)).content.decode()

    def test_nobody_writes_over_somebody_elses_change(self, manager, boss, issued):
        token, _ = issued
        read = shown(manager, token)
        boss.post(page("revise", token.pk), shown(boss, token) | {"networks": "192.0.2.0/24"})
        response = manager.post(page("revise", token.pk), read | {"contact": "mine"})
        assert "has changed this token meanwhile" in response.content.decode()
        assert response.context["form"]["contact"].value() == "mine"
        token.refresh_from_db()
        assert (token.networks, token.contact) == (["192.0.2.0/24"], "")

    def test_issued_with_all_of_it(self, boss):
        values = asked(networks="192.0.2.0/24", contact="A", notes="B", rate_limit="9")
        secret_of(boss.post(reverse(ADD), values))
        token = ApiToken.objects.get()
        assert (token.networks, token.contact, token.notes, token.rate_limit) == (
            ["192.0.2.0/24"], "A", "B", 9,
        )  # fmt: skip


class TestWhatExpires:
    @pytest.fixture
    def tokens(self, office):
        now = timezone.now()
        for name, days in (("past", -1), ("soon", 13), ("later", 15), ("never", None)):
            ends = None if days is None else now + timedelta(days=days)
            issue_token(name=f"System {name}", scopes=["read:public"], office=office, expires_at=ends)
        gone, _ = issue_token(
            name="System gone", scopes=["read:public"], office=office, expires_at=now + timedelta(days=1)
        )
        revoke_token(token=gone)

    @pytest.mark.parametrize(
        ("state", "names"),
        [
            ("expires soon", ["soon"]),
            ("usable", ["later", "never", "soon"]),
            ("expired", ["past"]),
            ("revoked", ["gone"]),
        ],
    )
    def test_the_list_tells(self, manager, tokens, state, names):
        response = manager.get(page("changelist"), {"state": state})
        assert [row.name for row in response.context["cl"].result_list] == [f"System {n}" for n in names]
        assert state in response.content.decode()

    def test_the_desk_tells_whoever_looks_after_them(self, manager, tokens, office):
        told = manager.get(reverse("admin:index")).context["desk"].tokens
        assert told.number == 1
        assert manager.get(told.address).context["cl"].result_count == 1
        editor = browser_of(MembershipFactory(office=office, role=Role.EDITOR).user)
        elsewhere = browser_of(MembershipFactory(role=Role.ADMINISTRATOR).user)
        for client in (editor, elsewhere):
            response = client.get(reverse("admin:index"))
            assert response.context["desk"].tokens is None
            assert "expire soon" not in response.content.decode()

    def test_it_costs_no_statement_more_a_token(self, manager, tokens, office, django_assert_max_num_queries):
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        def statements() -> int:
            with CaptureQueriesContext(connection) as captured:
                manager.get(page("changelist"))
            return len(captured)

        few = statements()
        for number in range(10):
            issue_token(name=f"More {number}", scopes=["read:public"], office=OfficeFactory())
            issue_token(name=f"Ours {number}", scopes=["read:public"], office=office)
        assert statements() == few


class TestCommands:
    def said(self, *words: str, **options) -> str:
        out = StringIO()
        call_command(*words, stdout=out, stderr=StringIO(), **options)
        return out.getvalue().strip()

    def test_a_token_is_issued_for_a_year(self):
        secret = self.said(
            "issue_token", "CRIS", "--scope", "webhooks", "--network", "192.0.2.0/24", "--contact", "A"
        )
        token = ApiToken.objects.get()
        assert (token.name, token.networks, token.contact) == ("CRIS", ["192.0.2.0/24"], "A")
        assert 364 <= (token.expires_at - timezone.now()).days <= 365
        assert token.prefix == secret[:10]

    def test_or_for_ever(self):
        self.said("issue_token", "CRIS", "--scope", "webhooks", "--days", "0", "--limit", "0")
        assert ApiToken.objects.filter(expires_at=None, rate_limit=0).exists()

    def test_rotated(self, issued):
        token, old = issued
        new = self.said("rotate_token", "Our website")
        assert recognise(old, None).by_old_secret and recognise(new, None) == token
        token.refresh_from_db()
        assert 6 <= (token.old_works_until - timezone.now()).days <= 7
        newest = self.said("rotate_token", "Our website", "--overlap", "0", "--days", "0")
        assert recognise(newest, None).expires_at is None
        for secret in (old, new):
            with pytest.raises(Unusable):
                recognise(secret, None)

    @pytest.mark.parametrize(
        "words",
        [
            ["issue_token", "x", "--scope", "webhooks", "--network", "nowhere"],
            ["issue_token", "x", "--scope", "webhooks", "--days", "-1"],
            ["issue_token", "x", "--scope", "webhooks", "--limit", "-1"],
            ["issue_token", "x", "--scope", "webhooks", "--office", "nobody"],
            ["rotate_token", "nobody"],
            ["rotate_token", "Our website", "--overlap", "-1"],
            ["rotate_token", "Our website", "--overlap", "nan"],
            ["rotate_token", "Our website", "--overlap", "99999"],
            ["rotate_token", "Our website", "--days", "99999"],
        ],
    )
    def test_what_makes_no_sense(self, issued, words):
        with pytest.raises(CommandError):
            self.said(*words)
        assert ApiToken.objects.get().old_digest is None
