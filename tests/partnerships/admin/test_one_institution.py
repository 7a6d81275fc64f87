"""One institution, once, as staff meet it: told while recording, proposed in the queue, merged, parted."""

import pytest
from django.urls import reverse

from partnerships.models import (
    DuplicatePair,
    Institution,
    InstitutionLink,
    InstitutionMerge,
    NotDuplicate,
    Party,
)
from partnerships.services.duplicates import find_duplicates
from partnerships.services.merging import merge_institutions
from tests.factories import AgreementFactory, InstitutionFactory, MembershipFactory, OfficeFactory

from .forms import blank, errors_of, put_rows, untouched
from .test_catalogue import INSTITUTION, suggested

pytestmark = pytest.mark.django_db

ADD = "/admin/partnerships/institution/add/"
QUEUE = "/admin/partnerships/institution/duplicates/"


def desk(client, role: str):
    client.force_login(MembershipFactory(role=role).user)
    return client


def change(institution) -> str:
    return reverse("admin:partnerships_institution_change", args=[institution.pk])


class TestRecording:
    @pytest.fixture
    def tartu(self):
        return InstitutionFactory(name="University of Tartu", country_id="EE", ror_id="03z77qz90")

    def test_who_types_one_that_stands_is_told_once(self, client, tartu):
        desk(client, "editor")
        data = untouched(client, ADD, "institution_form") | {"name": "Universty of Tartu", "country": "EE"}
        response = client.post(ADD, data)
        page = response.content.decode()
        assert "This may exist already" in page
        assert "95 % similar, same country" in page
        assert reverse("admin:partnerships_institution_choose", args=[tartu.pk]) in page
        assert Institution.objects.count() == 1
        response = client.post(ADD, data | {"different_institution": "1"})
        assert response.status_code == 302, errors_of(response)
        assert Institution.objects.count() == 2

    def test_a_new_name_and_a_change_of_an_old_one_are_saved_at_once(self, client, tartu):
        desk(client, "editor")
        data = untouched(client, ADD, "institution_form") | {"name": "Kwame Polytechnic", "country": "GH"}
        assert client.post(ADD, data).status_code == 302
        InstitutionFactory(name="University of Tartu", country_id="EE")
        data = untouched(client, change(tartu), "institution_form") | {"city": "Tartu"}
        assert client.post(change(tartu), data).status_code == 302

    def test_a_ror_id_that_stands_leads_to_its_institution(self, client):
        stands = InstitutionFactory(name="Oxford", ror_id="052gg0110")
        desk(client, "editor")
        data = untouched(client, ADD, "institution_form")
        page = client.post(
            ADD, data | {"name": "Other", "ror_id": "https://ror.org/052gg0110"}
        ).content.decode()
        assert "same ROR id" in page
        assert reverse("admin:partnerships_institution_choose", args=[stands.pk]) in page

    @pytest.mark.parametrize(
        ("asked", "told"),
        [
            ("name=universty+of+tartu&country=EE", True),
            ("name=Tartu+Ülikool&ror_id=https://ror.org/03z77qz90", True),
            ("name=un", False),
            ("name=%00%00%00", False),
            ("name=" + "x" * 5_000, False),
            ("", False),
        ],
    )
    def test_who_is_typing_is_told_meanwhile(self, client, tartu, asked, told):
        desk(client, "editor")
        answer = client.get(f"{reverse('admin:partnerships_institution_candidates')}?{asked}")
        assert answer.status_code == 200
        assert ("University of Tartu" in answer.text) is told

    def test_who_may_not_record_institutions_is_told_nothing(self, client, tartu):
        desk(client, "viewer")
        assert (
            client.get(reverse("admin:partnerships_institution_candidates") + "?name=tartu").status_code
            == 403
        )

    def test_in_a_popup_the_form_behind_takes_the_one_that_stands(self, client, tartu):
        desk(client, "editor")
        address = f"{ADD}?_popup=1"
        data = untouched(client, address, "institution_form") | {"name": "University of Tartu"}
        page = client.post(address, data).content.decode()
        choose = reverse("admin:partnerships_institution_choose", args=[tartu.pk])
        assert f"{choose}?_popup=1" in page
        chosen = client.get(f"{choose}?_popup=1").content.decode()
        assert "popup_response.js" in chosen
        assert f"&quot;value&quot;: &quot;{tartu.pk}&quot;" in chosen
        assert client.get(choose).url == change(tartu)


class TestQueue:
    @pytest.fixture
    def pair(self):
        one, two = (InstitutionFactory(name="Twin Institute") for _ in range(2))
        AgreementFactory(parties=[two, InstitutionFactory()])
        find_duplicates()
        return one, two

    def test_shows_reason_and_agreements_and_a_way_to_merge(self, client, pair):
        page = desk(client, "reviewer").get(QUEUE).content.decode()
        assert "same name, same country" in page
        assert "1 agreement" in page
        assert f"/{pair[0].pk}/merge/?other={pair[1].pk}" in page
        assert "merge/?other" not in desk(client, "editor").get(QUEUE).content.decode()
        assert "Not the same" not in desk(client, "viewer").get(QUEUE).content.decode()

    def test_what_is_not_the_same_is_gone(self, client, pair):
        stands = DuplicatePair.objects.get()
        posted = {"pair": stands.pk, "change_reason": "two campuses"}
        assert desk(client, "viewer").post(QUEUE, posted).status_code == 403
        assert desk(client, "editor").post(QUEUE, posted).status_code == 302
        assert NotDuplicate.objects.get().reason == "two campuses"
        assert "No two institutions" in client.get(QUEUE).content.decode()
        assert client.post(QUEUE, posted).status_code == 404
        assert client.post(QUEUE, {"pair": "x'"}).status_code == 404

    def test_takes_as_many_statements_for_many_as_for_few(self, client, pair, counted_queries):
        desk(client, "reviewer").get(QUEUE)
        for _ in range(6):
            InstitutionFactory(name="Twin Institute")
        find_duplicates()
        with counted_queries("GET /admin/partnerships/institution/duplicates/"):
            client.get(QUEUE)


