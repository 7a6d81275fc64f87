"""The tables of ``docs/permissions.md``, cell by cell: every role, every act, every state."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.contrib import admin
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from partnerships.models import Agreement, Document
from partnerships.partial_dates import PartialDate
from partnerships.services.lifecycle import ACTS
from partnerships.services.publication import approve
from partnerships.services.recording import remove_agreement
from people.access import fields_hidden_from
from people.authority import managed_tokens
from people.history import acting
from people.models import ApiToken, Role
from people.principals import TokenPrincipal
from people.services.tokens import issue_token, revise_token, revoke_token, rotate_token
from tests.factories import (
    AgreementFactory,
    DocumentFactory,
    MembershipFactory,
    OfficeFactory,
    UserFactory,
    administrator,
)

pytestmark = pytest.mark.django_db

PAGE = Path(__file__).resolve().parents[2] / "docs" / "permissions.md"
STATES = {"draft": "draft", "in review": "in_review", "published": "published", "withdrawn": "withdrawn"}
DAY = PartialDate.parse("2024")
#: What an act has to be told besides who acts.
FACTS = {
    "send_back": {"reason": "Because."},
    "withdraw": {"reason": "Because."},
    "sign": {"signed_on": DAY},
    "extend": {"end_kind": "open_ended"},
    "amend": {"title": "Amendment"},
    "terminate": {"terminated_on": DAY, "reason": "Because."},
}


def tables() -> list[list[dict[str, str]]]:
    """The tables of the page, each row by its headings."""
    found, head = [], None
    for line in PAGE.read_text().splitlines():
        if not line.startswith("|"):
            head = None
            continue
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if head is None:
            head = cells
            found.append([])
        elif set(cells[0]) != {"-"}:
            found[-1].append(dict(zip(head, cells, strict=True)))
    return found


ABOUT_ACTS, ABOUT_RECORDS, ABOUT_DUTIES, ABOUT_TOKENS = tables()


class Undo(Exception):
    """Takes back what was tried."""


def allowed(act, *args, **facts) -> bool:
    """Try an act, and take it back."""
    try:
        with transaction.atomic():
            act(*args, **facts)
            raise Undo
    except Undo:
        return True
    except (PermissionDenied, ValidationError):
        return False


def deleted(by, record: Agreement) -> bool:
    """Try to delete a record through the API's service, and take it back."""
    done = []
    allowed(lambda: done.append(remove_agreement(agreement=record, by=by, reason="Wrong.")))
    return done == ["deleted"]


@pytest.fixture
def office():
    return OfficeFactory()


@pytest.fixture
def elsewhere():
    return OfficeFactory()


@pytest.fixture
def actors(office, elsewhere) -> dict:
    found = {"no role": UserFactory(), "superuser": administrator()}
    for role in Role.values:
        found[role] = MembershipFactory(office=office, role=role).user
        found[f"{role} elsewhere"] = MembershipFactory(office=elsewhere, role=role).user
    token = ApiToken.objects.create(name="t", scopes=["write:agreements"], office=office, digest="x" * 64)
    return found | {"token": TokenPrincipal(token)}


def in_state(state: str, **facts) -> Agreement:
    record = AgreementFactory(**facts)
    moved = {"publication_state": state}
    if state in ("published", "withdrawn"):
        moved["published_at"] = "2020-01-01T00:00:00Z"
    if state == "withdrawn":
        moved["withdrawal_reason"] = "Wrong."
    for party in record.parties.all():
        type(party.institution).objects.filter(pk=party.institution_id).update(visibility="public")
    Agreement.objects.filter(pk=record.pk).update(**moved)
    record.refresh_from_db()
    return record


def wrong(rows, outcome) -> list[str]:
    """The cells that say otherwise than ``outcome(row, column)``."""
    return [
        f"{list(row.values())[:2]} {column}: the page says {cell}"
        for row in rows
        for column, cell in list(row.items())[2:]
        if cell not in ("yes", "–") or (cell == "yes") != outcome(row, column)
    ]


def test_the_page_names_every_act_in_every_state_for_everybody(actors):
    names = {(row["act"].replace(" ", "_"), STATES[row["state"]]) for row in ABOUT_ACTS}
    assert names == {(name, state) for name in ACTS for state in STATES.values()}
    for rows in (ABOUT_ACTS, ABOUT_RECORDS, ABOUT_TOKENS):
        assert set(list(rows[0])[2:]) == set(actors)


def test_acts(office, actors):
    records = {name: in_state(state, office=office) for name, state in STATES.items()}
    newer = AgreementFactory(office=office)

    def outcome(row, column) -> bool:
        name, record = row["act"].replace(" ", "_"), records[row["state"]]
        facts = {"newer": newer} if name == "supersede" else FACTS.get(name, {})
        return allowed(ACTS[name].verb, agreement=record, by=actors[column], **facts)

    assert not wrong(ABOUT_ACTS, outcome)


