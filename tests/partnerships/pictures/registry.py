"""A small registry in which everything that pictures count happens, and three who look at it."""

from datetime import timedelta

from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.http import QueryDict
from django.utils import timezone

from partnerships.filtersets import AgreementFilterSet
from partnerships.models import AgreementRelation, IndexCard, Period
from tests.factories import (
    ActivityFactory,
    AgreementFactory,
    EventFactory,
    FocusAreaFactory,
    InstitutionFactory,
    MembershipFactory,
    OfficeFactory,
    SubjectFactory,
    publish_now,
)

#: Scopes: everybody, staff of the office that owns what is restricted, staff of another office.
SCOPES = ("anonymous", "staff", "other office")


def furnish() -> dict:
    """Make the registry; return its visitors by scope."""
    office, other = OfficeFactory(), OfficeFactory()
    above = FocusAreaFactory(name="Computing")
    below = FocusAreaFactory(name="Quantum computing", parent=above)
    summit = EventFactory(name="Summit")
    today = timezone.localdate()
    agreement(
        "KR GB", [below], signed_on="2019-05", effective_from="2019-06-01", end_kind="date", ends_on="2021"
    )
    agreement("KR GB FR", [above], signed_on="2019", effective_from="2020", event=summit)
    agreement("KR KR", [], type="exchange", signed_on="2020-02-03", terminated_on="2022-03")
    agreement("GB GB", [above, below], announced_on="2021-01", activities=["events", "joint_research"])
    agreement("KR", [below], type="exchange", visibility="internal", signed_on="2020", activities=["events"])
    agreement("FR KR", [], visibility="restricted", office=office, signed_on="2021", effective_from="2021")
    soon = today + timedelta(days=40)
    agreement("GB FR", [], effective_from="2018", end_kind="date", ends_on=soon.isoformat())
    old = agreement("GB DE", [], effective_from="2017-01-01", signed_on="2016-12", activities=["events"])
    hidden = agreement("GB DE", [], visibility="restricted", office=office, effective_from="2021-07-01")
    AgreementRelation.objects.create(agreement=hidden, kind="supersedes", target=old)
    renewed = agreement("DE FR", [], effective_from="2015", end_kind="date", ends_on="2018", publish=False)
    Period.objects.create(agreement=renewed, number=1, starts_on="2019", end_kind="open_ended")
    publish_now(renewed)
    agreement("DE FR", [], publish=False, signed_on="2020")
    return {
        "anonymous": AnonymousUser(),
        "staff": MembershipFactory(office=office, role="editor").user,
        "other office": MembershipFactory(office=other, role="editor").user,
    }


def agreement(countries: str, subjects: list, *, activities=(), publish=True, **facts):
    parties = [InstitutionFactory(country_id=code) for code in countries.split()]
    while len(parties) < 2:
        parties.append(InstitutionFactory(country_id=None))
    record = AgreementFactory(parties=parties, **facts)
    for subject in subjects:
        SubjectFactory(agreement=record, focus_area=subject)
    for kind in activities:
        ActivityFactory(agreement=record, kind=kind)
    if publish:
        publish_now(record)
    return record


def filters(query, user) -> AgreementFilterSet:
    asked = query if isinstance(query, QueryDict) else QueryDict(query)
    found = AgreementFilterSet(asked, IndexCard.objects.visible_to(user), user=user)
    assert found.is_valid(), found.errors
    return found


def listed(query, user) -> int:
    """How many agreements the list finds, told apart one by one."""
    return filters(query, user).question.cards().count()


def ids_drawn(condition: str, number: int) -> list[int]:
    """Ids that no agreement has, of which a sample would hold each."""
    statement = f"SELECT id FROM generate_series(1000000, 1010000) AS id WHERE {condition} LIMIT %s"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(statement, [number])
        return [key for (key,) in cursor.fetchall()]
