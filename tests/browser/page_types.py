"""One address of every type of public page, read from the URL conf: a new type cannot be forgotten."""

from django.urls import reverse
from django.utils import translation

from partnerships import urls
from partnerships.models import Agreement

#: Not pages: what these answer is put into other pages.
PARTS = {"suggest"}
#: Pages that the conf of the public pages doesn't name, as they follow the address of the start page.
ODD = {
    "error": "agreements/?status=zzz",
    "nothing": "agreements/?q=nothinglikethis",
    "missing": "no-such-page/",
    "narrowed": "countries/KR/?activity=joint_research",
}


def every_page(record: Agreement, language: str = "en") -> dict[str, str]:
    """Return an address of each type of page, by its name.

    Args:
        record: an agreement with a signatory, a subject and an event; the pages are its own and theirs.
        language: the tag of the language whose pages are meant.

    Raises:
        KeyError: a page stands for a kind of record that ``_ids`` doesn't know yet.
    """
    ids, found = _ids(record), {}
    with translation.override(language):
        for entry in urls.pages:
            if entry.name not in PARTS:
                given = {key: ids[_kind(entry.name)] for key in entry.pattern.converters}
                found[entry.name] = reverse(f"partnerships:{entry.name}", kwargs=given)
        about = reverse("partnerships:agreement-detail", kwargs={"uid": record.uid})
    found["tell-us-form"] = f"{found['tell-us']}?about={about}"
    return found | {name: found["home"] + rest for name, rest in ODD.items()}


def _kind(name: str) -> str:
    """The kind of record that the page of this name is about."""
    return name.removesuffix("-detail").removesuffix("-embed")


def _ids(record: Agreement) -> dict[str, str]:
    institutions = sorted(party.institution.uid for party in record.parties.all())
    signatory = record.parties.exclude(signatories=None).first().signatories.first()
    return {
        "agreement": record.uid,
        "institution": institutions[0],
        "partnership": "-".join(institutions[:2]),
        "person": signatory.person.uid,
        "focus-area": record.subjects.first().focus_area.uid,
        "event": record.event.uid,
        "country": record.parties.first().institution.country_id,
    }
