"""Filling in the agreement's form as a browser would send it."""

from html.parser import HTMLParser

from django.urls import reverse

ADD = "admin:partnerships_agreement_add"
INLINES = (
    "parties",
    "subjects",
    "activities",
    "sources",
    "statements",
    "documents",
    "periods",
    "relations",
)


class _Form(HTMLParser):
    """Reads what a browser would send of the form ``id`` if nobody touched it."""

    def __init__(self, form_id: str):
        super().__init__()
        self.form_id, self.inside = form_id, False
        self.data: dict[str, object] = {}
        self._select = self._text = None

    def handle_starttag(self, tag, attrs):
        facts = dict(attrs)
        if tag == "form":
            self.inside = facts.get("id") == self.form_id
        if not self.inside or "disabled" in facts:
            return
        name = facts.get("name")
        if tag == "input" and name and facts.get("type") not in ("submit", "file"):
            ticked = facts.get("type") not in ("checkbox", "radio") or "checked" in facts
            if ticked:
                self._put(name, facts.get("value") or ("on" if "checked" in facts else ""))
        elif tag == "select":
            self._select, self._multiple = name, "multiple" in facts
            self._first = None
        elif tag == "option" and self._select:
            if "selected" in facts:
                self._put(self._select, facts.get("value", ""))
            elif self._first is None and not self._multiple:
                self._first = facts.get("value", "")
        elif tag == "textarea" and name:
            self._text = name
            self.data[name] = ""

    def handle_data(self, data):
        if self._text:
            self.data[self._text] += data

    def handle_endtag(self, tag):
        if tag == "select" and self._select:
            if self._first is not None:
                self.data.setdefault(self._select, self._first)
            self._select = None
        elif tag == "textarea" and self._text:
            self.data[self._text] = self.data[self._text].removeprefix("\n").removeprefix("\r\n")
            self._text = None
        elif tag == "form":
            self.inside = False

    def _put(self, name: str, value: str) -> None:
        if isinstance(self.data.get(name), list):
            self.data[name].append(value)
        elif name in self.data and not name.endswith("_FORMS"):
            self.data[name] = [self.data[name], value]
        else:
            self.data[name] = value


def untouched(client, address: str, form_id: str = "agreement_form") -> dict:
    """What the browser would send back of the form at ``address`` without any key stroke."""
    response = client.get(address)
    assert response.status_code == 200, response
    form = _Form(form_id)
    form.feed(response.content.decode())
    return {name: value for name, value in form.data.items() if "__prefix__" not in name}


def blank(client) -> dict:
    """The untouched form of a new agreement."""
    return untouched(client, reverse(ADD))


def put_rows(data: dict, prefix: str, *rows: dict) -> None:
    """Fill further rows of an inline, as “Add another” does; rows that stand empty are used first."""
    total = int(data[f"{prefix}-TOTAL_FORMS"])
    start = int(data[f"{prefix}-INITIAL_FORMS"])
    for index, row in enumerate(rows, start):
        data.update({f"{prefix}-{index}-{name}": value for name, value in row.items()})
        if prefix == "parties":
            for part in ("TOTAL", "INITIAL", "MIN_NUM"):
                data.setdefault(f"{prefix}-{index}-signatories-{part}_FORMS", "0")
            data.setdefault(f"{prefix}-{index}-signatories-MAX_NUM_FORMS", "1000")
    data[f"{prefix}-TOTAL_FORMS"] = str(max(total, start + len(rows)))


def errors_of(response) -> str:
    """Every complaint that the answered form shows, for reading in a failed test."""
    found = []
    if response.context and "adminform" in response.context:
        found.append(str(response.context["adminform"].form.errors))
        for formset in response.context["inline_admin_formsets"]:
            found += [str(errors) for errors in formset.formset.errors if errors]
            found += formset.formset.non_form_errors()
    return "\n".join(map(str, found))
