"""What researchers type, and what the registry answers: the record they mean first, and why it is there.

Asked over the demo records, and over agreements of institutions with names in many scripts. Each
of these has a title that says nothing, so that only its parties and texts can be found.
"""

from urllib.parse import urlencode

import pytest
from django.http import QueryDict

from partnerships.filtersets import AgreementFilterSet
from partnerships.models import IndexCard, Institution, InstitutionLink
from partnerships.search.explaining import reasons_by_card
from partnerships.search.reasons import Reason, in_words
from partnerships.services.demo import load_demo
from people.models import Person
from tests.factories import (
    AgreementFactory,
    FocusAreaFactory,
    InstitutionFactory,
    SubjectFactory,
    make_public,
    publish_now,
)

pytestmark = pytest.mark.django_db

#: The name that is shown, country, further names (kind, language, value), languages and summary of its pact.
INSTITUTIONS = {
    "Seoul National University": ("KR", [("label", "ko", "서울대학교"), ("acronym", "", "SNU")], ["ko"],
        "두 기관은 반도체 연구에서 협력한다. KAIST와 함께 인력을 교류한다."),
    "Peking University": ("CN", [("label", "zh", "北京大学"), ("acronym", "", "PKU")], ["zh"],
        "双方将在量子计算领域开展合作研究，并互派学者。"),
    "University of Tokyo": ("JP", [("label", "ja", "東京大学"), ("alias", "ja", "とうきょうだいがく")],
        ["ja"],
        "両大学は地震工学の共同研究を行う。"),
    "King Saud University": ("SA", [("label", "ar", "جامعة الملك سعود")], ["ar"],
        "التعاون في مجال الطاقة المتجددة."),
    "Istanbul University": ("TR", [("label", "tr", "İstanbul Üniversitesi")], ["tr"],
        "Öğrenci değişimi ve ortak kitaplar."),
    "Iğdır University": ("TR", [("label", "tr", "Iğdır Üniversitesi")], [], ""),
    "Łódź University of Technology": ("PL", [("label", "pl", "Politechnika Łódzka")], [], ""),
    "University of Giessen": ("DE", [("label", "de", "Justus-Liebig-Universität Gießen")], ["de"],
        "Gemeinsame Vorlesungen über Häuser und Straßen."),
    "École Polytechnique": ("FR", [("acronym", "", "l’X")], ["fr"],
        "Des échanges d’étudiants et de chercheurs."),
    "ETH Zurich": ("CH", [("label", "de", "Eidgenössische Technische Hochschule Zürich")], [], ""),
    "National and Kapodistrian University of Athens": ("GR",
        [("label", "el", "Εθνικό και Καποδιστριακό Πανεπιστήμιο Αθηνών")], [], ""),
    "University of Delhi": ("IN", [("label", "hi", "दिल्ली विश्वविद्यालय")], [], ""),
    "Chulalongkorn University": ("TH", [("label", "th", "จุฬาลงกรณ์มหาวิทยาลัย")], [], ""),
    "Taras Shevchenko National University of Kyiv": ("UA",
        [("label", "uk", "Київський національний університет імені Тараса Шевченка")], ["ru"],
        "Совместные исследования древних рукописей."),
    "Utrecht University": ("NL", [("former", "la", "Academia Rheno-Traiectina")], [], ""),
    "Sorbonne University": ("FR",
        [("former", "fr", "Université Pierre et Marie Curie"), ("former", "", "UPMC")],
        [], "Oceanography, and the study of coral reefs."),
    "AT&T (United States)": ("US", [], [], "Optical fibres for hospitals."),
    "São Paulo State University": ("BR", [("acronym", "", "UNESP")], ["pt"],
        "Projetos conjuntos em agricultura."),
    "Aarhus University": ("DK", [("label", "da", "Århus Universitet")], ["da"], "Udveksling af studerende."),
    "IMT Atlantique": ("FR", [], [], ""),
}  # fmt: skip
#: What stands above whom.
PARENTS = {
    "IMT Atlantique": ("Institut Mines-Télécom", [("acronym", "", "IMT"), ("former", "", "Institut Télécom")])
}
TURING = "The Alan Turing Institute and KAIST"
KAIST_ABROAD = "Korea Advanced Institute of Science and Technology in another language"
KAIST_ALIAS = "other name of Korea Advanced Institute of Science and Technology"
SUTD = "Singapore University of Technology and Design"
SEOUL, PEKING, TOKYO = "Seoul National University", "Peking University", "University of Tokyo"
SAUD, ISTANBUL = "King Saud University", "Istanbul University"

