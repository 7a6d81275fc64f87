"""API tokens in the admin: issued, shown once, revoked."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from people.models import ApiToken, Role, Scope
from people.services.recognition import USE_NOTED_EVERY, note_use, recognise
from people.services.tokens import issue_token, revoke_token
from tests.factories import MembershipFactory, OfficeFactory, administrator

pytestmark = pytest.mark.django_db
ADD = "admin:people_apitoken_add"


def browser_of(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def office():
    return OfficeFactory()


@pytest.fixture
def manager(office):
    return browser_of(MembershipFactory(office=office, role=Role.ADMINISTRATOR).user)


@pytest.fixture
def boss():
    return browser_of(administrator())


def asked(**values) -> dict:
    return {"name": "Our website", "scopes": [Scope.READ_PUBLIC], "office": "", "valid_through": ""} | values


def secret_of(response) -> str:
    return re.search(r">(ent_\w+)<", response.content.decode())[1]


def page(name: str, *args) -> str:
    return reverse(f"admin:people_apitoken_{name}", args=args)


def test_a_token_is_issued_and_shown_once(manager, office):
    day = timezone.localdate() + timedelta(days=3)
    values = asked(office=office.pk, scopes=[Scope.READ_INTERNAL, Scope.WRITE_AGREEMENTS], valid_through=day)
    response = manager.post(reverse(ADD), values)
    secret = secret_of(response)
    assert "no-store" in response["Cache-Control"]
    token = recognise(secret, None)
    assert (token.name, token.office, token.scopes) == ("Our website", office, values["scopes"])
    assert timezone.localtime(token.expires_at).date() == day + timedelta(days=1), (
        "it works on that day still"
    )
    pages = [page("changelist"), page("change", token.pk), page("history", token.pk), reverse("admin:index")]
    for address in pages:
        body = manager.get(address, follow=True).content.decode()
        assert secret not in body
        assert token.digest not in body
    assert secret not in str(dict(manager.session))
    assert not any(secret in str(row) for row in token.history.values())


def test_who_issued_and_revoked_it_stands_in_its_history(manager, office):
    manager.post(reverse(ADD), asked(office=office.pk))
    token = ApiToken.objects.get()
    assert "Revoke this token" in manager.get(page("change", token.pk)).content.decode()
    response = manager.post(page("revoke", token.pk), {"change_reason": "It leaked"})
    assert response.url == page("change", token.pk)
    token.refresh_from_db()
    assert token.revoked_at
    assert not ApiToken.objects.usable().exists()
    body = manager.get(page("history", token.pk)).content.decode()
    assert "token issued" in body
    assert "It leaked" in body
    assert "Revoke this token" not in manager.get(page("change", token.pk)).content.decode()


def test_a_name_stands_once(manager, office):
    issue_token(name="Our website", scopes=[Scope.READ_PUBLIC])
    response = manager.post(reverse(ADD), asked(office=office.pk))
    assert not re.search(r"ent_\w{30}", response.content.decode()), "no secret was made"
    assert response.context["form"].errors["name"]
    assert response.context["form"]["name"].value() == "Our website"


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"scopes": []}, "scopes"),
        ({"scopes": ["admin:everything"]}, "scopes"),
        ({"name": ""}, "name"),
        ({"name": "x\x00y"}, "name"),
        ({"name": "x" * 201}, "name"),
        ({"valid_through": "2001-01-01"}, "valid_through"),
        ({"valid_through": "soon"}, "valid_through"),
        ({"valid_through": "9999-12-31"}, "valid_through"),
        ({"office": "0 OR 1=1"}, "office"),
    ],
)
def test_what_makes_no_token(boss, values, field):
    response = boss.post(reverse(ADD), asked(**values))
    assert response.status_code == 200
    assert field in response.context["form"].errors
    assert not ApiToken.objects.exists()


class TestReach:
    def test_a_token_for_all_offices_is_a_superusers(self, manager, boss):
        response = manager.post(reverse(ADD), asked())
        assert "office" in response.context["form"].errors
        assert not ApiToken.objects.exists()
        assert recognise(secret_of(boss.post(reverse(ADD), asked())), None).office is None

    def test_no_token_for_an_office_of_others(self, manager):
        response = manager.post(reverse(ADD), asked(office=OfficeFactory().pk))
        assert "office" in response.context["form"].errors
        assert not ApiToken.objects.exists()

    @pytest.mark.parametrize("bound", [True, False])
    def test_tokens_of_others_are_out_of_reach(self, manager, bound):
        other = OfficeFactory() if bound else None
        token, _ = issue_token(name="Foreign system", scopes=[Scope.READ_PUBLIC], office=other)
        assert "Foreign system" not in manager.get(page("changelist")).content.decode()
        assert manager.get(page("change", token.pk)).status_code == 302
        manager.post(page("revoke", token.pk))
        token.refresh_from_db()
        assert token.revoked_at is None

    @pytest.mark.parametrize("role", [Role.VIEWER, Role.EDITOR, Role.REVIEWER])
    def test_other_roles_neither_issue_nor_revoke(self, office, role):
        client = browser_of(MembershipFactory(office=office, role=role).user)
        token, _ = issue_token(name="System", scopes=[Scope.READ_PUBLIC], office=office)
        assert client.post(reverse(ADD), asked(office=office.pk)).status_code == 403
        client.post(page("revoke", token.pk))
        token.refresh_from_db()
        assert token.revoked_at is None
        assert ApiToken.objects.count() == 1

    def test_the_services_ask_too(self, office):
        from django.core.exceptions import PermissionDenied

        editor = MembershipFactory(office=office, role=Role.EDITOR).user
        with pytest.raises(PermissionDenied):
            issue_token(name="x", scopes=[Scope.READ_PUBLIC], office=office, by=editor)
        token, _ = issue_token(name="y", scopes=[Scope.READ_PUBLIC], office=office)
        with pytest.raises(PermissionDenied):
            revoke_token(token=token, by=editor)

    def test_a_link_revokes_nothing(self, boss):
        token, _ = issue_token(name="System", scopes=[Scope.READ_PUBLIC])
        assert boss.get(page("revoke", token.pk)).status_code == 405

    def test_a_token_is_neither_changed_nor_deleted(self, boss):
        token, _ = issue_token(name="System", scopes=[Scope.READ_PUBLIC])
        values = {"name": "Another", "scopes": "write:agreements", "revoked_at_0": ""}
        assert boss.post(page("change", token.pk), values).status_code == 403
        assert boss.post(page("delete", token.pk), {"post": "yes"}).status_code == 403
        token.refresh_from_db()
        assert (token.name, token.scopes) == ("System", [Scope.READ_PUBLIC])


def test_forms_need_their_own_mark(office):
    client = Client(enforce_csrf_checks=True)
    client.force_login(administrator())
    token, _ = issue_token(name="System", scopes=[Scope.READ_PUBLIC])
    assert client.post(reverse(ADD), asked()).status_code == 403
    assert client.post(page("revoke", token.pk)).status_code == 403


class TestLastUse:
    def test_is_noted_and_leaves_no_history(self, client):
        token, secret = issue_token(name="System", scopes=[Scope.READ_PUBLIC])
        client.get("/api/v1/agreements/", headers={"authorization": f"Bearer {secret}"})
        token.refresh_from_db()
        assert token.last_used_at
        assert token.history.count() == 1

    def test_is_not_written_at_every_request(self, django_assert_num_queries):
        token, _ = issue_token(name="System", scopes=[Scope.READ_PUBLIC])
        note_use(token)
        token.refresh_from_db()
        with django_assert_num_queries(0):
            note_use(token)
        token.last_used_at -= USE_NOTED_EVERY
        with django_assert_num_queries(1):
            note_use(token)
