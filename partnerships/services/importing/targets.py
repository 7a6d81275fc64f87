"""What a column may be: the facts of an agreement that a spreadsheet can state, and how they are headed."""

from dataclasses import dataclass

from partnerships.choices import ImportKind

#: How many parties may have columns of their own.
GROUPS = "ABCD"


@dataclass(frozen=True)
class Target:
    """A fact that a column can state.

    Args:
        key: how a mapping names it.
        label: how a person reads it.
        group: the heading under which it is offered.
        headings: words by which a column is recognised, folded, separated by commas.
        is_date: True where its cells are dates.
        kinds: of which imports.
    """

    key: str
    label: str
    group: str
    headings: str = ""
    is_date: bool = False
    kinds: tuple[str, ...] = (ImportKind.AGREEMENTS,)


_BOTH = (ImportKind.AGREEMENTS, ImportKind.PARTIES)
_AGREEMENT, _DATES, _TERM, _SOURCE = "The agreement", "Dates and place", "The term", "The source"


def _party(letter: str) -> list[Target]:
    group, first = f"Party {letter}", letter == "A"
    kinds = _BOTH if first else (ImportKind.AGREEMENTS,)
    name = (
        "publisher, institution, institution name, partner, partner institution, partners, parties, party, "
        "organisation 1, party 1, party a, partner 1, university, host institution, home institution, "
        "our institution, our unit, lead institution, 기관, 기관명, 체결기관, 협정기관, partnerhochschule, einrichtung, "
        "hochschule, partnerinstitution, partner university, établissement, établissement partenaire, "
        "partenaire, institución, universidad, institución contraparte, socio"
        if first
        else "organization, organisation, consortium, partner 2, party 2, party b, institution 2, second party, "
        "counterpart, counterparty, foreign institution, partner organization, partner organisation, 상대기관, 협력기관"
        if letter == "B"
        else f"partner {'CD'.index(letter) + 3}, party {'CD'.index(letter) + 3}, party {letter}"
    )
    country = "country, country name, countries, partner country, country of partner, nation, 국가, 나라, land, pays, país"
    return [
        Target(f"party_{letter}", f"Party {letter}: name", group, name, kinds=kinds),
        Target(
            f"country_{letter}", f"Party {letter}: country", group, country if first else f"country {letter}",
            kinds=kinds,
        ),
        Target(
            f"ror_{letter}", f"Party {letter}: ROR id", group,
            "ror, ror id, ror_id, institution ror" if first else f"ror {letter}", kinds=kinds,
        ),
        Target(
            f"reference_{letter}", f"Party {letter}: its own reference", group,
            "reference, reference number, our reference, ref, ref no, file number, aktenzeichen, "
            "관리번호, référence, referencia, contract number, agreement number" if first else "their reference",
            kinds=kinds,
        ),
    ]  # fmt: skip


TARGETS: dict[str, Target] = {
    target.key: target
    for target in [
        Target(
            "identifier", "Identifier of the agreement", _AGREEMENT,
            "id, agreement id, identifier, esac id, record id, key, no, nr, number, 번호, agreement identifier, mou id",
            kinds=_BOTH,
        ),
        Target(
            "title", "Title", _AGREEMENT,
            "title, agreement title, agreement, name, name of agreement, agreement name, subject, mou title, "
            "제목, 협정명, 협약명, titel, bezeichnung, vertrag, titre, intitulé, título, nombre, convenio",
        ),
        Target(
            "type", "Type", _AGREEMENT,
            "type, agreement type, type of agreement, kind, category, 유형, 종류, 협정종류, art, typ, vertragsart, nature, "
            "type d'accord, tipo, tipo de convenio",
        ),
        Target(
            "summary", "Summary", _AGREEMENT,
            "summary, description, abstract, scope, purpose, content, 내용, 요약, 개요, zusammenfassung, beschreibung, "
            "résumé, resumen, descripción, objeto",
        ),
        Target("languages", "Languages (as tags: en, ko)", _AGREEMENT, "language, languages, 언어, sprache, langue, idioma"),
        Target("binding", "Binding or not", _AGREEMENT, "binding, legally binding, verbindlich"),
        Target(
            "focus_areas", "Focus areas", _AGREEMENT,
            "focus area, focus areas, field, fields, subject area, discipline, topic, topics, 분야, fachgebiet, "
            "fachbereich, domaine, discipline, área, ámbito",
        ),
        *(target for letter in GROUPS for target in _party(letter)),
        Target("announced_on", "Announced on", _DATES, "announced, announced on, announcement date, date announced", True),
        Target(
            "signed_on", "Signed on", _DATES,
            "signed, signed on, date signed, signing date, signature date, date of signature, date of signing, "
            "date, 체결일, 체결일자, 서명일, 협정체결일, unterzeichnet, unterzeichnet am, unterschrieben am, vertragsdatum, "
            "datum, date de signature, signé le, fecha de firma, firmado el, fecha",
            True,
        ),
        Target(
            "effective_from", "In force from", _DATES,
            "start, start date, starts, effective, effective date, effective from, valid from, from, begin, "
            "commencement date, commencement, 시작일, 발효일, 효력발생일, beginn, gültig ab, laufzeit von, "
            "date de début, début, date d'effet, fecha de inicio, inicio, vigente desde",
            True,
        ),
        Target("signed_place", "Place of signing", _DATES, "place, place of signing, signed at, 체결장소, ort, lieu, lugar"),
        Target("signed_country", "Country of signing", _DATES, "country of signing, signed in"),
        Target("event", "Event (by its name)", _DATES, "event, occasion, 행사, anlass, événement, evento"),
        Target(
            "ends_on", "Ends on, or “open-ended”", _TERM,
            "end, end date, ends, ends on, expiry, expiry date, expires, expiration, expiration date, valid until, "
            "valid to, until, to, termination date, 종료일, 만료일, 만기일, ende, gültig bis, laufzeit bis, ablauf, "
            "date de fin, fin, échéance, fecha de fin, fecha de término, vencimiento, vigente hasta",
            True,
        ),
        Target("end_kind", "Kind of end: dated, open-ended, not known", _TERM, "end kind, kind of end"),
        Target("term_as_stated", "Term, in the words of the source", _TERM, "term, duration, 기간, 유효기간, laufzeit, dauer, durée, duración, vigencia"),
        Target("renewal", "Renewal", _TERM, "renewal, auto renewal, auto-renewal, 갱신, verlängerung, renouvellement, renovación"),
        Target("renewal_note", "Note on renewal", _TERM, "renewal note, renewal terms"),
        Target("notice", "Period of notice", _TERM, "notice, notice period, period of notice, kündigungsfrist, préavis, preaviso"),
        Target("terminated_on", "Terminated on", _TERM, "terminated, terminated on, date of termination, cancelled on, gekündigt am, 해지일", True),
        Target("termination_reason", "Reason for termination", _TERM, "termination reason, reason for termination"),
        Target("source_url", "Source: address", _SOURCE, "url, link, source url, website, web, source, 링크, adresse, lien, enlace"),
        Target("source_title", "Source: title", _SOURCE, "source title, headline"),
        Target("source_publisher", "Source: publisher", _SOURCE, "source publisher"),
        Target("source_published_on", "Source: date", _SOURCE, "source date, published, published on", True),
    ]
}  # fmt: skip


def targets_of(kind: str) -> dict[str, Target]:
    """The targets that an import of this kind offers, in their order."""
    return {key: target for key, target in TARGETS.items() if kind in target.kinds}
