"""What agreements share: institutions, people, events, focus areas. Found where they stand, else made."""

from functools import cache

from django.db.models import Q

from partnerships.models import (
    Event,
    FocusArea,
    FocusAreaMapping,
    Institution,
    InstitutionLink,
    InstitutionName,
)
from partnerships.services.ror import resolve_pending_links
from people.models import Person
from people.models.person import PersonName

from .facts import Facts, InstitutionFacts, NameFacts, stable_uid
from .report import Report
from .writing import save


class Shared:
    """The shared records of one load, by their keys; each is looked for once.

    Only what an agreement asks for is touched, so that a load without news writes nothing.
    """

    def __init__(self, facts: Facts, report: Report) -> None:
        self.facts, self.report = facts, report
        self.made: list[Institution] = []
        self.institution = cache(self._institution)
        self.person = cache(self._person)
        self.event = cache(self._event)
        self.focus_area = cache(self._focus_area)

    def greet_those_awaited(self, reason: str) -> None:
        """Make the links that ROR stated to institutions which came only now."""
        if self.made:
            resolve_pending_links(self.made, reason=reason)

    def _institution(self, key: str) -> Institution:
        said = self.facts.institutions[key]
        found = _standing_institution(said)
        if found is not None:
            self._use("institutions", found)
            _add_missing_names(found, said)
            return found
        row = save(
            Institution(
                uid=stable_uid("institution", key),
                name=said.name,
                ror_id=said.ror,
                types=list(said.types),
                description=said.description,
                country_id=said.country,
                region=said.region,
                city=said.city,
                latitude=said.latitude,
                longitude=said.longitude,
                geonames_id=said.geonames,
                website=said.website,
                established=said.established,
            )
        )
        for name in said.names:
            save(InstitutionName(institution=row, value=name.value, kind=name.kind, language=name.language))
        for parent in said.parents:
            save(InstitutionLink(institution=row, target=self.institution(parent)))
        self.made.append(row)
        self.report.added["institutions"].append(row.name)
        return row

    def _person(self, key: str) -> Person:
        """A name alone does not tell two people apart: only the demo's own person is found again."""
        said, uid = self.facts.people[key], stable_uid("person", key)
        if found := Person.objects.filter(uid=uid).first():
            return found
        row = save(Person(uid=uid, name=said.name))
        for name in said.names:
            save(PersonName(person=row, value=name.value, kind=name.kind, language=name.language))
        self.report.added["people"].append(row.name)
        return row

    def _event(self, key: str) -> Event:
        said, uid = self.facts.events[key], stable_uid("event", key)
        if found := _by_uid_or(Event, uid, Q(name__iexact=said.name)):
            self._use("events", found)
            return found
        row = Event(uid=uid, name=said.name, place=said.place, country_id=said.country)
        row.starts_on, row.ends_on = said.starts_on, said.ends_on
        self.report.added["events"].append(row.name)
        return save(row)

    def _focus_area(self, key: str) -> FocusArea:
        said, uid = self.facts.focus_areas[key], stable_uid("focus area", key)
        if found := _by_uid_or(FocusArea, uid, Q(name__iexact=said.name)):
            self._use("focus areas", found)
            return found
        parent = self.focus_area(said.parent) if said.parent else None
        row = save(FocusArea(uid=uid, name=said.name, parent=parent, description=said.description))
        for mapping in said.mappings:
            save(
                FocusAreaMapping(
                    focus_area=row, scheme=mapping.scheme, code=mapping.code, label=mapping.label
                )
            )
        self.report.added["focus areas"].append(row.name)
        return row

    def _use(self, kind: str, row: Institution | Event | FocusArea) -> None:
        self.report.reused[kind].append(str(row))


def _by_uid_or(model, uid: str, other: Q):
    """Return the row that an earlier load made, or the oldest one that ``other`` describes."""
    found = model.objects.filter(uid=uid).first()
    return found or model.objects.filter(other).order_by("pk").first()


def _standing_institution(said: InstitutionFacts) -> Institution | None:
    """Return the institution with this ROR id; without one, that of this name in this country."""
    rows = Institution.objects
    if said.ror and (found := rows.filter(ror_id=said.ror).first()):
        return found
    namesake = Q(name__iexact=said.name, country=said.country, ror_id=None)
    # One that has a ROR id is taken by its id alone: a namesake without one may be another.
    return _by_uid_or(Institution, stable_uid("institution", said.key), Q(pk=None) if said.ror else namesake)


def _add_missing_names(row: Institution, said: InstitutionFacts) -> None:
    """Add the names that ``row`` does not carry in any form, and that nobody took away from it."""
    past = InstitutionName.history.rel.related_model.objects.filter(institution=row)
    known = {row.name.casefold()}
    known |= {value.casefold() for value in row.names.values_list("value", flat=True)}
    known |= {value.casefold() for value in past.values_list("value", flat=True)}
    for name in (*said.names, NameFacts(value=said.name)):
        if name.value.casefold() not in known:
            known.add(name.value.casefold())
            save(InstitutionName(institution=row, value=name.value, kind=name.kind, language=name.language))
