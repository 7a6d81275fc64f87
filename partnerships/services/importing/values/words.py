"""Words of closed lists, periods of notice, and cells that say nothing."""

import re
import unicodedata
from collections.abc import Iterable

from django.db.models import TextChoices

from partnerships.choices import AgreementType, Binding, DurationUnit, EndKind, PartyRole, Renewal
from people.access import Visibility

#: What people write where they have nothing to say.
_BLANK = {
    "",
    "-",
    "--",
    "–",
    "—",
    "?",
    "n/a",
    "na",
    "n.a.",
    "#n/a",
    "null",
    "none",
    "nil",
    "tbd",
    "tbc",
    "k.a.",
}

_ALSO = {
    AgreementType.MEMORANDUM_OF_UNDERSTANDING: "mou, m.o.u., memorandum, memorandum of understanding (mou), "
    "absichtserklärung, 양해각서, 업무협약, 업무협약서, memorando de entendimiento, "
    "protocole d'accord, memorando de entendimento",
    AgreementType.MEMORANDUM_OF_AGREEMENT: "moa, m.o.a., 합의각서, memorando de acuerdo",
    AgreementType.LETTER_OF_INTENT: "loi, l.o.i., 의향서, lettre d'intention, carta de intención",
    AgreementType.FRAMEWORK: "framework, rahmenvertrag, rahmenvereinbarung, accord-cadre, convenio marco, master agreement",
    AgreementType.COOPERATION: "cooperation, collaboration, collaboration agreement, kooperationsvertrag, "
    "kooperationsvereinbarung, kooperation, partnership agreement, accord de coopération, "
    "convenio de cooperación, 협력협정, 협약",
    AgreementType.EXCHANGE: "exchange, student exchange, student exchange agreement, sea, austauschvertrag, "
    "교환학생, 학생교류협정, convenio de intercambio, accord d'échange, erasmus, erasmus+",
    AgreementType.CONSORTIUM: "consortium, konsortium, konsortialvertrag, consorcio, 컨소시엄",
    AgreementType.RESEARCH_AGREEMENT: "research, research cooperation, forschungsvertrag, 연구협약",
    AgreementType.OTHER: "sonstige, autre, otro, 기타",
    Renewal.AUTOMATIC: "auto, automatically, auto-renew, automatic renewal, automatisch, automatique, automática, 자동, 자동갱신, 자동연장",
    Renewal.BY_AGREEMENT: "by agreement, by mutual agreement, mutual agreement, mutual consent, by consent, nach vereinbarung",
    Renewal.NONE: "not renewable, no renewal, keine",
    Binding.BINDING: "yes, legally binding, verbindlich, ja, oui, sí",
    Binding.NON_BINDING: "no, not binding, non binding, nonbinding, unverbindlich, nein, non",
    EndKind.OPEN_ENDED: "open ended, indefinite, unlimited, permanent, no end, ongoing, no expiry, no end date, "
    "unbefristet, indéterminée, indefinido, indefinida, 무기한",
    EndKind.UNKNOWN: "unknown, unbekannt, not stated, not specified, 미정, inconnu, desconocido",
    PartyRole.COORDINATOR: "lead, lead partner, koordinator, coordinateur, coordinador, 주관",
    PartyRole.ASSOCIATED: "associate, associated",
    PartyRole.PARTY: "partner",
    Visibility.PUBLIC: "yes",
    Visibility.INTERNAL: "no, staff",
}
_UNITS = {
    DurationUnit.DAYS: "day days d tag tage tagen jour jours día días 일",
    DurationUnit.WEEKS: "week weeks woche wochen semaine semaines semana semanas 주",
    DurationUnit.MONTHS: "month months mo mth mths monat monate monaten mois mes meses 개월 월 달",
    DurationUnit.YEARS: "year years yr yrs jahr jahre jahren an ans année années año años 년",
}
_UNIT = {word: unit for unit, words in _UNITS.items() for word in words.split()}
_NOTICE = re.compile(r"(\d{1,4})\s*[- ]?\s*([^\W\d_]+)\.?(?:['’]?\s*(?:notice|vorher|préavis))?")
_WRITTEN = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]


class NotUnderstood(ValueError):
    """A cell holds something that its column cannot mean; the message is for people."""


def tidied(text: str) -> str:
    """The text on one line, without what spreadsheets leave behind."""
    return " ".join(unicodedata.normalize("NFC", text).replace("\u00ad", "").replace("\ufeff", "").split())


def is_blank(text: str) -> bool:
    """True where the cell says nothing."""
    return text.strip().casefold() in _BLANK


def read_choice(text: str, choices: type[TextChoices]) -> str:
    """Return the value of a closed list that is meant: by value, label or a word in use for it."""
    wanted = _folded(text)
    for value, label in choices.choices:
        member = choices(value)
        if wanted in {_folded(value), _folded(str(label)), *_listed(_ALSO.get(member, ""))}:
            return value
    known = ", ".join(str(label) for _, label in choices.choices)
    raise NotUnderstood(f"This is none of: {known}.")


def read_notice(text: str) -> tuple[int, str]:
    """Read a period of notice such as “6 months” into its number and unit."""
    wanted = _folded(text)
    for number, word in enumerate(_WRITTEN, 1):
        wanted = re.sub(rf"^{word}\b", str(number), wanted)
    match = _NOTICE.fullmatch(wanted)
    if not match or match[2] not in _UNIT or int(match[1]) < 1:
        raise NotUnderstood("A period of notice is a number and a unit: 6 months.")
    return int(match[1]), _UNIT[match[2]].value


def _folded(text: str) -> str:
    return tidied(text).casefold().replace("_", " ").replace("’", "'").strip(" .")


def _listed(words: str) -> Iterable[str]:
    return [_folded(word) for word in words.split(",") if word.strip()]
