"""What the registry says of persons, on their own pages in the admin."""

from collections.abc import Iterable

from django.urls import reverse

from partnerships.querysets.people import agreements_naming
from people.admin import persons
from people.models import Person

SHOWN = 50


def agreements_of(person: Person, user) -> Iterable[tuple[str, str]]:
    """Titles and addresses of agreements that the person signed or spoke about, as ``user`` may see them."""
    for agreement in agreements_naming([person.pk], user).order_by("-updated_at")[:SHOWN]:
        yield agreement.title, reverse("admin:partnerships_agreement_change", args=[agreement.pk])


persons.USES.append(agreements_of)
