"""Fills the copy that ``served`` serves: the demonstration, and what it lacks.

Prints who may ask what, as JSON.
``python -m tests.contract.furnish``, with ``DATABASE_URL`` set to the copy.
"""

import json
import sys
from importlib import import_module


def main() -> None:
    import django

    django.setup()
    from django.apps import apps
    from django.core.management import call_command

    from partnerships.models import Country

    if not Country.objects.exists():
        # A test that commits ends by emptying every table.
        import_module("partnerships.migrations.0003_pairs_and_countries").seed_countries(apps, None)
    call_command("load_demo", verbosity=0)
    told = {"tokens": _tokens(), "cookies": _cookies(), "uids": _records()}
    _webhook(told["tokens"]["all"])
    sys.stdout.write(json.dumps(told) + "\n")


def _tokens() -> dict[str, str]:
    from people.models import Scope
    from people.services.tokens import issue_token

    def secret(*scopes: str) -> str:
        return issue_token(name="+".join(scopes)[:60], scopes=list(scopes))[1]

    return {"all": secret(*Scope.values), **{scope: secret(scope) for scope in Scope.values}}


def _cookies() -> dict[str, str]:
    from django.conf import settings
    from django.middleware.csrf import _get_new_csrf_string
    from django.test import Client

    from tests.factories import administrator

    client = Client()
    client.force_login(administrator(username="furnished"))
    return {
        "sessionid": client.cookies[settings.SESSION_COOKIE_NAME].value,
        "csrftoken": _get_new_csrf_string(),
    }


def _records() -> dict[str, str]:
    from partnerships.models import Agreement
    from partnerships.services.publication import withdraw
    from people.models import User
    from tests.factories import AgreementFactory, DocumentFactory, publish_now

    # The demonstration has no files: this one has the id that the examples name.
    turing = Agreement.objects.get(uid="53kk4556g6")
    DocumentFactory(uid="dcmnt22222", agreement=turing, title="Text of the announcement")
    withdrawn = AgreementFactory(title="Withdrawn")
    publish_now(withdrawn)
    withdraw(agreement=withdrawn, by=User.objects.get(username="furnished"), reason="Published by mistake.")
    return {"withdrawn": withdrawn.uid}


def _webhook(secret: str) -> None:
    """The webhook of the token with every scope that the examples name, and a delivery that was given up."""
    from django.utils import timezone

    from partnerships.models import WebhookDelivery, WebhookSubscription
    from partnerships.services.feed import tell_all
    from partnerships.services.webhooks import subscribe
    from partnerships.services.webhooks.handing_out import hand_out_changes
    from people.models import ApiToken
    from people.principals import TokenPrincipal
    from people.services.tokens import digest_of

    tell_all()
    holder = TokenPrincipal(ApiToken.objects.get(digest=digest_of(secret)))
    facts = {"name": "Website", "address": "https://hook.invalid/", "resources": ["agreements"]}
    row, _ = subscribe(by=holder, after=0, **facts)
    WebhookSubscription.objects.filter(pk=row.pk).update(uid="whk2222222")
    hand_out_changes()
    first = WebhookDelivery.objects.order_by("pk").first()
    WebhookDelivery.objects.exclude(pk=first.pk).delete()
    given_up = {"message_id": "msg_whk2222222_1", "state": "dead", "finished_at": timezone.now()}
    WebhookDelivery.objects.filter(pk=first.pk).update(**given_up)


if __name__ == "__main__":
    main()