#: What is typed, the record that comes first, the first reason with what is marked, and what is shown
#: instead where nothing answers what was typed.
FOUND = [
    # Names of all kinds.
    ("KAIST", TURING, "title: KAIST"),
    ("kaist", TURING, "title: KAIST"),
    ("Ｋ\uff21\uff29\uff33\uff34", TURING, "title: KAIST"),
    ("korea advanced institute", TURING, "party: Korea Advanced Institute"),
    ("technology advanced korea", TURING, "party: Korea Advanced · Technology"),
    ("turing", TURING, "title: Turing"),
    ("ALAN TURING", TURING, "title: Alan Turing"),
    ("the alan turing institute", TURING, "title: Alan Turing Institute"),
    ("NASA ESA", "Rosalind Franklin rover", "title: NASA · ESA"),
    ("European Space Agency", "Rosalind Franklin rover", "party: European Space Agency"),
    ("agence spatiale europeenne", "Rosalind Franklin rover",
     "European Space Agency in another language: Agence Spatiale Européenne"),
    ("NYP", "Nanyang Polytechnic", "acronym of Nanyang Polytechnic: NYP"),
    ("SUTD", SUTD, f"acronym of {SUTD}: SUTD"),
    ("MinLaw ICC", "the ICC Court", "title: ICC"),
    ("fulbright", "Fulbright Canada", "title: Fulbright"),
    ("snu", SEOUL, "acronym of Seoul National University: SNU"),
    ("unesp", "São Paulo State University", "acronym of São Paulo State University: UNESP"),
    ("lx", "École Polytechnique", "acronym of École Polytechnique: l’X"),
    ("l'x", "École Polytechnique", "acronym of École Polytechnique: l’X"),
    ("politeknik temasek", "Temasek Polytechnic", "other name of Temasek Polytechnic: Politeknik Temasek"),
    # Former names.
    ("upmc", "Sorbonne University", "former name of Sorbonne University: UPMC"),
    ("pierre et marie curie", "Sorbonne University",
     "former name of Sorbonne University: Pierre · Marie Curie"),
    ("rheno-traiectina", "Utrecht University", "former name of Utrecht University: Rheno-Traiectina"),
    ("rheno traiectina", "Utrecht University", "former name of Utrecht University: Rheno-Traiectina"),
    # What stands above a party.
    ("Texas A&M", "oral care", "party: Texas A&M"),
    ("TAMU", "oral care", "acronym of Texas A&M University, a parent institution: TAMU"),
    ("international chamber of commerce", "the ICC Court",
     "party: International · International Chamber · Commerce"),
    ("mines telecom", "IMT Atlantique", "parent institution: Mines-Télécom"),
    ('"institut telecom"', "IMT Atlantique",
     "former name of Institut Mines-Télécom, a parent institution: Institut Télécom"),
    # Korean: particles attached, two syllables, beginnings, parts, mixed with other scripts.
    ("카이스트", TURING, f"{KAIST_ALIAS}: 카이스트"),
    ("카이스트와", TURING, f"{KAIST_ALIAS}: 카이스트"),
    ("카이스", TURING, f"{KAIST_ALIAS}: 카이스"),
    ("한국과학기술원", TURING, f"{KAIST_ABROAD}: 한국과학기술원"),
    ("한국과학기술원은", TURING, f"{KAIST_ABROAD}: 한국과학기술원"),
    ("한국과학기술원에서는", TURING,
     f"{KAIST_ABROAD}: 한국과학기술원"),
    ("과학기술", TURING, f"{KAIST_ABROAD}: 과학기술"),
    ("한국 과학", TURING, f"{KAIST_ABROAD}: 한국과학"),
    ("KAIST는 turing", TURING, "title: Turing · KAIST"),
    ("서울", SEOUL, f"{SEOUL} in another language: 서울"),
    ("서울대", SEOUL, f"{SEOUL} in another language: 서울대"),
    ("서울대학교와의", SEOUL, f"{SEOUL} in another language: 서울대학교"),
    ("반도체", SEOUL, "summary: 반도체"),
    ("연구", SEOUL, "summary: 연구"),
    ("반도체를 협력", SEOUL, "summary: 반도체 · 협력"),
    ('"반도체 연구"', SEOUL, "summary: 반도체 연구"),
    # Chinese and Japanese, without spaces.
    ("北京大学", PEKING, f"{PEKING} in another language: 北京大学"),
    ("北京", PEKING, f"{PEKING} in another language: 北京"),
    ("量子计算", PEKING, "summary: 量子计算"),
    ("合作 学者", PEKING, "summary: 合作 · 学者"),
    ("北京大学 量子", PEKING, f"{PEKING} in another language: 北京大学"),
    ("東京大学", TOKYO, f"{TOKYO} in another language: 東京大学"),
    ("東京", TOKYO, f"{TOKYO} in another language: 東京"),
    ("とうきょう", TOKYO, "other name of University of Tokyo: とうきょう"),
    ("地震工学", TOKYO, "summary: 地震工学"),
    ("地震", TOKYO, "summary: 地震"),
    ("義安理工學院", "Ngee Ann Polytechnic", "Ngee Ann Polytechnic in another language: 義安理工學院"),
    ("理工学院 temasek", "Temasek Polytechnic", "title: Temasek"),
    ("新加坡科技设计大学", "University of Technology and Design",
     f"{SUTD} in another language: 新加坡科技设计大学"),
    ("淡马锡", "Temasek Polytechnic", "Temasek Polytechnic in another language: 淡马锡"),
    # Arabic: letters written one for the other, vowel points, the article.
    ("جامعة الملك سعود", SAUD, f"{SAUD} in another language: جامعة الملك سعود"),
    ("جامعه الملك سعود", SAUD, f"{SAUD} in another language: جامعة الملك سعود"),
    ("جَامِعَة المَلِك", SAUD, f"{SAUD} in another language: جامعة الملك"),
    ("ملك سعود", SAUD, f"{SAUD} in another language: الملك سعود"),
    ("الجامعة سعود", SAUD, f"{SAUD} in another language: جامعة · سعود"),
    ("طاقة", SAUD, "summary: الطاقة"),
    ("ﺟﺎﻣﻌﺔ", SAUD, f"{SAUD} in another language: جامعة"),
    # Accents, case, and letters of Turkish, German and others.
    ("istanbul", ISTANBUL, "party: Istanbul"),
    ("İSTANBUL ÜNİVERSİTESİ", ISTANBUL, f"{ISTANBUL} in another language: İstanbul Üniversitesi"),
    ("ıstanbul universitesi", ISTANBUL, f"{ISTANBUL} in another language: İstanbul Üniversitesi"),
    ("IGDIR", "Iğdır University", "party: Iğdır"),
    ("ığdır", "Iğdır University", "party: Iğdır"),
    ("giessen", "University of Giessen", "party: Giessen"),
    ("Gießen", "University of Giessen", "party: Giessen"),
    ("justus liebig universitaet", "University of Giessen",
     "University of Giessen in another language: Justus-Liebig-Universität"),
    ("zürich", "ETH Zurich", "party: Zurich"),
    ("zuerich", "ETH Zurich", "party: Zurich"),
    ("eidgenossische", "ETH Zurich", "ETH Zurich in another language: Eidgenössische"),
    ("arhus", "Aarhus University", "Aarhus University in another language: Århus"),
    ("Århus", "Aarhus University", "party: Aarhus"),
    ("lodz", "Łódź University of Technology", "party: Łódź"),
    ("POLITECHNIKA ŁÓDZKA", "Łódź University of Technology",
     "Łódź University of Technology in another language: Politechnika Łódzka"),
    ("ecole polytechnique", "École Polytechnique", "party: École Polytechnique"),
    ("E\u0301COLE", "École Polytechnique", "party: École"),
    ("πανεπιστημιο αθηνων", "National and Kapodistrian",
     "National and Kapodistrian University of Athens in another language: Πανεπιστήμιο Αθηνών"),
    ("ΚΑΠΟΔΙΣΤΡΙΑΚΟ", "National and Kapodistrian",
     "National and Kapodistrian University of Athens in another language: Καποδιστριακό"),
    ("दिल्ली", "University of Delhi", "University of Delhi in another language: दिल्ली"),
    ("จุฬาลงกรณ์", "Chulalongkorn University",
     "Chulalongkorn University in another language: จุฬาลงกรณ์มหาวิทยาลัย"),
    ("київський університет", "Taras Shevchenko",
     "Taras Shevchenko National University of Kyiv in another language: Київський · університет"),
    ("sao paulo", "São Paulo State University", "party: São Paulo"),
    ("AT&T", "AT&T", "party: AT&T"),
    # Phrases.
    ('"alan turing institute"', TURING, "title: Alan Turing Institute"),
    ('"national security"', TURING, "subject: national security"),
    ('"data science" KAIST', TURING, "title: KAIST"),
    ('"knowledge exchange" KAIST', TURING, "title: KAIST"),
    ('"coral reefs"', "Sorbonne University", "summary: coral reefs"),
    ("“Mars Sample Return”", "Rosalind Franklin rover", "summary: Mars Sample Return"),
    ('"data scie', TURING, "subject: Data science"),
    # Exclusions.
    ("siac OR simc -mediation", "SIAC and AIAC", "title: SIAC"),
    ("nasa -rosalind -japan", "NASA and Nikon", "title: NASA"),
    ('aiac -"mediation centre"', "SIAC and AIAC", "title: AIAC"),
    ("singapore -govtech vietnam", "Singapore and Vietnam", "title: Singapore · Vietnam"),
    # OR, which binds its neighbours.
    ("ESA OR JAXA rover", "Rosalind Franklin rover", "title: ESA · rover"),
    ("kaist|postech turing", TURING, "title: Turing · KAIST"),
    ("postech OR turing", TURING, "title: Turing"),
    ('peru OR "new brunswick" minerals', "Peru on minerals", "title: Peru · minerals"),
    # Filters in the box.
    ("country:KR turing", TURING, "title: Turing"),
    ("memorandum country:PE", "Peru on minerals", "title: Memorandum"),
    ("country:KR country:GB ai", TURING, "event: AI"),
    ("type:framework space", "United States on space", "title: space"),
    ("activity:secondments", TURING, ""),
    ("signed_before:2008 arbitration", "Singapore and Vietnam", "subject: Arbitration"),
    ("xyz:kaist", None, ""),
    # Stems, in the languages that records carry and in the registry's own.
    ("internship turing", TURING, "title: Turing"),
    ("secondment", TURING, "activity: Secondments"),
    ("negotiated minerals", None, ""),
    ("dispute mediator", "SIMC and AIAC", "party: Mediation"),
    ("lawyer exchange shanghai", "Singapore and Shanghai", "title: exchanges · lawyers · Shanghai"),
    ("échange étudiant", "École Polytechnique", "summary: échanges d’étudiants"),
    ("chercheur", "École Polytechnique", "summary: chercheurs"),
    ("l'étudiant", "École Polytechnique", "summary: d’étudiants"),
    ("vorlesung", "University of Giessen", "summary: Vorlesungen"),
    ("Haus Straße", "University of Giessen", "summary: Häuser · Straßen"),
    ("kitap", ISTANBUL, "summary: kitaplar"),
    ("исследование древний", "Taras Shevchenko", "summary: исследования древних"),
    ("projeto conjunto", "São Paulo State University", "summary: Projetos conjuntos"),
    ("hospital fibre", "AT&T", "summary: fibres · hospitals"),
    # Beginnings.
    ("tur", TURING, "title: Turing"),
    ("oceanogr", "Sorbonne University", "summary: Oceanography"),
    ("kaist artif", TURING, "title: KAIST"),
    ("rosalind fra", "Rosalind Franklin rover", "title: Rosalind Franklin"),
    ("서울대학", SEOUL, f"{SEOUL} in another language: 서울대학"),
    # Subjects, activities, events, people, places, references, texts.
    ("oral thrush", "oral care", "subject: Oral thrush"),
    ("cyber security nanyang", "Nanyang Polytechnic", "title: Nanyang"),
    ("seoul summit", TURING, "event: Seoul Summit"),
    ("Tim Watson", TURING, "person: Tim Watson"),
    ("donelan", TURING, "person: Donelan"),
    ("정송", TURING, "Song Chong in the own script: 정송"),
    ("정송이", TURING, "Song Chong in the own script: 정송"),
    ("gatineau", "Unions and ARC", "place: Gatineau"),
    ("daejeon", TURING, "place: Daejeon"),
    ("NRF-2023/K-117", SEOUL, "reference number: NRF-2023/K-117"),
    ("nrf 2023", SEOUL, "reference number: NRF-2023"),
    ("bioviscid", "oral care", "summary: BioViscid"),
    ("postdoc glaciology", "Aarhus University", "subject: Glaciology · postdocs"),
    # Slips.
    ("Turning Institite", TURING, "title, similar to “Turning Institite”: Turing Institute",
     "Turing Institute"),
    ("turning institute", TURING, "title, similar to “turning”: Turing Institute", "Turing institute"),
    ("kiast", TURING, "title, similar to “kiast”: KAIST", "KAIST"),
    ("Kaisst", TURING, "title, similar to “Kaisst”: KAIST", "KAIST"),
    ("한국과힉기술원", TURING, f"{KAIST_ABROAD}, similar to “한국과힉기술원”: 한국과학기술원",
     "한국과학기술원"),
    ("카이스투", TURING, f"{KAIST_ALIAS}, similar to “카이스투”: 카이스트", "카이스트"),
    ("Chulalongkorm univercity", "Chulalongkorn University",
     "party, similar to “Chulalongkorm univercity”: Chulalongkorn University", "Chulalongkorn University"),
    ("ecole polytecnique", "École Polytechnique",
     "party, similar to “polytecnique”: École Polytechnique", "ecole Polytechnique"),
    ("giesen", "University of Giessen", "party, similar to “giesen”: Giessen", "Gießen"),
    ("Gov Tech temasek", "Temasek Polytechnic",
     "title, similar to “Gov Tech”: GovTech · Temasek", "GovTech temasek"),
    ("datascience turing", TURING, "title: Turing", "Data Science turing"),
    ("fullbright -nasa", "Fulbright Canada", "title, similar to “fullbright”: Fulbright", "Fulbright -nasa"),
    ("rosalind franklni country:FR", "Rosalind Franklin rover",
     "title, similar to “franklni”: Rosalind Franklin", "rosalind Franklin country:FR"),
    # Nothing, and nothing near.
    ("zzzzzz", None, ""),
    ('"turing kaist"', None, ""),
    ('"Turning Institite"', None, ""),
    ("kaist -turing", SEOUL, "summary: KAIST"),
    ("%", None, ""),
    ("...", None, ""),
    ("OR", None, ""),
    ("_ \\ '", None, ""),
]  # fmt: skip


