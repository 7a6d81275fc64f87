"""Staff make webhooks for their office, see the secret once, test, pause, replay and end them."""

import re

import pytest
from django.urls import reverse
from django.utils import timezone
from standardwebhooks import Webhook

from partnerships.models import WebhookSubscription
from partnerships.services.feed import tell_all
from partnerships.services.webhooks import deliver
from tests.factories import AgreementFactory, MembershipFactory, OfficeFactory, UserFactory, administrator
from tests.partnerships.webhooks.receivers import receiving
from tests.partnerships.webhooks.subscriptions import bearer, subscribed, subscribed_with_secret

pytestmark = pytest.mark.django_db

LIST = "admin:partnerships_webhooksubscription_changelist"


@pytest.fixture(autouse=True)
def receivers_here(settings):
    settings.WEBHOOK_ALLOWED_NETWORKS = ["127.0.0.0/8"]


@pytest.fixture
def office():
    return OfficeFactory()


@pytest.fixture
def boss(client, office):
    """An administrator of the office, signed in."""
    user = MembershipFactory(office=office, role="administrator").user
    client.force_login(user)
    return user


@pytest.fixture
def receiver():
    with receiving(lambda *_: (200, {}, b"Thanks <b>")) as one:
        yield one


def page(name: str, row, *more) -> str:
    return reverse(f"admin:partnerships_webhooksubscription_{name}", args=[row.pk, *more])


def body(response) -> str:
    assert response.status_code == 200
    return response.content.decode()


def test_a_webhook_is_made_and_its_secret_shown_once(client, boss, office, receiver):
    facts = {"name": "CRIS", "address": receiver.address, "resources": ["agreements"],
             "question": "?type=exchange", "reads": "read:internal", "office": office.pk}  # fmt: skip
    response = client.post(reverse("admin:partnerships_webhooksubscription_add"), facts)
    secret = re.search(r"whsec_[\w+/=]+", body(response)).group()
    assert "no-store" in response.headers["Cache-Control"]
    row = WebhookSubscription.objects.get()
    assert (row.question, row.reads, row.office) == ("type=exchange", "read:internal", office)
    for address in (page("change", row), page("history", row), reverse(LIST)):
        assert secret not in body(client.get(address))
    client.post(page("act", row, "test"))
    Webhook(secret).verify(receiver.kept[0][1], receiver.kept[0][0])


@pytest.mark.parametrize(
    "facts, words",
    [
        ({"name": ""}, "required"),
        ({"address": "ftp://example.org/"}, "begins with https://"),
        ({"address": "https://10.0.0.1/"}, "no public address"),
        ({"question": "type=marriage"}, "marriage"),
        ({"question": "colour=blue"}, "There is no filter “colour”"),
        ({"question": "q=x", "resources": ["agreements", "people"]}, "name one resource"),
        ({"resources": []}, "required"),
        ({"reads": "write:agreements"}, "valid choice"),
    ],
)
def test_what_is_refused_is_told_and_nothing_is_lost(client, boss, office, facts, words):
    good = {"name": "CRIS", "address": "https://example.org/hook", "resources": ["agreements"],
            "reads": "read:public", "office": office.pk}  # fmt: skip
    text = body(client.post(reverse("admin:partnerships_webhooksubscription_add"), good | facts))
    assert words in text
    assert "CRIS" in text or facts == {"name": ""}
    assert not WebhookSubscription.objects.exists()


def test_nobody_gives_what_another_office_reads(client, boss):
    other = OfficeFactory()
    facts = {
        "name": "CRIS",
        "address": "https://example.org/",
        "resources": ["agreements"],
        "reads": "read:internal",
    }
    for office in (other.pk, ""):
        client.post(reverse("admin:partnerships_webhooksubscription_add"), facts | {"office": office})
    assert not WebhookSubscription.objects.exists()


def test_a_test_tells_what_came_of_it(client, boss, office, receiver):
    hook = subscribed(receiver.address, office=office)
    text = body(client.post(page("act", hook, "test"), follow=True))
    assert "The test was taken with 200" in text
    assert "Thanks &lt;b&gt;" in text
    WebhookSubscription.objects.update(address="http://127.0.0.1:9/")
    assert "The receiver refused the connection" in body(client.post(page("act", hook, "test"), follow=True))


def test_it_is_renamed_paused_resumed_and_ended(client, boss, office):
    hook = subscribed(office=office)
    client.post(
        page("change", hook), {"name": "Other", "address": "https://example.net/", "change_reason": "Moved"}
    )
    client.post(page("act", hook, "pause"))
    hook.refresh_from_db()
    assert (hook.name, hook.address, hook.active) == ("Other", "https://example.net/", False)
    assert "begins with https://" in body(
        client.post(page("change", hook), {"name": "O", "address": "ftp://x.org/"})
    )
    client.post(page("act", hook, "resume"))
    hook.refresh_from_db()
    assert hook.active
    assert "Moved" in body(client.get(page("history", hook)))
    client.post(page("act", hook, "end"))
    assert not WebhookSubscription.objects.exists()


