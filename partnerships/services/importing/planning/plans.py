"""What each row would do to the registry as it stands."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db.models.functions import Upper

from partnerships.choices import ImportKind, PartyDecision, PartyRole, PublicationState, RowKind
from partnerships.models import Agreement, AgreementIdentifier, ImportBatch, ImportParty, ImportRow, Source
from people.access import Visibility

from .cells import heading_of, reason_for
from .facts import RowReader
from .plan import REFERENCES, Plan, in_words, near

_RELATIONS = ("event", "signed_country", "office")
_NOT_YOURS = "An agreement that you may not change carries this identifier."
#: The column of the mapping that a field of the model comes from, where it has another name.
_TARGET_OF = {
    "notice_amount": "notice", "notice_unit": "notice", "office": "title", "visibility": "title",
    "__all__": "title",
}  # fmt: skip


class Planner:
    """Plans rows in chunks; remembers over chunks what rows of the file have claimed already.

    Args:
        parties: the ``ImportParty`` of each key.
    """

    def __init__(
        self, batch: ImportBatch, *, user, reader: RowReader, parties: dict[str, ImportParty]
    ) -> None:
        self.batch, self.user, self.reader, self.parties = batch, user, reader, parties
        self.system = reader.mapping.system.strip()
        self.claimed: dict[Any, int] = {}
        self._may: dict[tuple[str, int | None], bool] = {}

    def may(self, verb: str, office_id: int | None) -> bool:
        """Ask for a permission once an office."""
        key = (verb, office_id)
        if key not in self._may:
            record = Agreement(office_id=office_id)
            self._may[key] = self.user.has_perm(f"partnerships.{verb}_agreement", record)
        return self._may[key]

    def plan(self, rows: list[ImportRow]) -> list[Plan]:
        """Say for each row what it does: a fixed number of statements for all of them."""
        plans = [Plan(row, self.reader.read(row.cells)) for row in rows]
        for plan in plans:
            plan.named = [
                self.parties[party.key].pk for party in plan.facts.parties if party.key in self.parties
            ]
            plan.identifier = plan.facts.identifier
            if plan.row.reasons and plan.row.reasons[0].get("shape"):
                plan.facts.reasons = [plan.row.reasons[0]]
            if plan.facts.reasons:
                plan.refuse(plan.facts.reasons)
            else:
                self._settle_parties(plan)
        open_plans = [plan for plan in plans if plan.kind != RowKind.REFUSED]
        self._recognise(open_plans)
        for plan in open_plans:
            if plan.kind == RowKind.REFUSED:
                continue
            if self.batch.kind == ImportKind.PARTIES:
                self._plan_parties(plan)
            elif plan.agreement is None:
                self._plan_new(plan)
            else:
                self._plan_change(plan)
        return plans

    # --- who is meant ---------------------------------------------------------------------------

    def _settle_parties(self, plan: Plan) -> None:
        seen = set()
        for fact in plan.facts.parties:
            party = self.parties[fact.key]
            if party.decision == PartyDecision.UNDECIDED:
                letter = next((one for one in "ABCD" if self._names(one, plan, fact)), "A")
                message = f"“{fact.name[:80]}”: {party.reason}. Choose who is meant."
                plan.refuse([reason_for(self.reader, f"party_{letter}", fact.name, message)])
            identity = party.institution_id or f"new {party.pk}"
            if identity not in seen:
                seen.add(identity)
                plan.parties.append((party, fact.role, fact.reference))
        if self.batch.kind == ImportKind.PARTIES and not plan.facts.parties:
            plan.refuse([reason_for(self.reader, "party_A", "", "The row names no institution.")])

    def _names(self, letter: str, plan: Plan, fact) -> bool:
        place = self.reader.places.get(f"party_{letter}")
        return place is not None and fact.name in " ".join(plan.row.cells[place].split())

    # --- which record is meant -------------------------------------------------------------------

    def _recognise(self, plans: list[Plan]) -> None:
        by_identifier = "identifier" in self.reader.places
        known = self._by_identifier(plans) if by_identifier else self._by_title(plans)
        for plan in plans:
            if self.batch.kind == ImportKind.AGREEMENTS:
                claim = plan.identifier if by_identifier else self._likeness(plan)
                if (first := self.claimed.setdefault(claim, plan.row.number)) != plan.row.number:
                    message = f"Row {first} of this file is the same agreement."
                    target = "identifier" if by_identifier else "title"
                    value = plan.identifier or plan.facts.title
                    plan.refuse([reason_for(self.reader, target, value, message)])
                    continue
            found = known.get(plan.row.number, [])
            if len(found) > 1:
                message = f"{len(found)} records have this title, these parties and this date."
                plan.refuse([reason_for(self.reader, "title", plan.facts.title, message)])
            elif found:
                plan.agreement = found[0]
                self._check_right(plan)
            elif self.batch.kind == ImportKind.PARTIES:
                message = f"No agreement carries this identifier of “{self.system}”."
                plan.refuse([reason_for(self.reader, "identifier", plan.identifier, message)])

    def _check_right(self, plan: Plan) -> None:
        record = plan.agreement
        elsewhere = record.office_id != self.batch.office_id
        hidden = elsewhere and record.visibility == Visibility.RESTRICTED
        target = "identifier" if plan.identifier else "title"
        if hidden or not self.may("change", record.office_id):
            plan.agreement = None
            plan.refuse([reason_for(self.reader, target, plan.identifier or plan.facts.title, _NOT_YOURS)])
        elif record.publication_state == PublicationState.WITHDRAWN:
            message = "The record is withdrawn; an import does not change it."
            plan.refuse([reason_for(self.reader, target, plan.identifier or record.title, message)])

    def _by_identifier(self, plans: list[Plan]) -> dict[int, list[Agreement]]:
        values = {plan.identifier for plan in plans}
        rows = AgreementIdentifier.objects.filter(system=self.system, value__in=values)
        keys = dict(rows.order_by().values_list("value", "agreement_id"))
        records = self._records(set(keys.values()))
        return {
            plan.row.number: [records[keys[plan.identifier]]] for plan in plans if plan.identifier in keys
        }

    def _by_title(self, plans: list[Plan]) -> dict[int, list[Agreement]]:
        """Records that say the same of title, parties and date: a file without identifiers has no more."""
        titles = {plan.facts.title.upper() for plan in plans}
        visible = Agreement.objects.visible_to(self.user).annotate(upper=Upper("title"))
        keys = visible.filter(upper__in=titles).order_by().values_list("pk", flat=True)
        by_title: dict[str, list[Agreement]] = {}
        for record in self._records(set(keys)).values():
            by_title.setdefault(record.title.upper(), []).append(record)
        return {
            plan.row.number: [
                record
                for record in by_title.get(plan.facts.title.upper(), [])
                if self._is_meant(plan, record)
            ]
            for plan in plans
        }

    def _records(self, keys: set[int]) -> dict[int, Agreement]:
        rows = Agreement.objects.filter(pk__in=keys).order_by().select_related("event", "signed_country")
        if self.batch.kind == ImportKind.PARTIES:
            return {row.pk: row for row in rows.prefetch_related("parties")}
        return {row.pk: row for row in rows.prefetch_related("parties", "sources", "subjects", "identifiers")}

    def _is_meant(self, plan: Plan, record: Agreement) -> bool:
        wanted = {party.institution_id for party, _, _ in plan.parties}
        standing = {party.institution_id for party in record.parties.all()}
        dates = ("signed_on", "effective_from")
        return wanted <= standing and all(
            plan.facts.columns.get(name) in (None, getattr(record, name)) for name in dates
        )

    def _likeness(self, plan: Plan) -> tuple:
        dates = [str(plan.facts.columns.get(name)) for name in ("signed_on", "effective_from")]
        return plan.facts.title.casefold(), *sorted(party.pk for party, _, _ in plan.parties), *dates

    # --- what it does ------------------------------------------------------------------------------

    def _plan_new(self, plan: Plan) -> None:
        plan.columns = {**plan.facts.defaults, **plan.facts.columns, "office_id": self.batch.office_id}
        plan.source = Source(**plan.facts.source) if plan.facts.source else None
        plan.focus_areas = plan.facts.focus_areas
        self._validate(plan, Agreement(**plan.columns))

    def _plan_change(self, plan: Plan) -> None:
        record = plan.agreement
        if plan.facts.columns.get("end_kind") not in (None, "date") and record.ends_on is not None:
            plan.facts.columns["ends_on"] = None
        for name, value in plan.facts.columns.items():
            if (old := getattr(record, name)) != value:
                plan.columns[name] = value
                told = {"old": in_words(record, name, old), "new": self._new_words(name, value)}
                plan.changes.append({"field": self._label(name)} | told)
        self._missing_parties(plan)
        sources = {(row.url, "" if row.url else row.title) for row in record.sources.all()}
        given = plan.facts.source
        if given and (given["url"], "" if given["url"] else given["title"]) not in sources:
            plan.source = Source(**given)
            plan.changes.append({"field": "source", "old": "", "new": given["url"] or given["title"]})
        standing = {row.focus_area_id for row in record.subjects.all()}
        plan.focus_areas = [key for key in plan.facts.focus_areas if key not in standing]
        if plan.focus_areas:
            names = [plan.row.cells[self.reader.places["focus_areas"]]]
            plan.changes.append({"field": "focus areas", "old": "", "new": f"+ {names[0][:200]}"})
        changed = Agreement(
            **{field.attname: getattr(record, field.attname) for field in record._meta.fields}
        )
        for name, value in plan.columns.items():
            setattr(changed, name, value)
        plan.kind = RowKind.CHANGED.value if plan.changes else RowKind.UNCHANGED.value
        self._validate(plan, changed)

    def _plan_parties(self, plan: Plan) -> None:
        """A row that adds parties to a record; the same again says nothing new."""
        record = plan.agreement
        fresh = []
        for party, role, reference in plan.parties:
            claim = (record.pk, party.institution_id or f"new {party.pk}")
            if self.claimed.setdefault(claim, plan.row.number) == plan.row.number:
                fresh.append((party, role, reference))
        plan.parties = fresh
        self._missing_parties(plan)
        plan.kind = RowKind.NEW.value if plan.parties else RowKind.UNCHANGED.value

    def _missing_parties(self, plan: Plan) -> None:
        """An import adds parties and never takes one away: others may know of more than this file does."""
        standing = {party.institution_id for party in plan.agreement.parties.all()}
        plan.parties = [entry for entry in plan.parties if entry[0].institution_id not in standing]
        for party, role, _ in plan.parties:
            new = f"+ {party.name} ({PartyRole(role).label.lower()})"
            plan.changes.append({"field": "party", "old": "", "new": new})

    def _validate(self, plan: Plan, record: Agreement) -> None:
        errors: dict[str, list[str]] = {}
        checks = [lambda: record.clean_fields(exclude=_RELATIONS), record.clean]
        for check in checks:
            try:
                check()
            except ValidationError as error:
                errors |= error.message_dict
        if plan.source is not None:
            try:
                plan.source.clean_fields(exclude=["agreement"])
            except ValidationError as error:
                errors |= {f"source_{name}": messages for name, messages in error.message_dict.items()}
        for name, messages in errors.items():
            target = _TARGET_OF.get(name, name)
            target = target if target in self.reader.places else near(target, self.reader)
            place = self.reader.places.get(target)
            value = plan.row.cells[place] if place is not None else ""
            plan.refuse([reason_for(self.reader, target, value, message) for message in messages])

    def _label(self, name: str) -> str:
        target = REFERENCES.get(name, name)
        if target in self.reader.places:
            return heading_of(self.reader, target)
        return str(Agreement._meta.get_field(target).verbose_name)

    def _new_words(self, name: str, value: Any) -> str:
        if name in REFERENCES:
            return self._related_words(name, value)
        return in_words(Agreement(**{name: value}), name, value)

    def _related_words(self, name: str, value: Any) -> str:
        """The name of what a reference names."""
        related = Agreement._meta.get_field(REFERENCES[name]).related_model
        return str(related.objects.filter(pk=value).first() or "")
