"""What is wrong with a form, told in one place: a long form hides its complaints below the screen."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.forms import BaseForm
from django.utils.text import capfirst


@dataclass(frozen=True)
class Fault:
    """One complaint: where it stands, under which heading, and what it says."""

    anchor: str
    place: str
    message: str


def faults_of(form: BaseForm, formsets: list) -> list[Fault]:
    """Return the complaints of a form and of its rows, as they stand on the page.

    Args:
        form: the record's own form.
        formsets: what the admin shows below it, each with the rows of its inline.
    """
    return [*_of_form(form, ""), *(fault for formset in formsets for fault in _of_rows(formset, ""))]


def _of_rows(shown, above: str) -> Iterator[Fault]:
    formset = shown.formset
    heading = capfirst(str(shown.opts.verbose_name))
    for number, form in enumerate(formset.forms, start=1):
        place = f"{above}{heading} {number}: "
        yield from _of_form(form, place)
        for nested in getattr(form, "nested_formsets", []):
            yield from _of_rows(nested, place)


def _of_form(form: BaseForm, place: str) -> Iterator[Fault]:
    if not form.is_bound:
        return
    for name in form.errors:
        if name in form.fields:
            field = form[name]
            for message in field.errors:
                yield Fault(field.id_for_label or field.auto_id, f"{place}{capfirst(field.label)}", message)
