"""Synthetic agreements and everything that belongs to them, as rows for COPY."""

from collections import defaultdict
from dataclasses import dataclass
from itertools import accumulate
from random import Random

from partnerships.choices import (
    ActivityKind,
    AgreementType,
    Binding,
    Direction,
    DurationUnit,
    EndKind,
    PartyRole,
    PublicationState,
    RelationKind,
    Renewal,
    SourceKind,
)
from people.access import Visibility

from .dates import Dates, recorded
from .marks import OPENING, PUBLISHER, SOURCE_TITLE, SUFFIX, synthetic_uid
from .shared import Numbers
from .tables import line, listed
from .terms import Terms, drawn_terms
from .words import Vocabulary

Rows = dict[str, list[str]]

_TYPES = [one for one in AgreementType if one is not AgreementType.OTHER]
_TYPE_WEIGHTS = list(accumulate((40, 8, 6, 9, 14, 11, 4, 8)))
_KINDS = list(ActivityKind)
_KIND_WEIGHTS = list(accumulate(1 / (rank + 2) for rank in range(len(_KINDS))))
_PARTIES = (2, 3, 4, 5), (62, 84, 94, 100)
_RELATIONS = [RelationKind.SUPERSEDES, RelationKind.RENEWS, RelationKind.AMENDS, RelationKind.IMPLEMENTS]


@dataclass(frozen=True)
class Shared:
    """Ids of what agreements may name; institutions and subjects with the frequent ones first."""

    institutions: list[int]
    subjects: list[tuple[int, str]]
    events: list[int]
    persons: list[tuple[int, str]]
    countries: list[str]


