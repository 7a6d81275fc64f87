"""How a record stands: the acts that are open now, what reviewers said, and who may do what."""

from dataclasses import dataclass

from django.urls import reverse

from partnerships.models import Agreement
from partnerships.services.duties import duties_are_separate
from partnerships.services.lifecycle import ACTS, Group
from people.access import Visibility
from people.backends import RANK
from people.models import Membership, Role

#: So many names are read; more are counted.
NAMES = 8
#: What a link to the page of an act says, where it is not the act's label.
_LINKS = {"extend": "Extend or renew", "supersede": "Superseded by"}


@dataclass(frozen=True)
class Link:
    """An act on the record's page."""

    name: str
    label: str
    address: str


def standing_of(agreement: Agreement, user, names: list[str]) -> dict:
    """What the record's page shows besides its form.

    Args:
        names: the acts that are open to ``user``.
    """
    return {
        "act_groups": act_groups(agreement, names),
        "approvals": list(agreement.approvals.select_related("by")),
        "hindrance": _hindrance(agreement, user),
        "who_may": who_may(agreement),
    }


def act_groups(agreement: Agreement, names: list[str]) -> list[tuple[str, list[Link]]]:
    """Links to the pages of the acts, in groups; one page serves for extending and renewing."""
    shown = [name for name in names if not (name == "renew" and "extend" in names)]
    groups = [(group.label, [_link(agreement, name) for name in shown if ACTS[name].group == group])
              for group in Group]  # fmt: skip
    return [(label, links) for label, links in groups if links]


def _link(agreement: Agreement, name: str) -> Link:
    address = reverse("admin:partnerships_agreement_act", args=[agreement.pk, name])
    return Link(name, f"{_LINKS.get(name, ACTS[name].label)}…", address)


def _hindrance(agreement: Agreement, user) -> str:
    """Say why somebody who may otherwise publish may not publish this record now."""
    act = ACTS["publish"]
    if not act.rule.allows(agreement, user) or act.rule.closed(agreement):
        return ""
    return act.hindrance(agreement, user)


def who_may(agreement: Agreement) -> list[tuple[str, str]]:
    """Say what may be done with the record, and who may do it."""
    read = _readers(agreement)
    if agreement.office_id is None:
        return [
            ("Read", read),
            ("Everything else", "No office owns this record: the roles of any office count."),
        ]
    members = Membership.objects.filter(
        office=agreement.office_id, user__is_active=True, user__is_staff=True
    ).select_related("user")
    people = [(RANK[row.role], row.user) for row in members.order_by("user__username")]
    separate = " Nobody judges their own work." if duties_are_separate(agreement) else ""
    rows = [("Read", read)]
    for label, role in (
        ("Change, submit, record acts", Role.EDITOR),
        ("Approve, send back, publish, withdraw", Role.REVIEWER),
        ("Delete a draft, manage people", Role.ADMINISTRATOR),
    ):
        names = [user.get_full_name() or user.get_username() for rank, user in people if rank >= RANK[role]]
        rows.append((label, _named(names) + (separate if role == Role.REVIEWER else "")))
    return rows


def _readers(agreement: Agreement) -> str:
    published = agreement.publication_state == "published"
    if agreement.visibility == Visibility.PUBLIC:
        return "Everybody." if published else "Staff; everybody once it is published."
    if agreement.visibility == Visibility.INTERNAL:
        return "Staff."
    named = [row.office.name for row in agreement.sharing.select_related("office")]
    return f"Members of {', '.join([str(agreement.office), *named])}."


def _named(names: list[str]) -> str:
    if not names:
        return "Nobody in this office yet."
    more = f" and {len(names) - NAMES} more" if len(names) > NAMES else ""
    return f"{', '.join(names[:NAMES])}{more}."
