"""How a file is understood: which column is what, and what holds for every row."""

import re
from dataclasses import asdict, dataclass, field, fields

from django.core.exceptions import ValidationError

from partnerships.choices import AgreementType, ImportKind, PartyRole, SourceKind
from people.access import Visibility

from .targets import GROUPS, TARGETS, targets_of
from .values import DateOrder

#: Signs that may stand between several names in one cell.
SEPARATORS = {
    ";": "semicolon  ;",
    "|": "vertical bar  |",
    "newline": "new line",
    ",": "comma  ,",
    "and": "the word “and”",
}
_PLACEHOLDER = re.compile(r"\{([^{}]+)\}")


@dataclass
class Mapping:
    """What a person decided about a file; kept as JSON with the import and in a profile.

    Args:
        targets: for each column the key of a ``Target``, or nothing.
        orders: by heading of a date column, its ``DateOrder``.
        title_pattern: with headings in braces, for files that have no titles.
        type, visibility: for rows that state none.
        roles: by letter of the party.
        separators: between several names in one cell.
        system: who gives the identifiers.
        unsure: ``ask``, or ``create`` an institution of its own where several could be meant.
    """

    targets: list[str] = field(default_factory=list)
    orders: dict[str, str] = field(default_factory=dict)
    title_pattern: str = ""
    type: str = ""
    visibility: str = Visibility.PUBLIC.value
    roles: dict[str, str] = field(default_factory=dict)
    separators: list[str] = field(default_factory=lambda: [";", "|", "newline"])
    system: str = ""
    source_kind: str = SourceKind.OTHER.value
    source_publisher: str = ""
    source_title: str = ""
    unsure: str = "ask"

    @classmethod
    def load(cls, data: dict) -> "Mapping":
        """Read what ``dump`` wrote; what this version does not know is left out."""
        known = {one.name for one in fields(cls)}
        return cls(**{name: value for name, value in data.items() if name in known})

    def dump(self) -> dict:
        """As JSON."""
        return asdict(self)

    def column(self, target: str) -> int | None:
        """Where the column of a target stands; None without one."""
        return self.targets.index(target) if target in self.targets else None

    def role(self, letter: str) -> str:
        """The role of the party of a letter."""
        return self.roles.get(letter) or PartyRole.PARTY.value

    def parties(self) -> list[str]:
        """Letters of the parties that have a column with a name or a ROR id."""
        return [letter for letter in GROUPS if {f"party_{letter}", f"ror_{letter}"} & set(self.targets)]

    def check(self, kind: str, headers: list[str], columns: list[dict] | None = None) -> None:
        """Refuse what cannot work, naming the field.

        Args:
            columns: what was seen in each column, to ask for the order of dates where that is open.

        Raises:
            ValidationError: by field; ``column_N`` and ``order_N`` are those of column N.
        """
        errors: dict[str, list[str]] = {}
        self._check_targets(kind, headers, errors)
        for index, column in enumerate(columns or []):
            target = TARGETS.get(self.targets[index] if index < len(self.targets) else "")
            order = self.orders.get(column["header"], "")
            if target and target.is_date and order not in DateOrder.values and order_is_open(column):
                errors[f"order_{index}"] = ["Day or month first? Both are possible in this column."]
        if kind == ImportKind.AGREEMENTS:
            self._check_agreements(headers, errors)
        elif self.column("identifier") is None:
            errors["__all__"] = ["Say which column identifies the agreement."]
        if self.column("identifier") is not None and not self.system.strip():
            errors["system"] = ["Name who gives the identifiers, in a short word: esac."]
        if errors:
            raise ValidationError(errors)

    def _check_targets(self, kind: str, headers: list[str], errors: dict) -> None:
        if len(self.targets) != len(headers):
            raise ValidationError("The mapping is made for other columns.")
        offered = targets_of(kind)
        for index, key in enumerate(self.targets):
            if key and key not in offered:
                errors[f"column_{index}"] = ["Choose one of those offered."]
            elif key and key in self.targets[:index]:
                errors[f"column_{index}"] = [f"Another column is “{TARGETS[key].label}” already."]
        if not self.parties():
            errors.setdefault("__all__", []).append("Say which column names a party, or holds its ROR id.")

    def _check_agreements(self, headers: list[str], errors: dict) -> None:
        names = _PLACEHOLDER.findall(self.title_pattern)
        if unknown := [name for name in names if name not in headers]:
            errors["title_pattern"] = [f"There is no column “{unknown[0]}”."]
        elif self.column("title") is None and not names:
            errors["title_pattern"] = [
                "No column is the title: write a pattern such as {Partner} – {Country}."
            ]
        if self.type not in AgreementType.values and (self.type or self.column("type") is None):
            errors["type"] = ["Choose the type of agreements that state none."]
        for name, choices in (("visibility", Visibility), ("source_kind", SourceKind)):
            if getattr(self, name) not in choices.values:
                errors[name] = ["Choose one of those offered."]
        if any(role and role not in PartyRole.values for role in self.roles.values()):
            errors["__all__"] = ["A role is none of those offered."]


def order_is_open(column: dict) -> bool:
    """True where dates of the column can be read in two ways and no date of it decides."""
    orders = column.get("orders", {})
    decided = [order for order in DateOrder.values if orders.get(order)]
    return len(decided) > 1 or (bool(orders.get("both")) and not decided)


def order_seen(column: dict) -> str:
    """The one order that dates of the column have; empty where that is open, or does not matter."""
    decided = [order for order in DateOrder.values if column.get("orders", {}).get(order)]
    return decided[0] if len(decided) == 1 else ""


def title_by(pattern: str, headers: list[str], cells: list[str]) -> str:
    """The title that a pattern gives for a row; empty where one of its cells is."""
    by_header = dict(zip(headers, cells, strict=False))
    values = {name: " ".join(by_header.get(name, "").split()) for name in _PLACEHOLDER.findall(pattern)}
    if not all(values.values()):
        return ""
    return _PLACEHOLDER.sub(lambda match: values[match[1]], pattern).strip()