@pytest.fixture
def registry():
    """The demo records, and a pact of each institution of the table."""
    load_demo()
    partner = InstitutionFactory(name="Ford Foundation", visibility="public", country_id="NO")
    for number, (name, (country, further, languages, summary)) in enumerate(INSTITUTIONS.items()):
        institution = _institution(name, further, country)
        if name in PARENTS:
            above = _institution(*PARENTS[name], country)
            InstitutionLink.objects.create(institution=institution, target=above, kind="parent")
        pact = AgreementFactory(
            title=f"Pact {number}",
            summary=summary,
            languages=languages,
            visibility="public",
            parties=[institution, partner],
        )
        if name.startswith("Seoul"):
            pact.parties.filter(institution=institution).update(reference="NRF-2023/K-117")
        if name.startswith("Aarhus"):
            subject = FocusAreaFactory(name="Glaciology for postdocs", visibility="public")
            SubjectFactory(agreement=pact, focus_area=subject)
        publish_now(pact)
    Person.objects.get(name="Song Chong").names.create(value="정송", kind="native", language="ko")


def _institution(name, further, country) -> Institution:
    institution = InstitutionFactory(name=name, country_id=country)
    for kind, language, value in further:
        institution.names.create(value=value, kind=kind, language=language)
    make_public(institution)
    return institution


