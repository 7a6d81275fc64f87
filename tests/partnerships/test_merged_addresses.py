"""The addresses of an institution that was merged lead to the survivor, on pages as in the API."""

import pytest
from django.test import Client
from django.urls import reverse

from partnerships.services.merging import merge_institutions
from people.services.tokens import issue_token
from tests.factories import AgreementFactory, InstitutionFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def merged():
    """Survivor, what was merged into it, and a third one with which it had an agreement."""
    kept = InstitutionFactory(name="University of Tartu", ror_id="03z77qz90")
    gone = InstitutionFactory(name="Tartu State University", ror_id="052gg0110")
    third = InstitutionFactory(name="Third")
    AgreementFactory(parties=[gone, third], published=True)
    AgreementFactory(parties=[kept, gone, third], published=True)
    merge_institutions(survivor=kept, merged=gone, by=UserFactory(is_superuser=True))
    return kept, gone, third


def test_page_and_api_answer_301(client, merged):
    kept, gone, _ = merged
    for asked in (gone.uid, "052gg0110"):
        page = client.get(reverse("partnerships:institution-detail", kwargs={"uid": asked}))
        assert (page.status_code, page.url) == (
            301,
            reverse("partnerships:institution-detail", kwargs={"uid": kept.uid}),
        )
        answer = client.get(f"/api/v1/institutions/{asked}/?fields=id,name")
        assert answer.status_code == 301
        assert answer["Location"].endswith(f"/api/v1/institutions/{kept.uid}/?fields=id%2Cname")
        assert client.get(answer["Location"]).json() == {"id": kept.uid, "name": kept.name}
    assert client.get("/api/v1/institutions/https://ror.org/03z77qz90/").status_code == 200


def test_writing_is_led_on_as_writing(merged):
    kept, gone, _ = merged
    _, secret = issue_token(name="x", scopes=["write:institutions"])
    client = Client(headers={"authorization": f"Bearer {secret}"})
    answer = client.patch(
        f"/api/v1/institutions/{gone.uid}/", {"city": "Tartu"}, content_type="application/json"
    )
    assert answer.status_code == 308
    assert kept.uid in answer["Location"]


def test_partnerships_follow(client, merged):
    kept, gone, third = merged
    old, new = ("-".join(sorted((one.uid, third.uid))) for one in (gone, kept))
    page = client.get(reverse("partnerships:partnership-detail", kwargs={"uid": old}))
    assert (page.status_code, page.url) == (
        301,
        reverse("partnerships:partnership-detail", kwargs={"uid": new}),
    )
    answer = client.get(f"/api/v1/partnerships/{old}/")
    assert answer.status_code == 301
    assert client.get(answer["Location"]).json()["agreement_count"] == 2
    # The two themselves had one: it leads to what they are now.
    both = "-".join(sorted((gone.uid, kept.uid)))
    page = client.get(reverse("partnerships:partnership-detail", kwargs={"uid": both}))
    assert page.url == reverse("partnerships:institution-detail", kwargs={"uid": kept.uid})
    assert client.get(f"/api/v1/partnerships/{both}/").status_code == 410


def test_filters_understand_the_old_id_and_lists_count_one(client, merged):
    kept, gone, _ = merged
    for asked in (gone.uid, "052gg0110", kept.uid):
        assert client.get("/api/v1/agreements/", {"institution": asked}).json()["count"] == 2
    names = [row["name"] for row in client.get("/api/v1/institutions/").json()["results"]]
    assert names == ["Third", "University of Tartu"]
    found = client.get("/api/v1/suggest/", {"q": "Tartu State"}).content.decode()
    assert kept.uid in found
    assert gone.uid not in found


def test_a_hidden_survivor_answers_404(client):
    kept, gone = InstitutionFactory.create_batch(2)
    merge_institutions(survivor=kept, merged=gone, by=UserFactory(is_superuser=True))
    for path in (f"/institutions/{gone.uid}/", f"/api/v1/institutions/{gone.uid}/"):
        assert client.get(path).status_code == 404


def test_a_closed_institution_names_its_successor_on_its_page(client):
    from partnerships.models import InstitutionLink
    from tests.factories import make_public

    old, new = InstitutionFactory(state="inactive"), InstitutionFactory(name="New University")
    make_public(old, new)
    InstitutionLink.objects.create(institution=new, kind="predecessor", target=old)
    page = client.get(f"/institutions/{old.uid}/").content.decode()
    assert 'id="succeeded"' in page
    assert new.uid in page.split('id="succeeded"')[1]
