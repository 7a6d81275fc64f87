"""Reading again what has not changed: tags, 304, and what they cost and do not tell."""

import pytest

from partnerships import models
from partnerships.api.validators import memory
from tests.contract import sentinels
from tests.factories import AgreementFactory, DocumentFactory, InstitutionFactory, administrator

from .conftest import ApiClient
from .test_queries import LISTS, full_record

RECORDS = {
    "agreements": models.Agreement, "institutions": models.Institution, "events": models.Event,
    "focus-areas": models.FocusArea, "activities": models.Activity, "sources": models.Source,
    "documents": models.Document,
}  # fmt: skip


def again(client, path: str, tag: str, **headers):
    return client.get(f"/api/v1/{path}", headers={"if-none-match": tag} | headers)


def addresses() -> list[str]:
    details = [f"{name}/{model.objects.order_by('pk').first().uid}/" for name, model in RECORDS.items()]
    return ["", *(f"{name}/" for name in LISTS), *details, "countries/KR/", "suggest/?q=in"]


@pytest.mark.django_db
def test_every_resource_and_list(api, staff, bearing):
    full_record()
    for client in (api, staff, bearing("read:internal")):
        for path in addresses():
            response = client.get(f"/api/v1/{path}")
            tag = response.headers["ETag"]
            assert tag.startswith('"'), path
            unchanged = again(client, path, tag)
            assert unchanged.status_code == 304 and not unchanged.content, path
            assert "Content-Type" not in unchanged.headers
            for name in ("ETag", "Cache-Control"):
                assert unchanged.headers[name] == response.headers[name], (path, name)
            assert {"Accept", "Accept-Encoding", "Authorization", "Cookie"} <= set(
                unchanged.headers["Vary"].split(", ")
            )
            assert "Last-Modified" not in response.headers
            assert client.head(f"/api/v1/{path}").headers["ETag"] == tag


@pytest.mark.django_db
def test_forms_of_the_header(api):
    path = f"agreements/{AgreementFactory(published=True).uid}/"
    tag = api.get(f"/api/v1/{path}").headers["ETag"]
    for header in (f"W/{tag}", f'"x", {tag}', f'{tag[:-1]}-br"', "*"):
        assert again(api, path, header).status_code == 304, header
    for header in ('"x"', tag.strip('"'), f'{tag[:-1]}-no"', "", ","):
        assert again(api, path, header).status_code == 200, header
    # The tag comes first; a date alone is asked in vain, as there is none that would be true.
    late = "Fri, 01 Jan 2100 00:00:00 GMT"
    assert again(api, path, '"x"', **{"if-modified-since": late}).status_code == 200
    assert api.get(f"/api/v1/{path}", headers={"if-modified-since": late}).status_code == 200
    # Nothing is there that could be unchanged.
    assert again(api, "agreements/none/", "*").status_code == 404
    assert again(api, "agreements/?bogus=1", "*").status_code == 400


@pytest.mark.django_db
def test_a_compressed_answer_has_a_tag_of_its_own(api):
    path = f"agreements/{AgreementFactory(published=True, summary='word ' * 500).uid}/"
    tags = {}
    for coding in ("zstd", "br", "gzip", "identity"):
        response = api.get(f"/api/v1/{path}", headers={"accept-encoding": coding})
        tags[coding] = response.headers["ETag"]
        unchanged = again(api, path, tags[coding], **{"accept-encoding": coding})
        assert unchanged.status_code == 304 and unchanged.headers["ETag"] == tags[coding]
    assert len(set(tags.values())) == 4


@pytest.mark.django_db
def test_the_host_stands_in_addresses_and_so_in_the_tag(api, settings):
    settings.ALLOWED_HOSTS = ["*"]
    record = AgreementFactory(published=True)
    for path in ("agreements/", f"agreements/{record.uid}/", "institutions/"):
        one, other = (
            api.get(f"/api/v1/{path}", headers={"host": host}) for host in ("a.example", "b.example")
        )
        assert one.content != other.content and one.headers["ETag"] != other.headers["ETag"]