def asked(typed: str, user) -> tuple[str | None, str, str | None]:
    """Title and parties of the first record, its first reason with the marks, what is shown instead."""
    filters = AgreementFilterSet(
        QueryDict(urlencode({"q": typed})), IndexCard.objects.visible_to(user), user=user
    )
    assert filters.is_valid(), (typed, filters.errors)
    cards = filters.result[:1]
    if not cards:
        return None, "", None
    agreement = cards[0].agreement
    reasons = reasons_by_card(filters.query_box, [agreement.pk], None, filters.correction).get(
        agreement.pk, []
    )
    names = agreement.parties.values_list("institution__name", flat=True)
    shown = filters.correction.text if filters.correction else None
    return f"{agreement.title} / {' / '.join(names)}", _said(reasons[0]) if reasons else "", shown


def _said(reason: Reason) -> str:
    parts = " · ".join(piece.text for piece in reason.pieces if piece.is_match)
    return f"{in_words(reason)}: {parts}"


def test_what_is_typed_finds_what_is_meant_and_says_why(registry, anonymous):
    wrong = []
    for typed, record, why, *instead in FOUND:
        title, said, shown = asked(typed, anonymous)
        right = (title is None) if record is None else title is not None and record in title
        if not right or said != why or shown != (instead[0] if instead else None):
            wrong.append(f"{typed!r}: {title!r}, {said!r}, {shown!r}, not {record!r}, {why!r}, {instead!r}")
    assert not wrong, "\n".join(wrong)
