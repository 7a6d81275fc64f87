"""The question of a list in words: for the file that is made of it, and for the line above it."""

from django.contrib.admin.views.main import ChangeList

from partnerships.services.tables import About

from .filters import SearchedFilter


def question_in_words(changelist: ChangeList) -> About:
    """Return what a list was asked, label and words: its search, filters and order."""
    told = [("Search", changelist.query)] if changelist.query else []
    for spec in changelist.filter_specs:
        for value in spec.used_parameters.values():
            values = value if isinstance(value, list) else [value]
            words = ", ".join(_in_words(spec, one) for one in values if one not in (None, ""))
            if words:
                told.append((str(spec.title).capitalize(), words))
    return [*told, ("Order", _order(changelist))]


def _in_words(spec, value) -> str:
    if isinstance(spec, SearchedFilter):
        found = spec.field.remote_field.model._default_manager.filter(pk=value).first()
        return str(found or value)
    field = getattr(spec, "field", None)
    known = getattr(field, "flatchoices", None) or getattr(spec, "lookup_choices", None) or ()
    return str({str(key): label for key, label in known}.get(str(value), value))


def _order(changelist: ChangeList) -> str:
    chosen = changelist.get_ordering_field_columns()
    admin, names = changelist.model_admin, []
    for index, direction in chosen.items():
        name = changelist.list_display[int(index)]
        shown = getattr(admin, name, None) if isinstance(name, str) else name
        label = getattr(shown, "short_description", None) or str(name).replace("_", " ")
        names.append(f"{label}, {'descending' if direction == 'desc' else 'ascending'}")
    return "; ".join(names) or "last changed first"
