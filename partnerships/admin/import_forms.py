"""The forms of an import: the file, its columns, who is meant by its names."""

from django import forms
from unfold import widgets

from partnerships.choices import AgreementType, ImportKind, PartyRole, SourceKind
from partnerships.models import ImportBatch, ImportParty, ImportProfile, Institution
from partnerships.querysets.imports import importing_offices
from partnerships.services.importing import Mapping, order_is_open, order_seen
from partnerships.services.importing.mapping import SEPARATORS
from partnerships.services.importing.reading.delimited import DELIMITERS
from partnerships.services.importing.reading.encodings import ENCODINGS
from partnerships.services.importing.targets import GROUPS, targets_of
from partnerships.services.importing.values import DateOrder
from people.access import Visibility, sees_everything
from people.models import Office

_FOUND_OUT = [("", "Find out")]


def _select(**kwargs) -> forms.ChoiceField:
    return forms.ChoiceField(widget=widgets.UnfoldAdminSelectWidget, required=False, **kwargs)


def _text(**kwargs) -> forms.CharField:
    return forms.CharField(
        widget=widgets.UnfoldAdminTextInputWidget, required=False, max_length=500, **kwargs
    )


class UploadForm(forms.Form):
    """Which file, of what, for which office."""

    file = forms.FileField(
        widget=widgets.UnfoldAdminFileFieldWidget,
        label="Spreadsheet",
        help_text="CSV, TSV or XLSX, also CSV packed as .gz; at most 50 MB and 100,000 rows. "
        "The first row holds the headings.",
    )
    kind = _select(choices=ImportKind.choices, label="Its rows are", initial=ImportKind.AGREEMENTS)
    office = forms.ModelChoiceField(
        Office.objects.none(),
        widget=widgets.UnfoldAdminSelectWidget,
        label="For the office",
        empty_label=None,
    )
    encoding = _select(choices=_FOUND_OUT + list(ENCODINGS.items()), label="Encoding of a text")
    delimiter = _select(choices=_FOUND_OUT + list(DELIMITERS.items()), label="Sign between its cells")
    sheet = _text(label="Sheet of a workbook", help_text="The first one that holds anything, if empty.")

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        offices = Office.objects.all()
        self.fields["office"].queryset = (
            offices if sees_everything(user) else offices.filter(pk__in=importing_offices(user))
        )


class MappingForm(forms.Form):
    """One choice a column, and what holds for every row."""

    def __init__(self, *args, batch: ImportBatch, profile: ImportProfile | None = None, **kwargs):
        self.batch = batch
        given = batch.mapping or (profile.mapping if profile else {})
        self.known = (
            Mapping.load(given) if given else Mapping(targets=[c.get("guess", "") for c in batch.columns])
        )
        super().__init__(*args, **kwargs)
        grouped: dict[str, list] = {}
        for target in targets_of(batch.kind).values():
            grouped.setdefault(target.group, []).append((target.key, target.label))
        choices = [("", "— leave out —"), *grouped.items()]
        for index, column in enumerate(batch.columns):
            target = self.known.targets[index] if index < len(self.known.targets) else ""
            self.fields[f"column_{index}"] = _select(
                choices=choices, initial=target, label=f"Column “{column['header']}” is"
            )
            if column.get("orders"):
                first = [("", "Choose …")] if order_is_open(column) else [("", "—")]
                self.fields[f"order_{index}"] = _select(
                    choices=first + DateOrder.choices,
                    initial=self.known.orders.get(column["header"]) or order_seen(column),
                    label=f"Dates of “{column['header']}”",
                )
        self._add_options()

    def _add_options(self) -> None:
        known, fields = self.known, self.fields
        fields["system"] = _text(
            label="Who gives the identifiers",
            initial=known.system,
            help_text="A short word, such as esac. A record is known again by it and its identifier.",
        )
        if self.batch.kind == ImportKind.AGREEMENTS:
            fields["type"] = _select(
                choices=[("", "Choose …"), *AgreementType.choices],
                initial=known.type,
                label="Type, where a row states none",
            )
            fields["title_pattern"] = _text(
                label="Title, where no column is the title",
                initial=known.title_pattern,
                help_text="Headings in braces: {Partner} – {Our institution}.",
            )
            fields["visibility"] = _select(
                choices=Visibility.choices, initial=known.visibility, label="Visibility, once published"
            )
            fields["source_kind"] = _select(
                choices=SourceKind.choices, initial=known.source_kind, label="Kind of source"
            )
            fields["source_title"] = _text(label="Title of the source", initial=known.source_title)
            fields["source_publisher"] = _text(
                label="Publisher of the source", initial=known.source_publisher
            )
        for letter in GROUPS if self.batch.kind == ImportKind.AGREEMENTS else GROUPS[0]:
            fields[f"role_{letter}"] = _select(
                choices=PartyRole.choices, initial=known.role(letter), label=f"Role of party {letter}"
            )
        fields["separators"] = forms.MultipleChoiceField(
            choices=SEPARATORS.items(),
            initial=known.separators,
            required=False,
            widget=widgets.UnfoldAdminCheckboxSelectMultipleWidget,
            label="Between several names in one cell stands",
        )
        fields["unsure"] = _select(
            choices=[("ask", "ask me"), ("create", "create an institution of its own")],
            initial=known.unsure,
            label="Where several institutions could be meant",
        )
        fields["profile"] = _text(
            label="Keep these choices as",
            help_text="A name; offered again for files with the same headings. Optional.",
        )

    def rows(self) -> list[dict]:
        """For each column its samples and its fields."""
        return [
            {
                "column": column,
                "target": self[f"column_{index}"],
                "order": self[f"order_{index}"] if f"order_{index}" in self.fields else None,
            }
            for index, column in enumerate(self.batch.columns)
        ]

    def options(self) -> list:
        """The fields that hold for every row."""
        return [field for field in self if not field.name.startswith(("column_", "order_"))]

    def mapping(self) -> Mapping:
        """What was chosen."""
        data = self.cleaned_data
        headers = self.batch.headers
        plain = (
            "system type title_pattern visibility source_kind source_title source_publisher separators unsure"
        )
        return Mapping(
            targets=[data[f"column_{index}"] for index in range(len(headers))],
            orders={
                header: data[f"order_{index}"]
                for index, header in enumerate(headers)
                if data.get(f"order_{index}")
            },
            roles={letter: data[f"role_{letter}"] for letter in GROUPS if data.get(f"role_{letter}")},
            **{name: data[name] for name in plain.split() if name in data},
        )