def test_records(rf, office, elsewhere, actors):
    records = {}

    def record_of(described: str) -> Agreement:
        if described not in records:
            visibility, state = described.rsplit(", ", 1)
            record = in_state(STATES[state], office=office, visibility=visibility.split()[0])
            if "named" in visibility:
                record.sharing.create(office=elsewhere)
            DocumentFactory(agreement=record, visibility="restricted")
            records[described] = record
        return records[described]

    def in_admin(verb: str, user, record) -> bool:
        if isinstance(user, TokenPrincipal) and verb == "delete":
            return deleted(user, record)
        if isinstance(user, TokenPrincipal):
            return user.has_perm(f"partnerships.{verb}_agreement", record)
        request = rf.get("/")
        request.user = user
        return getattr(admin.site.get_model_admin(Agreement), f"has_{verb}_permission")(request, record)

    def reads_terms(user, record) -> bool:
        # A token has no form to read them in, and no resource names them.
        return not isinstance(user, TokenPrincipal) and not fields_hidden_from(user, record)

    outcomes = {
        "see": lambda user, record: Agreement.objects.visible_to(user).filter(pk=record.pk).exists(),
        "see a restricted document of": lambda user, record: (
            Document.objects.visible_to(user).filter(agreement=record).exists()
        ),
        "read the confidential terms of": reads_terms,
        "change": lambda user, record: in_admin("change", user, record),
        "delete": lambda user, record: in_admin("delete", user, record),
    }
    assert {row["what"] for row in ABOUT_RECORDS} == set(outcomes)
    assert not wrong(
        ABOUT_RECORDS,
        lambda row, column: outcomes[row["what"]](actors[column], record_of(row["record"])),
    )


def test_duties(office):
    office.separate_duties = True
    office.save()
    submitter, editor, other, approver = (
        MembershipFactory(office=office, role="reviewer").user for _ in range(4)
    )
    boss = administrator()
    record = in_state("in_review", office=office, submitted_by=submitter)
    by_boss = in_state("in_review", office=office, submitted_by=boss)
    with acting(user=editor):
        Agreement.objects.filter(pk__in=[record.pk, by_boss.pk]).update(summary="Edited.")
    people = {
        "who submitted it": (submitter, record),
        "who changed it last": (editor, record),
        "another reviewer": (other, record),
        "superuser who submitted it": (boss, by_boss),
    }

    def attempt(row, user, one) -> None:
        if row["approved"] == "by another":
            approve(agreement=one, by=approver)
        ACTS[row["act"]].verb(agreement=one, by=user)

    assert not wrong(ABOUT_DUTIES, lambda row, column: allowed(attempt, row, *people[column]))


def test_tokens(office, actors):
    scopes = ["write:agreements", "write:institutions", "read:internal", "webhooks"]
    offices = {"the office": office, "all offices": None}
    tokens = {
        name: issue_token(name=f"Token of {name}", scopes=scopes, office=bound)[0]
        for name, bound in offices.items()
    }
    until = timezone.now() + timedelta(hours=1)
    outcomes = {
        "see": lambda user, name: managed_tokens(user).filter(pk=tokens[name].pk).exists(),
        "issue": lambda user, name: allowed(
            issue_token, name="New", scopes=scopes, office=offices[name], by=user
        ),
        "rotate": lambda user, name: allowed(
            rotate_token, token=tokens[name], old_works_until=until, by=user
        ),
        "change": lambda user, name: allowed(
            revise_token, token=tokens[name], networks=["192.0.2.0/24"], by=user
        ),
        "revoke": lambda user, name: allowed(revoke_token, token=tokens[name], by=user),
        "give a rate limit to": lambda user, name: allowed(
            revise_token, token=tokens[name], rate_limit=5, by=user
        ),
    }
    assert {(row["act"], row["token of"]) for row in ABOUT_TOKENS} == {
        (act, name) for act in outcomes for name in offices
    }
    assert not wrong(ABOUT_TOKENS, lambda row, column: outcomes[row["act"]](actors[column], row["token of"]))


@pytest.mark.parametrize("name", ACTS)
def test_the_pages_of_acts_ask_the_same(office, name):
    state = next(state for state in STATES.values() if state in ACTS[name].states)
    record = in_state(state, office=office)
    newer = AgreementFactory(office=office)
    typed = {"reason": "Because.", "confirm": "1", "signed_on": "2024", "how": name, "end_kind": "open_ended",
             "title": "A", "kind": "amendment", "renewal": "none", "binding": "binding", "newer": newer.uid,
             "terminated_on": "2024", "other": newer.uid}  # fmt: skip
    address = reverse("admin:partnerships_agreement_act", args=[record.pk, name])

    def tried(role: str) -> int:
        client = Client()
        client.force_login(MembershipFactory(office=office, role=role).user)
        assert client.get(address).status_code in {200, 403}
        return client.post(address, typed).status_code

    assert tried("viewer") == 403
    assert tried("reviewer") == 302
