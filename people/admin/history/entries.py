"""Groups of changes as the timeline shows them: a day, an act or a summary, who, why, and the changes."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import urlencode
from uuid import UUID

from django.contrib.auth import get_user_model
from django.utils import timezone
from django.utils.text import capfirst

from people.models import ApiToken

from .reading import Group
from .words import VERBS, Told, Words, who

#: More fields than this are counted in a summary, not named.
_NAMED = 3


@dataclass
class Entry:
    """One group as the page shows it.

    Args:
        act: what was done, where that is known by a name, such as “Published”.
        summary: what changed, in short: “3 parties added, title changed”.
        ref: names the group, for whoever wants to revert it.
    """

    moment: datetime
    context: UUID | None
    who: str
    reason: str
    request_id: str
    act: str
    summary: str
    changes: list[Told]

    @property
    def created(self) -> bool:
        """Whether the record itself was recorded by this."""
        return any(told.kind == "insert" and not told.change.trail.link for told in self.changes)

    @property
    def day(self) -> date:
        return timezone.localtime(self.moment).date()

    @property
    def ref(self) -> str:
        named = {"at": self.moment.isoformat(), "context": self.context or ""}
        return urlencode(named)


def entry_of(group: Group, words: Words, actors: "Actors", act: str) -> Entry:
    """Put a group in words."""
    facts = group.facts or {}
    told = [words.tell(change) for change in group.changes]
    return Entry(
        moment=group.moment,
        context=group.context,
        who=actors.name(group.facts),
        reason=str(facts.get("reason", "")),
        request_id=str(facts.get("request_id", "")),
        act=act,
        summary=summary(told),
        changes=told,
    )


class Actors:
    """The accounts and tokens that groups name, fetched in two statements."""

    def __init__(self, groups: Iterable[Group]):
        groups = list(groups)
        self.users = _in_bulk(groups, "user", get_user_model())
        self.tokens = _in_bulk(groups, "token", ApiToken)

    def name(self, facts: dict | None) -> str:
        return who(facts, self.users, self.tokens)


def summary(changes: list[Told]) -> str:
    """“3 parties added, title and summary changed”."""
    rows: Counter = Counter()
    fields: list[str] = []
    created = [told.heading for told in changes if told.kind == "insert" and not told.change.trail.link]
    for told in changes:
        if not told.change.trail.link and (created or told.kind != "update"):
            continue
        if not told.change.trail.link:
            fields += [line.label[:1].lower() + line.label[1:] for line in told.lines]
        else:
            rows[told.change.trail.model, told.kind] += 1
    words = [_counted(model, number, VERBS[kind]) for (model, kind), number in rows.items()]
    fields = list(dict.fromkeys(fields))
    words[:0] = created
    if fields:
        named = " and ".join(filter(None, (", ".join(fields[:-1]), fields[-1])))
        words.insert(0, f"{named if len(fields) <= _NAMED else f'{len(fields)} fields'} changed")
    return capfirst(", ".join(words))


def in_short(entry: Entry) -> str:
    """“Ada, 2024-05-02 14:03 (title, party added: KAIST)”, for a message."""
    fields = [line.label.lower() for told in entry.changes if told.kind == "update" for line in told.lines]
    rows = [told.heading[:1].lower() + told.heading[1:] for told in entry.changes if told.kind != "update"]
    what = ", ".join(dict.fromkeys(fields + rows))
    moment = f"{timezone.localtime(entry.moment):%Y-%m-%d %H:%M}"
    return f"{entry.who}, {moment} ({what})" if what else f"{entry.who}, {moment}"


def _counted(model, number: int, verb: str) -> str:
    options = model._meta
    if number == 1:
        return f"{options.verbose_name} {verb}"
    return f"{number} {options.verbose_name_plural} {verb}"


def _in_bulk(groups: list[Group], kind: str, model) -> dict:
    keys = {group.facts.get(kind) for group in groups if group.facts}
    return model._base_manager.in_bulk({key for key in keys if isinstance(key, int)})