class TestMerging:
    def test_preview_merge_and_undo(self, client):
        kept = InstitutionFactory(name="Kept University", ror_id="03z77qz90")
        gone, third = InstitutionFactory(name="Gone University"), InstitutionFactory()
        agreement = AgreementFactory(parties=[gone, third])
        desk(client, "reviewer")
        address = reverse("admin:partnerships_institution_merge", args=[gone.pk])
        assert "Look for it" in client.get(address).content.decode()
        page = client.get(f"{address}?other={kept.pk}").content.decode()
        assert "Agreements to which it is a party: 1" in page
        assert f"survivor={gone.pk}" in page, "the one with a ROR id stays unless one says otherwise"
        response = client.post(
            address,
            {"other": kept.pk, "survivor": kept.pk, "name_kind": "former", "change_reason": "renamed"},
        )
        assert response.url == change(kept)
        assert agreement.parties.filter(institution=kept).exists()
        assert kept.names.get().kind == "former"
        assert client.get(change(gone)).url == change(kept)
        assert gone.name not in suggested(client, INSTITUTION, "Gone University")[0].split(" · ")[0]
        undo = reverse("admin:partnerships_institution_unmerge", args=[InstitutionMerge.objects.get().pk])
        assert undo in client.get(change(kept)).content.decode()
        assert "Undoing it gives everything back" in client.get(undo).content.decode()
        assert client.post(undo).url == change(gone)
        assert agreement.parties.filter(institution=gone).exists()
        # A second press tells, and breaks nothing.
        assert client.post(undo, follow=True).status_code == 200

    @pytest.mark.parametrize("role", ["viewer", "editor"])
    def test_others_are_kept_out(self, client, role):
        one, two = InstitutionFactory.create_batch(2)
        desk(client, role)
        address = reverse("admin:partnerships_institution_merge", args=[one.pk])
        assert client.get(f"{address}?other={two.pk}").status_code == 403
        assert client.post(address, {"other": two.pk}).status_code == 403
        assert "Merge with another one" not in client.get(change(one)).content.decode()

    def test_hidden_agreements_are_not_told(self, client):
        one, two, third = InstitutionFactory.create_batch(3)
        AgreementFactory(
            title="Zephyr", parties=[one, two, third], visibility="restricted", office=OfficeFactory()
        )
        desk(client, "reviewer")
        address = reverse("admin:partnerships_institution_merge", args=[one.pk])
        page = client.get(f"{address}?other={two.pk}").content.decode()
        assert "Zephyr" not in page
        assert "Nothing that you may see names it" in page

    @pytest.mark.parametrize("other", ["0", "x", "9" * 30, "1' OR 1=1"])
    def test_nonsense_asks_for_the_other_one(self, client, other):
        one = InstitutionFactory()
        desk(client, "reviewer")
        address = reverse("admin:partnerships_institution_merge", args=[one.pk])
        assert "Look for it" in client.get(address, {"other": other}).content.decode()
        assert "Look for it" in client.post(address, {"other": other}).content.decode()

    def test_a_form_that_names_what_was_merged_meanwhile_is_told(self, client):
        kept, gone, third = InstitutionFactory.create_batch(3)
        reviewer = MembershipFactory(role="reviewer").user
        client.force_login(reviewer)
        data = blank(client) | {"title": "Late", "type": "other"}
        put_rows(
            data,
            "parties",
            {"institution": gone.pk, "role": "party"},
            {"institution": third.pk, "role": "party"},
        )
        merge_institutions(survivor=kept, merged=gone, by=reviewer)
        response = client.post(reverse("admin:partnerships_agreement_add"), data)
        assert response.status_code == 200
        assert "was merged into" in errors_of(response) or "valid choice" in errors_of(response)
        assert not Party.objects.exists()


class TestClosed:
    def test_choosing_a_closed_one_names_its_successor(self, client):
        old = InstitutionFactory(name="Old University", state="inactive")
        new = InstitutionFactory(name="New University")
        InstitutionLink.objects.create(institution=new, kind="predecessor", target=old)
        desk(client, "editor")
        assert suggested(client, INSTITUTION, "Old University")[0].endswith(
            "closed; succeeded by New University"
        )
        data = blank(client) | {"title": "Paper", "type": "other"}
        put_rows(
            data,
            "parties",
            {"institution": old.pk, "role": "party"},
            {"institution": new.pk, "role": "party"},
        )
        response = client.post(reverse("admin:partnerships_agreement_add"), data, follow=True)
        told = [str(message) for message in response.context["messages"]]
        assert any("“Old University” is closed; succeeded by New University" in one for one in told), told
        assert Party.objects.filter(institution=old).exists()
