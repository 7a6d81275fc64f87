"""OAI-PMH: what harvesters are given, as a harvester that is not ours reads it, and how faults are told."""

import os
import re
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlencode

import pytest
from django.core import signing
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse
from lxml import etree
from sickle import Sickle
from sickle.oaiexceptions import BadResumptionToken, NoRecordsMatch
from sickle.response import OAIResponse

from partnerships.api.oai import answers, tokens
from partnerships.models import Agreement, AgreementRelation, HarvestEntry
from partnerships.search.cards.harvest import FILL
from partnerships.services.publication import publish, withdraw
from tests.factories import (
    AgreementFactory,
    FocusAreaFactory,
    InstitutionFactory,
    SubjectFactory,
    administrator,
    publish_now,
)
from tests.partnerships.views.records import full_agreement, seed_agreement

pytestmark = pytest.mark.django_db
NS = {"o": "http://www.openarchives.org/OAI/2.0/", "e": "tag:entente,2026:agreement:1"}
SCHEMA = Path(answers.__file__).with_name("agreement.xsd")


class Harvester(Sickle):
    """The harvester, with the test's client for its network."""

    def harvest(self, **arguments):
        answer = Client().get("/oai/", arguments)
        answer.text = answer.content.decode()
        return OAIResponse(answer, params=arguments)


@pytest.fixture
def harvester() -> Harvester:
    return Harvester("http://testserver/oai/")


def ask(method: str = "get", **arguments) -> etree._Element:
    response = getattr(Client(), method)("/oai/", {k.rstrip("_"): v for k, v in arguments.items()})
    assert response.status_code == 200
    assert response["Content-Type"] == "text/xml; charset=utf-8"
    return etree.fromstring(response.content)


def error_of(**arguments) -> str:
    root = ask(**arguments)
    [error] = root.findall("o:error", NS)
    return error.get("code")


def identifier(record) -> str:
    return f"oai:127.0.0.1:agreements/{record.uid}"


def headers(**arguments) -> dict[str, str]:
    """Status by id of agreement, as ``ListIdentifiers`` has it."""
    root = ask(verb="ListIdentifiers", metadataPrefix="oai_dc", **arguments)
    found = root.findall(".//o:header", NS)
    return {
        one.findtext("o:identifier", namespaces=NS).rpartition("/")[2]: one.get("status", "") for one in found
    }


def moved_to(record, moment: datetime) -> None:
    HarvestEntry.objects.filter(pk=record.pk).update(datestamp=moment)


def datestamp(record) -> datetime:
    return HarvestEntry.objects.get(pk=record.pk).datestamp


LONG_AGO = datetime(2001, 2, 3, 4, 5, 6, 700_000, tzinfo=UTC)


# --- as a harvester reads it ----------------------------------------------------------------------


def test_a_harvester_reads_who_answers(harvester):
    record = AgreementFactory(published=True)
    told = harvester.Identify()
    assert (told.protocolVersion, told.deletedRecord) == ("2.0", "persistent")
    assert told.adminEmail == "entente@localhost.localdomain"
    assert told.granularity == "YYYY-MM-DDThh:mm:ssZ"
    assert told.earliestDatestamp == answers.stamp(datestamp(record))


def test_a_harvester_reads_every_record_once_part_by_part(harvester, monkeypatch):
    monkeypatch.setattr(answers, "RECORDS", 2)
    records = [AgreementFactory(title=f"Title {n}", published=True) for n in range(5)]
    AgreementFactory()
    found = list(harvester.ListRecords(metadataPrefix="oai_dc"))
    assert [one.metadata["title"] for one in found] == [[record.title] for record in records]
    assert {one.header.identifier for one in found} == {identifier(record) for record in records}