@pytest.mark.django_db
def test_a_tag_tells_nothing_of_what_is_hidden(api, bearing):
    registry = sentinels.build()
    paths = ["agreements/", "agreements/?q=hummingbird&facets=country,status", *addresses()[1:]]
    paths = [path for path in dict.fromkeys(paths) if api.get(f"/api/v1/{path}").status_code == 200]
    paths += [f"agreements/{registry.agreements[sentinels.PUBLIC].uid}/"]
    clients = [api, bearing("read:public")]
    before = [[client.get(f"/api/v1/{path}").headers["ETag"] for path in paths] for client in clients]
    for word in (sentinels.DRAFT, sentinels.INTERNAL, sentinels.RESTRICTED):
        hidden = registry.agreements[word]
        models.Agreement.objects.filter(pk=hidden.pk).update(title=f"{word} again")
        hidden.sources.create(kind="other", title=word)
    public = models.Agreement.objects.get(pk=registry.agreements[sentinels.PUBLIC].pk)
    touched = public.updated_at
    public.documents.filter(visibility="internal").update(title="Another title")
    DocumentFactory(agreement=public, visibility="restricted")
    models.Agreement.objects.filter(visibility="internal").update(signed_place="Elsewhere")
    models.Institution.objects.filter(visibility="internal").update(name="Other")
    InstitutionFactory(name="Hidden")
    # That a hidden part was touched moves the date of its record, which everybody is shown.
    models.Agreement.objects.filter(pk=public.pk).update(updated_at=touched)
    for client, known in zip(clients, before, strict=True):
        for path, tag in zip(paths, known, strict=True):
            assert client.get(f"/api/v1/{path}").headers["ETag"] == tag, path


@pytest.mark.django_db(transaction=True)
class TestWithoutMakingIt:
    @pytest.fixture(autouse=True)
    def nothing_remembered(self):
        memory.tags.clear()

    @pytest.mark.parametrize("who", ["public", "token", "staff"])
    def test_statements(self, counted_queries, bearing, who):
        full_record()
        client = ApiClient() if who != "token" else bearing("read:internal")
        if who == "staff":
            client.force_login(administrator())
        for name, paths in {
            "detail": [f"agreements/{models.Agreement.objects.order_by('pk').first().uid}/"],
            "anything else": [f"{one}/" for one in LISTS] + addresses()[12:18],
        }.items():
            for path in paths:
                tag = client.get(f"/api/v1/{path}").headers["ETag"]
                assert again(client, path, tag).status_code == 304
                with counted_queries(f"304 of {name}, {who}"):
                    assert again(client, path, tag).status_code == 304

    def test_a_list_whose_clock_has_moved_is_known_by_its_records(self, api, counted_queries):
        for _ in range(3):
            full_record()
        tag = api.get("/api/v1/agreements/").headers["ETag"]
        AgreementFactory()
        with counted_queries("304 of agreements after a change of others"):
            assert again(api, "agreements/", tag).status_code == 304

    def test_what_one_may_see_the_other_is_not_told(self, bearing):
        AgreementFactory(published=True)
        reader, public = bearing("read:internal"), ApiClient()
        tags = {one: one.get("/api/v1/sources/").headers["ETag"] for one in (reader, public)}
        for one in (reader, public):
            assert again(one, "sources/", tags[one]).status_code == 304
        AgreementFactory(published=True, visibility="internal")
        assert again(reader, "sources/", tags[reader]).status_code == 200
        assert again(public, "sources/", tags[public]).status_code == 304

    def test_it_forgets(self, api, monkeypatch):
        monkeypatch.setattr("partnerships.api.validators.REMEMBERED", 5)
        for number in range(12):
            again(api, f"countries/?page_size={number + 1}", '"x"')
        assert len(memory.tags) == 5