class PartiesForm(forms.Form):
    """Who is meant by the names of one page: a candidate, another institution by its id, or a new one."""

    def __init__(self, *args, parties: list[ImportParty], user, **kwargs):
        super().__init__(*args, **kwargs)
        self.parties, self.user = parties, user
        keys = {one["institution"] for party in parties for one in party.candidates}
        names = Institution.objects.visible_to(user).select_related("country").in_bulk(keys)
        for party in parties:
            offered = [
                (
                    str(one["institution"]),
                    f"{_named(names[one['institution']])}: {one['score']}, {one['reason']}",
                )
                for one in party.candidates
                if one["institution"] in names
            ]
            if party.institution and str(party.institution_id) not in dict(offered):
                offered.insert(0, (str(party.institution_id), _named(party.institution)))
            first = [("", "Choose …")] if party.decision == "undecided" else []
            self.fields[f"party_{party.pk}"] = _select(
                choices=[*first, *offered, ("new", "Create a new institution")],
                initial=str(party.institution_id) if party.institution_id else "new" if not first else "",
                label=f"“{party.name}” is",
            )
            self.fields[f"other_{party.pk}"] = _text(label=f"Another institution for “{party.name}”")
            self.fields[f"other_{party.pk}"].widget.attrs["placeholder"] = "or: id or ROR id"

    def rows(self) -> list[dict]:
        """For each name its fields."""
        return [
            {"party": party, "choice": self[f"party_{party.pk}"], "other": self[f"other_{party.pk}"]}
            for party in self.parties
        ]

    def clean(self) -> dict:
        data = super().clean()
        visible = Institution.objects.visible_to(self.user)
        self.choices: dict[int, Institution | None] = {}
        for party in self.parties:
            choice, other = data.get(f"party_{party.pk}", ""), data.get(f"other_{party.pk}", "").strip()
            if other:
                found = visible.by_identifier(other.replace("\x00", "")).first()
                if found is None:
                    self.add_error(f"other_{party.pk}", "There is no institution with this id.")
                self.choices[party.pk] = found
            elif choice and f"party_{party.pk}" in self.changed_data:
                self.choices[party.pk] = None if choice == "new" else visible.filter(pk=choice).first()
        return data


def _named(institution: Institution) -> str:
    return ", ".join(filter(None, [institution.name, institution.city, str(institution.country or "")]))