def test_a_harvester_is_told_what_is_gone(harvester):
    record, other = AgreementFactory(published=True), AgreementFactory(published=True)
    withdraw(agreement=record, by=administrator(), reason="Signed by nobody.")
    found = {one.header.identifier: one for one in harvester.ListRecords(metadataPrefix="entente")}
    assert found[identifier(record)].deleted and not found[identifier(other)].deleted
    assert harvester.GetRecord(identifier=identifier(record), metadataPrefix="oai_dc").deleted
    kept = list(harvester.ListRecords(metadataPrefix="oai_dc", ignore_deleted=True))
    assert [one.header.identifier for one in kept] == [identifier(other)]


def test_a_harvester_meets_faults(harvester):
    with pytest.raises(NoRecordsMatch):
        harvester.ListRecords(metadataPrefix="oai_dc")
    with pytest.raises(BadResumptionToken):
        harvester.ListRecords(resumptionToken="mine")


def test_the_list_of_sets_is_read_part_by_part(harvester, monkeypatch):
    monkeypatch.setattr("partnerships.api.oai.sets.PAGE", 3)
    record = full_agreement()
    found = {one.setSpec: one.setName for one in harvester.ListSets()}
    assert found["country-KR"] == "Agreements with a party in South Korea"
    assert "type-memorandum_of_understanding" in found
    institution = record.parties.first().institution
    assert found[f"institution-{institution.uid}"] == f"Agreements of {institution} and its sub-units"
    assert set(headers(set="country-KR")) == {record.uid}


# --- records ---------------------------------------------------------------------------------------


def whole(record) -> etree._Element:
    root = ask(verb="GetRecord", identifier=identifier(record), metadataPrefix="entente")
    [element] = root.findall(".//e:agreement", NS)
    etree.XMLSchema(etree.parse(SCHEMA)).assertValid(etree.fromstring(etree.tostring(element)))
    return element


def test_the_rich_format_is_as_its_schema_says():
    element = whole(full_agreement(signed_on="2024-05", notice_amount=6, notice_unit="months"))
    assert element.findtext("e:signedOn", namespaces=NS) == "2024-05"
    assert len(element.findall("e:party/e:institution[@country='KR']", NS)) == 2
    assert element.find("e:notice", NS).attrib == {"amount": "6", "unit": "months"}
    for name in ("amendment", "signatory", "statement", "activity", "document", "relation", "source"):
        assert len(element.findall(f"e:{name}", NS)) >= 2, name


def test_what_is_unknown_is_absent():
    element = whole(AgreementFactory(published=True))
    assert not element.findall("e:signedOn", NS) and not element.findall("e:effectiveFrom", NS)
    assert element.find("e:end", NS).attrib == {"kind": "unknown"}
    dublin = ask(verb="ListRecords", metadataPrefix="oai_dc")
    names = {etree.QName(one).localname for one in dublin.find(".//o:metadata", NS)[0]}
    assert names == {"title", "creator", "type", "identifier", "source", "coverage"}


def test_a_speaker_signs_nothing():
    element = whole(seed_agreement())
    assert element.findall("e:statement", NS) and not element.findall("e:signatory", NS)


def test_the_schema_has_an_address():
    root = ask(verb="ListMetadataFormats")
    schemas = {
        one.findtext("o:metadataPrefix", namespaces=NS): one.findtext("o:schema", namespaces=NS)
        for one in root.findall(".//o:metadataFormat", NS)
    }
    assert set(schemas) == {"oai_dc", "entente"}
    response = Client().get(schemas["entente"].removeprefix("http://testserver"))
    etree.XMLSchema(etree.fromstring(response.content))


@pytest.mark.parametrize("title", ["a\x01\x0b\ufffe b", "]]> <b>&amp;", "\u202eRTL", "𝔘 한국 \x7f"])
def test_hostile_titles_do_not_break_the_document(title):
    record = AgreementFactory(title=title, published=True)
    element = whole(record)
    expected = re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]", "\ufffd", title)
    assert element.findtext("e:title", namespaces=NS) == expected


