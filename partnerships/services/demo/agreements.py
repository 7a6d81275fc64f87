"""One agreement and its parts, from facts to rows."""

from partnerships.choices import Supported
from partnerships.models import (
    Activity,
    Agreement,
    AgreementFocusArea,
    Party,
    Signatory,
    Source,
    Statement,
)

from .facts import ActivityFacts, AgreementFacts, PartyFacts, stable_uid
from .shared import Shared
from .writing import save


def write_agreement(said: AgreementFacts, shared: Shared) -> Agreement:
    """Insert the agreement as a draft with all its parts; the order of the file is kept.

    Raises:
        ValidationError: a value does not fit.
    """
    row = save(
        Agreement(
            uid=stable_uid("agreement", said.key),
            title=said.title,
            type=said.type,
            summary=said.summary,
            announced_on=said.announced_on,
            signed_on=said.signed_on,
            signed_place=said.signed_place,
            signed_country_id=said.signed_country,
            effective_from=said.effective_from,
            end_kind=said.end,
            ends_on=said.ends_on,
            binding=said.binding,
            event=shared.event(said.event) if said.event else None,
        )
    )
    parties = {
        party.institution: _write_party(row, position, party, shared)
        for position, party in enumerate(said.parties)
    }
    for position, activity in enumerate(said.activities):
        _write_activity(row, position, activity, parties)
    for position, subject in enumerate(said.focus_areas):
        area = shared.focus_area(subject.area)
        save(
            AgreementFocusArea(
                agreement=row, focus_area=area, emphasised=subject.emphasised, position=position
            )
        )
    _write_evidence(row, said, shared)
    return row


def _write_party(agreement: Agreement, position: int, said: PartyFacts, shared: Shared) -> Party:
    institution = shared.institution(said.institution)
    party = save(Party(agreement=agreement, institution=institution, role=said.role, position=position))
    for place, signatory in enumerate(said.signatories):
        save(
            Signatory(
                party=party,
                person=shared.person(signatory.person),
                name_as_printed=signatory.name_as_printed,
                title_as_printed=signatory.title_as_printed,
                position=place,
            )
        )
    return party


def _write_activity(
    agreement: Agreement, position: int, said: ActivityFacts, parties: dict[str, Party]
) -> None:
    save(
        Activity(
            uid=stable_uid("activity", f"{agreement.uid} {position}"),
            agreement=agreement,
            kind=said.kind,
            direction=said.direction,
            from_party=parties[said.from_party] if said.from_party else None,
            to_party=parties[said.to_party] if said.to_party else None,
            quota=said.quota,
            quota_note=said.quota_note,
            starts_on=said.starts_on,
            ends_on=said.ends_on,
            description=said.description,
            position=position,
        )
    )


def _write_evidence(agreement: Agreement, said: AgreementFacts, shared: Shared) -> None:
    """Write the sources and the statements, which are from the first source that supports them."""
    reporting = None
    for position, source in enumerate(said.sources):
        row = save(
            Source(
                uid=stable_uid("source", f"{agreement.uid} {position}"),
                agreement=agreement,
                kind=source.kind,
                title=source.title,
                url=source.url,
                publisher=source.publisher,
                published_on=source.published_on,
                language=source.language,
                supports=list(source.supports),
                note=source.note,
                position=position,
            )
        )
        if reporting is None and Supported.STATEMENTS in source.supports:
            reporting = row
    for position, statement in enumerate(said.statements):
        save(
            Statement(
                agreement=agreement,
                person=shared.person(statement.person),
                capacity=statement.capacity,
                institution=shared.institution(statement.institution) if statement.institution else None,
                summary=statement.summary,
                source=reporting,
                position=position,
            )
        )
