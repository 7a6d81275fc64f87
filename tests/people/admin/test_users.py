"""Who manages accounts and offices, and how far."""

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse

from people.models import Membership, Office, Person, Role, User
from tests.factories import MembershipFactory, OfficeFactory, UserFactory, administrator
from tests.partnerships.admin.forms import untouched

pytestmark = pytest.mark.django_db
PASSWORD = "a long enough secret 7"


@pytest.fixture
def office():
    return OfficeFactory(name="Own office")


def browser_of(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def manager(office):
    """The browser of an administrator of the office."""
    return browser_of(MembershipFactory(office=office, role=Role.ADMINISTRATOR).user)


@pytest.fixture
def boss():
    return browser_of(administrator())


def page(model: str, name: str, *args) -> str:
    return reverse(f"admin:people_{model}_{name}", args=args)


def told(response) -> str:
    errors = response.context["adminform"].form.errors.as_text() if response.context else ""
    formsets = (response.context or {}).get("inline_admin_formsets") or []
    rows = " ".join(str(item.formset.errors) + str(item.formset.non_form_errors()) for item in formsets)
    return f"{errors} {rows} {' '.join(str(message) for message in get_messages(response.wsgi_request))}"


def new_account(**values) -> dict:
    rows = {
        "memberships-TOTAL_FORMS": "1",
        "memberships-INITIAL_FORMS": "0",
        "memberships-MIN_NUM_FORMS": "0",
        "memberships-MAX_NUM_FORMS": "1000",
        "memberships-0-office": "",
        "memberships-0-role": Role.EDITOR,
    }
    sign_in = {"username": "newcomer", "usable_password": "true"}
    return sign_in | {"password1": PASSWORD, "password2": PASSWORD} | rows | values


@pytest.mark.parametrize("role", [Role.VIEWER, Role.EDITOR, Role.REVIEWER])
@pytest.mark.parametrize("model", ["user", "office", "apitoken"])
def test_only_administrators_manage(office, role, model):
    client = browser_of(MembershipFactory(office=office, role=role).user)
    for name in ("changelist", "add"):
        assert client.get(page(model, name)).status_code == 403
    assert page(model, "changelist") not in client.get(reverse("admin:index")).content.decode()


@pytest.mark.parametrize("model", ["user", "office", "apitoken", "person"])
def test_strangers_and_accounts_without_staff_are_sent_to_sign_in(client, model):
    assert client.get(page(model, "changelist")).status_code == 302
    client.force_login(UserFactory(is_staff=False))
    assert client.get(page(model, "changelist")).status_code == 302


class TestAccounts:
    def test_an_administrator_makes_an_account_for_their_office(self, manager, office):
        response = manager.post(page("user", "add"), new_account(**{"memberships-0-office": office.pk}))
        assert response.status_code == 302, told(response)
        made = User.objects.get(username="newcomer")
        assert (made.is_staff, made.is_superuser) == (True, False)
        assert made.check_password(PASSWORD)
        assert made.memberships.get().office == office

    def test_an_administrator_makes_no_account_without_a_role(self, manager):
        response = manager.post(page("user", "add"), new_account(**{"memberships-TOTAL_FORMS": "0"}))
        assert response.status_code == 200
        assert not User.objects.filter(username="newcomer").exists()

    def test_nobody_gives_a_role_in_an_office_of_others(self, manager):
        data = new_account(**{"memberships-0-office": OfficeFactory().pk})
        response = manager.post(page("user", "add"), data)
        assert response.status_code == 200
        assert "Select a valid choice" in told(response)
        assert not User.objects.filter(username="newcomer").exists()

    def test_an_administrator_makes_no_superuser(self, manager, office):
        rights = {"is_superuser": "on", "is_staff": "on", "user_permissions": "1", "groups": "1"}
        manager.post(page("user", "add"), new_account(**{"memberships-0-office": office.pk}, **rights))
        made = User.objects.get(username="newcomer")
        assert not made.is_superuser
        assert not made.user_permissions.exists()
        member = MembershipFactory(office=office).user
        address = page("user", "change", member.pk)
        response = manager.post(address, untouched(manager, address, "user_form") | rights)
        assert response.status_code == 302, told(response)
        member.refresh_from_db()
        assert not member.is_superuser

    def test_an_editor_cannot_make_themselves_superuser(self, office):
        user = MembershipFactory(office=office, role=Role.EDITOR).user
        data = {"username": user.username, "is_superuser": "on", "is_staff": "on", "is_active": "on"}
        assert browser_of(user).post(page("user", "change", user.pk), data).status_code in (302, 403)
        user.refresh_from_db()
        assert not user.is_superuser

    def test_accounts_with_roles_elsewhere_are_not_taken_over(self, manager, office):
        both = MembershipFactory(office=office).user
        MembershipFactory(user=both, role=Role.REVIEWER)
        root = MembershipFactory(office=office, user=administrator()).user
        for user in (both, root):
            assert manager.get(page("user", "change", user.pk)).status_code == 200, "they are colleagues"
            for address in (
                page("user", "change", user.pk),
                reverse("admin:auth_user_password_change", args=[user.pk]),
            ):
                data = {"username": "taken", "password1": PASSWORD, "password2": PASSWORD}
                assert manager.post(address, data).status_code == 403
            user.refresh_from_db()
            assert user.username != "taken"
            assert not user.check_password(PASSWORD)

    def test_strangers_are_not_listed(self, manager, office):
        stranger = MembershipFactory(user=UserFactory(username="stranger-from-afar")).user
        MembershipFactory(office=office, user=UserFactory(username="colleague-next-door"))
        body = manager.get(page("user", "changelist")).content.decode()
        assert "colleague-next-door" in body
        assert "stranger-from-afar" not in body
        assert manager.get(page("user", "change", stranger.pk)).status_code == 302

    def test_a_password_is_set_and_not_shown(self, manager, office):
        user = MembershipFactory(office=office).user
        address = reverse("admin:auth_user_password_change", args=[user.pk])
        assert manager.get(address).status_code == 200
        data = {"password1": PASSWORD, "password2": PASSWORD, "usable_password": "true"}
        assert manager.post(address, data).status_code == 302
        user.refresh_from_db()
        assert user.check_password(PASSWORD)
        body = manager.get(page("user", "change", user.pk)).content.decode()
        assert user.password not in body
        assert user.password not in manager.get(page("user", "history", user.pk)).content.decode()

    def test_nobody_locks_themselves_out(self, boss):
        root = User.objects.get(is_superuser=True)
        address = page("user", "change", root.pk)
        data = untouched(boss, address, "user_form")
        del data["is_superuser"]
        response = boss.post(address, data)
        assert response.status_code == 200
        assert "your own rights" in told(response)
        root.refresh_from_db()
        assert root.is_superuser

    def test_a_superuser_makes_a_superuser(self, boss):
        data = new_account(is_superuser="on", is_staff="on", **{"memberships-TOTAL_FORMS": "0"})
        response = boss.post(page("user", "add"), data)
        assert response.status_code == 302, told(response)
        assert User.objects.get(username="newcomer").is_superuser

    def test_accounts_are_closed_not_deleted(self, boss):
        user = UserFactory()
        assert boss.post(page("user", "delete", user.pk), {"post": "yes"}).status_code == 403
        assert User.objects.filter(pk=user.pk).exists()


class TestOffices:
    def test_an_administrator_gives_and_takes_roles_in_their_office(self, manager, office):
        newcomer = UserFactory()
        address = page("office", "change", office.pk)
        data = untouched(manager, address, "office_form")
        data |= {
            "memberships-TOTAL_FORMS": "2",
            "memberships-1-user": newcomer.pk,
            "memberships-1-role": Role.REVIEWER,
            "change_reason": "new colleague",
        }
        response = manager.post(address, data)
        assert response.status_code == 302, told(response)
        made = newcomer.memberships.get()
        assert (made.office, made.role) == (office, Role.REVIEWER)
        assert made.history.get().pgh_context.metadata["reason"] == "new colleague"

    def test_one_role_in_an_office(self, manager, office):
        address = page("office", "change", office.pk)
        data = untouched(manager, address, "office_form")
        data |= {
            "memberships-TOTAL_FORMS": "2",
            "memberships-1-user": data["memberships-0-user"],
            "memberships-1-role": Role.VIEWER,
        }
        response = manager.post(address, data)
        assert response.status_code == 200
        assert "a member of this office already" in told(response) or "duplicate" in told(response)

    def test_other_offices_are_out_of_reach(self, manager):
        other = MembershipFactory(office__name="Not yours").office
        assert "Not yours" not in manager.get(page("office", "changelist")).content.decode()
        assert manager.get(page("office", "change", other.pk)).status_code == 302
        assert manager.post(page("office", "change", other.pk), {"name": "Mine"}).status_code in (302, 403)
        other.refresh_from_db()
        assert other.name == "Not yours"

    def test_offices_are_made_by_superusers(self, manager, boss):
        rows = {f"memberships-{name}_FORMS": "0" for name in ("TOTAL", "INITIAL", "MIN_NUM", "MAX_NUM")}
        assert manager.post(page("office", "add"), {"name": "New"} | rows).status_code == 403
        assert boss.post(page("office", "add"), {"name": "New"} | rows).status_code == 302
        assert Office.objects.filter(name="New").exists()

    def test_rows_of_another_office_cannot_be_moved_in(self, manager, office):
        """A form names rows by key: a foreign key typed by hand changes nothing."""
        foreign = MembershipFactory()
        address = page("office", "change", office.pk)
        data = untouched(manager, address, "office_form")
        data |= {"memberships-0-id": foreign.pk, "memberships-0-role": Role.ADMINISTRATOR}
        manager.post(address, data)
        kept = Membership.objects.get(pk=foreign.pk)
        assert (kept.office, kept.role) == (foreign.office, foreign.role)


class TestPersons:
    @pytest.fixture
    def desk(self, office):
        return browser_of(MembershipFactory(office=office, role=Role.EDITOR).user)

    def test_a_person_with_names_in_other_scripts(self, desk):
        data = untouched(desk, page("person", "add"), "person_form")
        data |= {
            "name": "Kwang-hyung Lee",
            "orcid": "https://orcid.org/0000-0002-1825-0097",
            "names-TOTAL_FORMS": "1",
            "names-0-value": "이광형",
            "names-0-kind": "native",
            "names-0-language": "ko",
        }
        response = desk.post(page("person", "add"), data)
        assert response.status_code == 302, told(response)
        person = Person.objects.get()
        assert (person.orcid, person.names.get().value) == ("0000-0002-1825-0097", "이광형")
        found = desk.get(
            reverse("admin:autocomplete"),
            {"term": "이광", "app_label": "partnerships", "model_name": "statement", "field_name": "person"},
        ).json()["results"]
        assert [int(row["id"]) for row in found] == [person.pk]

    def test_an_orcid_with_a_wrong_last_character(self, desk):
        data = untouched(desk, page("person", "add"), "person_form")
        response = desk.post(page("person", "add"), data | {"name": "X", "orcid": "0000-0002-1825-0098"})
        assert response.status_code == 200
        assert "is not an ORCID iD" in told(response)

    @pytest.mark.parametrize("term", ["\x00", "%", "' OR 1=1 --", "a" * 5000, "\ud7ff", "   "])
    def test_any_search_is_answered(self, desk, term):
        assert desk.get(page("person", "changelist"), {"q": term}).status_code in (200, 302)


def test_moments_are_written_like_dates(client):
    client.force_login(user := administrator())
    User.objects.filter(pk=user.pk).update(last_login="2026-11-24T19:52:00Z")
    assert "2026-11-24 19:52" in client.get(reverse("admin:people_user_changelist")).content.decode()