def test_a_record_with_very_many_parties():
    record = AgreementFactory(parties=InstitutionFactory.create_batch(300), published=True)
    assert len(whole(record).findall("e:party", NS)) == 300


# --- datestamps ------------------------------------------------------------------------------------


def test_a_new_name_of_a_party_is_a_change_of_the_record():
    record = AgreementFactory(published=True)
    moved_to(record, LONG_AGO)
    institution = record.parties.first().institution
    institution.name = "New name"
    institution.save()
    assert datestamp(record) > LONG_AGO
    assert "New name" in etree.tostring(whole(record), encoding="unicode")


def test_an_agreement_that_it_supersedes_becoming_public_is_a_change_too():
    record, target = AgreementFactory(published=True), AgreementFactory()
    AgreementRelation.objects.create(agreement=record, kind="supersedes", target=target)
    moved_to(record, LONG_AGO)
    publish_now(target)
    assert datestamp(record) > LONG_AGO


def test_reading_is_no_change():
    record = AgreementFactory(published=True)
    moved_to(record, LONG_AGO)
    ask(verb="ListRecords", metadataPrefix="oai_dc")
    Client().get(f"/api/v1/agreements/{record.uid}/")
    assert datestamp(record) == LONG_AGO


def test_what_was_never_public_has_no_tombstone():
    AgreementFactory()
    internal = AgreementFactory(visibility="internal")
    publish_now(internal)
    assert not HarvestEntry.objects.exists()
    assert error_of(verb="GetRecord", identifier=identifier(internal), metadataPrefix="oai_dc") == (
        "idDoesNotExist"
    )


@pytest.mark.parametrize("change", [{"visibility": "internal"}, {"publication_state": "draft"}])
def test_what_ceases_to_be_public_leaves_a_tombstone_and_may_come_back(change):
    record = AgreementFactory(published=True)
    back = {name: getattr(record, name) for name in change}
    Agreement.objects.filter(pk=record.pk).update(**change)
    moved = datestamp(record)
    assert headers() == {record.uid: "deleted"}
    assert error_of(verb="ListMetadataFormats", identifier=identifier(record)) == "noMetadataFormats"
    Agreement.objects.filter(pk=record.pk).update(**back)
    assert headers() == {record.uid: ""} and datestamp(record) >= moved


def test_what_is_published_again_is_no_longer_gone():
    record, chief = AgreementFactory(published=True), administrator()
    withdraw(agreement=record, by=chief, reason="By mistake.")
    publish(agreement=record, by=chief)
    assert headers() == {record.uid: ""}


def test_what_is_deleted_leaves_a_tombstone():
    record = AgreementFactory(published=True)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    uid, key = record.uid, record.pk
    Agreement.objects.filter(pk=key).update(publication_state="draft")
    record.delete()
    assert headers() == {uid: "deleted"} and not Agreement.objects.filter(pk=key).exists()


def test_from_and_until_include_their_seconds_and_days():
    record = AgreementFactory(published=True)
    moved_to(record, LONG_AGO)
    for bounds in (
        {"from": "2001-02-03T04:05:06Z"},
        {"until": "2001-02-03T04:05:06Z"},
        {"from": "2001-02-03", "until": "2001-02-03"},
        {"until": "9999-12-31"},
    ):
        assert set(headers(**bounds)) == {record.uid}, bounds
    for bounds in (
        {"from": "2001-02-03T04:05:07Z"},
        {"until": "2001-02-03T04:05:05Z"},
        {"from": "2001-02-04"},
        {"until": "2001-02-02"},
        {"from": "9999-12-31"},
    ):
        assert error_of(verb="ListRecords", metadataPrefix="oai_dc", **bounds) == "noRecordsMatch", bounds


# --- sets -------------------------------------------------------------------------------------------