def test_another_secret(client, boss, office, receiver):
    hook, old = subscribed_with_secret(receiver.address, office=office)
    new = re.search(r"whsec_[\w+/=]+", body(client.post(page("rotate", hook), {"keep": "1"}))).group()
    client.post(page("act", hook, "test"))
    headers, sent = receiver.kept[-1]
    assert Webhook(old).verify(sent, headers) == Webhook(new).verify(sent, headers)
    client.post(page("rotate", hook))
    hook.refresh_from_db()
    assert hook.old_secret == ""


def test_the_log_and_dead_letters(client, boss, office, receiver):
    hook, others = subscribed(receiver.address, office=office), subscribed(receiver.address)
    AgreementFactory(published=True)
    tell_all()
    deliver()
    delivery = hook.deliveries.get()
    listing = reverse("admin:partnerships_webhookdelivery_changelist")
    text = body(client.get(listing, {"webhook": hook.pk}))
    assert delivery.message_id in text
    assert others.deliveries.get().message_id not in body(client.get(listing))
    address = reverse("admin:partnerships_webhookdelivery_change", args=[delivery.pk])
    assert "Taken with 200" in body(client.get(address))
    client.post(reverse("admin:partnerships_webhookdelivery_replay", args=[delivery.pk]))
    deliver()
    assert delivery.log.count() == 2
    hook.deliveries.update(state="dead", finished_at=timezone.now())
    assert "Send what is dead once more" in body(client.get(page("change", hook)))
    client.post(page("act", hook, "replay"))
    assert hook.deliveries.get().state == "waiting"
    theirs = others.deliveries.get().pk
    assert client.post(reverse("admin:partnerships_webhookdelivery_replay", args=[theirs])).status_code == 404


def test_what_the_registry_paused_stands_on_the_desk(client, boss, office):
    subscribed(office=office)
    assert "Webhooks that were paused" not in body(client.get(reverse("admin:index")))
    WebhookSubscription.objects.update(active=False, paused_because="Its receiver took nothing.")
    assert "Its receiver took nothing." in body(client.get(reverse("admin:index")))
    client.force_login(MembershipFactory(office=office, role="reviewer").user)
    assert "Its receiver took nothing." not in body(client.get(reverse("admin:index")))


def test_each_sees_those_of_the_own_office_and_of_its_tokens(client, boss, office):
    own = subscribed(office=office)
    tokens = subscribed(by=bearer("webhooks", office=office))
    other = subscribed()
    assert set(client.get(reverse(LIST)).context["cl"].result_list) == {own, tokens}
    assert "token webhooks" in body(client.get(page("change", tokens)))
    for address in (page("change", other), page("history", other)):
        assert client.get(address).status_code in (302, 404)
    for address in (page("act", other, "end"), page("rotate", other)):
        assert client.post(address).status_code == 404
    assert client.get(page("act", own, "end")).status_code == 404, "a link does nothing"
    assert client.post(page("act", own, "explode")).status_code == 404
    client.force_login(administrator())
    assert set(client.get(reverse(LIST)).context["cl"].result_list) == {own, tokens, other}


@pytest.mark.parametrize("role", ["viewer", "editor", "reviewer", None])
def test_nobody_else_sees_any(client, office, role):
    hook = subscribed(office=office)
    client.force_login(MembershipFactory(office=office, role=role).user if role else UserFactory())
    log = reverse("admin:partnerships_webhookdelivery_changelist")
    add = reverse("admin:partnerships_webhooksubscription_add")
    for address in (reverse(LIST), page("change", hook), log, add):
        assert client.get(address).status_code == 403
    assert client.post(page("act", hook, "end")).status_code == 403
    assert client.post(page("rotate", hook)).status_code == 403


def test_an_empty_list_says_what_to_do(client, boss, office):
    assert "A webhook posts what changes here" in body(client.get(reverse(LIST)))
    assert "Once a webhook is made" in body(
        client.get(reverse("admin:partnerships_webhookdelivery_changelist"))
    )
    subscribed(office=office)
    text = body(client.get(reverse(LIST), {"q": "nothing of this name"}))
    assert "Nothing answers to this" in text and "A webhook posts" not in text


def test_a_delivery_shows_what_is_still_to_come_or_its_end(client, boss, office, receiver):
    hook = subscribed(receiver.address, office=office)
    AgreementFactory(published=True)
    tell_all()
    deliver()
    delivery = hook.deliveries.get()
    address = reverse("admin:partnerships_webhookdelivery_change", args=[delivery.pk])
    text = body(client.get(address))
    assert "Finished at" in text and "Next at" not in text
    assert "/history/" not in text, "nobody writes deliveries: they have no history"
    client.post(reverse("admin:partnerships_webhookdelivery_replay", args=[delivery.pk]))
    text = body(client.get(address))
    assert "Next at" in text and "Finished at" not in text


def test_the_page_of_a_webhook_takes_the_reason_of_a_change(client, boss, office):
    hook = subscribed(office=office)
    assert 'name="change_reason"' in body(client.get(page("change", hook))).split('id="rotate"')[0]