class Writer:
    """Makes agreements one after the other, each from the seed and its number alone.

    Args:
        seed: the same seed makes the same rows.
        shared: what the agreements name.
        vocabularies: with how often each is used, added up.
        start: where the ids of agreements, parties and sources, and the uids begin.
    """

    def __init__(
        self, seed: int, shared: Shared, vocabularies: tuple[list[Vocabulary], list[float]],
        start: dict[str, Numbers],
    ) -> None:  # fmt: skip
        self.seed, self.shared, self.start = seed, shared, start
        self.vocabularies, self.shares = vocabularies
        self.dates = Dates()
        self.agreement = start["partnerships_agreement"]
        self.next_party = start["partnerships_party"].id
        self.next_activity = start["partnerships_activity"].uid
        # Popularity by Zipf's law, its top flattened: the first is in one agreement of fifty, not of four.
        self.popular = list(accumulate((rank + 10) ** -0.9 for rank in range(len(shared.institutions))))
        self.usual = list(accumulate((rank + 20) ** -0.8 for rank in range(len(shared.subjects))))

    def rows(self, first: int, last: int) -> Rows:
        """Return the rows of the agreements numbered from ``first`` up to, not including, ``last``."""
        found: Rows = defaultdict(list)
        for number in range(first, last):
            self._agreement(Random(f"{self.seed} {number}"), number, found)  # noqa: S311
        return found

    def _agreement(self, chance: Random, number: int, found: Rows) -> None:
        key = self.agreement.id + number
        language = chance.choices(self.vocabularies, cum_weights=self.shares)[0]
        terms = drawn_terms(chance, self.dates)
        parties = self._parties(chance, key, found)
        subjects = self._subjects(chance, key, found)
        found["partnerships_agreement"].append(self._record(chance, number, language, subjects[0], terms))
        self._activities(chance, key, found)
        source = self._source(number, key, found)
        if chance.random() < 0.06:
            self._statement(chance, key, language, parties[0][1], source, found)
        if chance.random() < 0.04:
            self._signatories(chance, parties, found)
        if terms.renewed_from:
            found["partnerships_period"].append(
                line(key, 1, terms.renewed_from, EndKind.DATE, terms.renewed_until, "")
            )
        if number > 100 and chance.random() < 0.01:
            older = key - chance.randrange(1, 100)
            found["partnerships_agreementrelation"].append(line(key, chance.choice(_RELATIONS), older, ""))

    def _record(self, chance: Random, number: int, language: Vocabulary, subject: str, terms: Terms) -> str:
        key, uid = self.agreement.id + number, synthetic_uid(self.agreement.uid + number)
        kind = chance.choices(_TYPES, cum_weights=_TYPE_WEIGHTS)[0]
        words = " ".join(language.draw(chance, chance.randrange(2, 5)))
        state, visibility, published, reason = _publication(chance)
        created, updated = sorted((recorded(chance), recorded(chance)))
        notice = chance.randrange(1, 13) if chance.random() < 0.1 else None
        some = chance.random()
        return line(
            key, uid, f"{kind.label} on {subject}: {words} {SUFFIX}", kind.value,
            f"{OPENING} {language.text(chance)}", "{en}" if some < 0.5 else listed([language.tag]),
            terms.announced_on, terms.signed_on,
            chance.choice(self.vocabularies[0].words[200:700]).capitalize() if some < 0.2 else "",
            chance.choice(self.shared.countries) if some < 0.2 else None,
            chance.choice(self.shared.events) if some > 0.88 else None,
            terms.effective_from, terms.end_kind, terms.ends_on, terms.as_stated,
            chance.choice(list(Renewal)).value if some > 0.7 else Renewal.NOT_STATED.value, "",
            notice, DurationUnit.MONTHS.value if notice else "",
            terms.terminated_on, f"{OPENING} Ended early." if terms.terminated_on else "",
            chance.choice(list(Binding)).value, state, visibility, created if published else None, reason,
            created, updated,
        )  # fmt: skip

    def _parties(self, chance: Random, agreement: int, found: Rows) -> list[tuple[int, int]]:
        """Return the parties' ids, each with its institution's."""
        number = chance.choices(_PARTIES[0], cum_weights=_PARTIES[1])[0]
        institutions = _different(chance, self.shared.institutions, self.popular, number)
        parties = list(enumerate(institutions, self.next_party))
        self.next_party += number
        coordinated = chance.random() < 0.1
        for position, (party, institution) in enumerate(parties):
            role = PartyRole.COORDINATOR if coordinated and not position else PartyRole.PARTY
            own = f"SYN/{agreement - self.agreement.id}/{position + 1}"
            reference = own if chance.random() < 0.1 else ""
            found["partnerships_party"].append(
                line(party, agreement, institution, role.value, reference, position)
            )
        return parties

    def _subjects(self, chance: Random, agreement: int, found: Rows) -> list[str]:
        """Return the names of the subjects, without the mark: the title has its own."""
        chosen = _different(chance, self.shared.subjects, self.usual, 3)
        emphasised = chance.random() < 0.2
        for position, (subject, _) in enumerate(chosen):
            found["partnerships_agreementfocusarea"].append(
                line(agreement, subject, "t" if emphasised and not position else "f", position)
            )
        return [name for _, name in chosen]

    def _activities(self, chance: Random, agreement: int, found: Rows) -> None:
        for position, kind in enumerate(_different(chance, _KINDS, _KIND_WEIGHTS, chance.randrange(1, 4))):
            quota = chance.randrange(1, 30) if chance.random() < 0.1 else None
            words = self.vocabularies[0].draw(chance, 6) if chance.random() < 0.2 else []
            direction = Direction.BOTH if chance.random() < 0.3 else Direction.NOT_STATED
            row = line(
                synthetic_uid(self.next_activity), agreement, kind.value, direction.value, quota,
                "persons a year" if quota else "", None, None, " ".join(words), position,
            )  # fmt: skip
            found["partnerships_activity"].append(row)
            self.next_activity += 1

    def _source(self, number: int, agreement: int, found: Rows) -> int:
        start = self.start["partnerships_source"]
        row = line(
            start.id + number, synthetic_uid(start.uid + number), agreement, SourceKind.OTHER.value,
            SOURCE_TITLE, "", PUBLISHER, "en", "{}", "", "", 0,
        )  # fmt: skip
        found["partnerships_source"].append(row)
        return start.id + number

    def _statement(
        self, chance: Random, agreement: int, language: Vocabulary, institution: int, source: int, found: Rows
    ) -> None:
        person, _ = chance.choice(self.shared.persons)
        said = f"{OPENING} {' '.join(language.draw(chance, 15))}"
        found["partnerships_statement"].append(
            line(agreement, person, "Synthetic speaker", institution, said, language.tag, source, 0)
        )

    def _signatories(self, chance: Random, parties: list[tuple[int, int]], found: Rows) -> None:
        for party, _ in parties[:2]:
            person, name = chance.choice(self.shared.persons)
            found["partnerships_signatory"].append(line(party, person, name, "Synthetic signatory", 0))


def _publication(chance: Random) -> tuple[str, str, bool, str]:
    """State, visibility, whether ever published, and the reason of a withdrawal."""
    visibility = Visibility.INTERNAL if chance.random() < 0.02 else Visibility.PUBLIC
    state, published, reason = PublicationState.PUBLISHED, True, ""
    drawn = chance.random()
    if drawn < 0.05:
        state, published = PublicationState.DRAFT, False
    elif drawn < 0.055:
        state, published = PublicationState.IN_REVIEW, False
    elif drawn < 0.06:
        state, reason = PublicationState.WITHDRAWN, f"{OPENING} Withdrawn."
    return state.value, visibility.value, published, reason


def _different(chance: Random, choices: list, weights: list[float], number: int) -> list:
    """Draw ``number`` different ones by weight, in the order in which they came."""
    drawn: dict = {}
    while len(drawn) < number:
        for one in chance.choices(choices, cum_weights=weights, k=number):
            drawn[one] = None
    return list(drawn)[:number]