def test_a_set_holds_what_stands_below_it():
    parent = FocusAreaFactory(name="Studies")
    record = AgreementFactory()
    SubjectFactory(agreement=record, focus_area=FocusAreaFactory(parent=parent))
    publish_now(record)
    AgreementFactory(published=True)
    assert set(headers(set=f"subject-{parent.uid}")) == {record.uid}
    root = ask(verb="GetRecord", identifier=identifier(record), metadataPrefix="oai_dc")
    assert f"subject-{parent.uid}" in [one.text for one in root.findall(".//o:setSpec", NS)]


def test_an_institution_is_asked_for_by_its_ror_id_too():
    institution = InstitutionFactory(ror_id="05apxxy63", country_id="KR")
    record = AgreementFactory(parties=[institution, InstitutionFactory()], published=True)
    assert set(headers(set="institution-05apxxy63")) == {record.uid}


def test_tombstones_stay_in_their_sets():
    record = AgreementFactory(published=True)
    withdraw(agreement=record, by=administrator(), reason="Gone.")
    assert headers(set="country-GB") == {record.uid: "deleted"}
    assert error_of(verb="ListRecords", metadataPrefix="oai_dc", set="country-KR") == "noRecordsMatch"


# --- reading on ------------------------------------------------------------------------------------


def token_of(root) -> str:
    return root.find(".//o:resumptionToken", NS).text


def test_what_changes_meanwhile_is_neither_skipped_nor_lost(monkeypatch):
    monkeypatch.setattr(answers, "HEADERS", 2)
    records = [AgreementFactory(published=True) for _ in range(5)]
    for place, record in enumerate(records):
        moved_to(record, LONG_AGO + timedelta(seconds=place // 2))
    root, found = ask(verb="ListIdentifiers", metadataPrefix="oai_dc"), []
    while True:
        found += [one.text.rpartition("/")[2] for one in root.findall(".//o:identifier", NS)]
        if not (token := token_of(root)):
            break
        # One that was given already changes, and one that was not is withdrawn.
        Agreement.objects.filter(pk=records[0].pk).update(summary="Changed")
        if len(found) == 2:
            withdraw(agreement=records[3], by=administrator(), reason="Gone.")
        root = ask(verb="ListIdentifiers", resumptionToken=token)
    assert set(found) == {record.uid for record in records}
    assert found[0] in found[2:], "what changed comes again"


def test_the_last_part_ends_with_an_empty_token(monkeypatch):
    monkeypatch.setattr(answers, "HEADERS", 2)
    for _ in range(3):
        AgreementFactory(published=True)
    first = ask(verb="ListIdentifiers", metadataPrefix="oai_dc").find(".//o:resumptionToken", NS)
    assert (first.get("cursor"), first.get("completeListSize")) == ("0", "3")
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", first.get("expirationDate"))
    last = ask(verb="ListIdentifiers", resumptionToken=first.text).find(".//o:resumptionToken", NS)
    assert (last.text, last.get("cursor")) == (None, "2")


def test_tokens_of_others_are_refused(monkeypatch):
    monkeypatch.setattr(answers, "HEADERS", 1)
    AgreementFactory(published=True), AgreementFactory(published=True)
    token = token_of(ask(verb="ListIdentifiers", metadataPrefix="oai_dc"))
    foreign = signing.TimestampSigner(salt="entente.oai").sign_object({"a": 1})
    for verb, text in (
        ("ListRecords", token),
        ("ListSets", token),
        ("ListIdentifiers", token[:-1] + ("A" if token[-1] != "A" else "B")),
        ("ListIdentifiers", foreign),
        ("ListIdentifiers", ""),
        ("ListIdentifiers", "한국"),
        ("ListIdentifiers", "x" * 5000),
    ):
        assert error_of(verb=verb, resumptionToken=text) == "badResumptionToken", text[:40]
    monkeypatch.setattr(tokens, "GOOD_FOR", timedelta(seconds=-1))
    assert error_of(verb="ListIdentifiers", resumptionToken=token) == "badResumptionToken"


# --- faults -----------------------------------------------------------------------------------------

FAULTS = [
    ({}, "badVerb"),
    ({"verb": "listrecords"}, "badVerb"),
    ({"verb": ["Identify", "Identify"]}, "badVerb"),
    ({"verb": "Identify", "x": "1"}, "badArgument"),
    ({"verb": "ListRecords"}, "badArgument"),
    ({"verb": "ListRecords", "metadataPrefix": ["oai_dc", "oai_dc"]}, "badArgument"),
    ({"verb": "ListRecords", "metadataPrefix": "a b"}, "badArgument"),
    ({"verb": "ListRecords", "metadataPrefix": "marc21"}, "cannotDisseminateFormat"),
    ({"verb": "ListRecords", "metadataPrefix": "oai_dc", "from": "2024"}, "badArgument"),
    ({"verb": "ListRecords", "metadataPrefix": "oai_dc", "from": "2024-02-30"}, "badArgument"),
    ({"verb": "ListRecords", "metadataPrefix": "oai_dc", "from": "٢٠٢٤-01-01"}, "badArgument"),
    ({"verb": "ListRecords", "metadataPrefix": "oai_dc", "until": "0000-01-01"}, "badArgument"),
    ({"verb": "ListRecords", "metadataPrefix": "oai_dc", "from": "2024-02-01T00:00:00"}, "badArgument"),
    (
        {"verb": "ListRecords", "metadataPrefix": "oai_dc", "from": "2024-02-01", "until": "2024-01-01"},
        "badArgument",
    ),
    (
        {
            "verb": "ListRecords", "metadataPrefix": "oai_dc",
            "from": "2024-01-01", "until": "2024-02-01T00:00:00Z",
        },
        "badArgument",
    ),
    ({"verb": "ListRecords", "metadataPrefix": "oai_dc", "set": "a b"}, "badArgument"),
    ({"verb": "ListRecords", "metadataPrefix": "oai_dc", "set": "no-such"}, "noRecordsMatch"),
    ({"verb": "ListRecords", "metadataPrefix": "oai_dc", "set": "type-zzz"}, "noRecordsMatch"),
    ({"verb": "ListRecords", "metadataPrefix": "oai_dc", "resumptionToken": "x"}, "badArgument"),
    ({"verb": "GetRecord", "metadataPrefix": "oai_dc"}, "badArgument"),
    ({"verb": "GetRecord", "metadataPrefix": "oai_dc", "identifier": "a\x00b"}, "badArgument"),
    ({"verb": "GetRecord", "metadataPrefix": "oai_dc", "identifier": "oai:x:y"}, "idDoesNotExist"),
    ({"verb": "ListMetadataFormats", "identifier": "oai:127.0.0.1:agreements/"}, "idDoesNotExist"),
]  # fmt: skip


@pytest.mark.parametrize("arguments, code", FAULTS, ids=str)
def test_faults_are_told_as_the_protocol_has_them(arguments, code):
    AgreementFactory(published=True)
    for method in ("get", "post"):
        root = ask(method, **arguments)
        assert [one.get("code") for one in root.findall("o:error", NS)] == [code]
        request = root.find("o:request", NS)
        assert request.text == "http://testserver/oai/"
        assert bool(request.attrib) == (code not in {"badVerb", "badArgument"})


def test_a_format_that_is_not_offered_of_a_record_that_is_there():
    record = AgreementFactory(published=True)
    asked = {"verb": "GetRecord", "identifier": identifier(record), "metadataPrefix": "marc21"}
    assert error_of(**asked) == "cannotDisseminateFormat"


def test_posting_and_asking_for_the_head_alone():
    AgreementFactory(published=True)
    posted = ask("post", verb="ListRecords", metadataPrefix="oai_dc")
    assert posted.findall(".//o:record", NS)
    client = Client(enforce_csrf_checks=True)
    both = client.post("/oai/?verb=Identify", {"verb": "Identify"})
    assert b"badArgument" in both.content
    other = client.post("/oai/", b"{}", content_type="application/json")
    assert b"badVerb" in other.content
    head = client.head("/oai/?verb=Identify")
    assert head.status_code == 200 and head.content == b""
    assert client.put("/oai/").status_code == 405
    assert client.get("/oai/?verb=%ff").status_code == 200


def test_a_question_costs_the_same_however_many_answer(counted_queries):
    for _ in range(3):
        full_agreement()
    asked = f"/oai/?{urlencode({'verb': 'ListRecords', 'metadataPrefix': 'entente', 'set': 'country-KR'})}"
    Client().get(asked)
    with counted_queries("GET /oai/?verb=ListRecords"):
        Client().get(asked)
    with counted_queries("GET /oai/?verb=ListSets"):
        Client().get(reverse("oai") + "?verb=ListSets")


def test_the_schemas_of_the_protocol_agree_where_they_are_at_hand():
    """Set ENTENTE_OAI_XSD to a copy of OAI-PMH.xsd, such as the one in the source archive of pyoai."""
    path = os.environ.get("ENTENTE_OAI_XSD")
    if not path:
        pytest.skip("the protocol's schema is in no package that can be installed")
    schema = etree.XMLSchema(etree.parse(path))
    full_agreement()
    withdraw(agreement=AgreementFactory(published=True), by=administrator(), reason="Gone.")
    asked = [{"verb": verb} for verb in ("Identify", "ListSets", "ListMetadataFormats")]
    asked += [{"verb": verb, "metadataPrefix": "entente"} for verb in ("ListRecords", "ListIdentifiers")]
    for arguments in [*asked, *(arguments for arguments, _ in FAULTS)]:
        root = ask(**arguments)
        schema.assertValid(etree.fromstring(etree.tostring(root)))


def test_what_stood_before_is_told_from_the_beginning():
    """As the migration finds a registry that is in use."""
    public, withdrawn, internal, draft, gone = (AgreementFactory(title=f"Title {n}") for n in range(5))
    for record in (public, withdrawn, internal, gone):
        publish_now(record)
    withdraw(agreement=withdrawn, by=administrator(), reason="Gone.")
    Agreement.objects.filter(pk=internal.pk).update(visibility="internal")
    Agreement.objects.filter(pk=gone.pk).update(publication_state="draft")
    uid = gone.uid
    gone.delete()
    kept = {entry.uid: (entry.is_deleted, entry.keys) for entry in HarvestEntry.objects.all()}
    HarvestEntry.objects.all().delete()
    with connection.cursor() as cursor:
        cursor.execute(FILL)
    found = {entry.uid: (entry.is_deleted, entry.keys) for entry in HarvestEntry.objects.all()}
    assert {name: gone for name, (gone, _) in found.items()} == {
        name: gone for name, (gone, _) in kept.items()
    }
    assert found[public.uid] == kept[public.uid] and draft.uid not in found and uid in found


@pytest.mark.django_db(transaction=True)
def test_what_is_committed_late_is_not_missed():
    record = AgreementFactory(published=True)
    begun, may_end = threading.Event(), threading.Event()

    def write():
        try:
            with transaction.atomic():
                Agreement.objects.filter(pk=record.pk).update(summary="Written early, seen late")
                begun.set()
                may_end.wait(30)
        finally:
            connection.close()

    writer = threading.Thread(target=write)
    writer.start()
    assert begun.wait(30)
    time.sleep(1.2)
    root = ask(verb="ListIdentifiers", metadataPrefix="oai_dc")
    may_end.set()
    writer.join()
    told = root.findtext("o:responseDate", namespaces=NS)
    assert told <= answers.stamp(datestamp(record)), "the change is dated before the answer"
    assert set(headers(**{"from": told})) == {record.uid}
