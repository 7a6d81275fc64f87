"""Database triggers that more than one model uses.

Their SQL is put together from the names of tables and columns, never from user input.
"""

# ruff: noqa: S608

import pgtrigger


def touch(owner: str | None = None, *, through: str | None = None) -> pgtrigger.Trigger:
    """Keep ``updated_at`` true, whatever code path writes.

    Args:
        owner: name of the foreign key to the record that the row is a part of; the record's
            ``updated_at`` moves with the row. None for the record's own table.
        through: where the row belongs to a part of the record, that part's foreign key to it.

    ``updated_at`` is the start of the transaction, so a record is touched once a transaction.
    """
    if owner is None:
        return pgtrigger.Trigger(
            name="touch",
            when=pgtrigger.Before,
            operation=pgtrigger.Update,
            condition=pgtrigger.AnyChange(exclude=["updated_at"]),
            func="NEW.updated_at = now(); RETURN NEW;",
        )
    return pgtrigger.Trigger(
        name="touch_owner",
        when=pgtrigger.After,
        operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
        func=_TouchOwner(owner, through),
    )


class _TouchOwner(pgtrigger.Func):
    """The body of ``touch`` for a part: find the owning record by foreign key and move its date."""

    def __init__(self, owner: str, through: str | None):
        super().__init__("")
        self.owner, self.through = owner, through

    def render(self, **kwargs) -> str:
        link = kwargs["meta"].get_field(self.owner)
        statements = [
            f"IF TG_OP <> '{skipped}' THEN {self._update(link, f'{row}.{link.column}')} END IF;"
            for skipped, row in (("DELETE", "NEW"), ("INSERT", "OLD"))
        ]
        return " ".join(statements) + " RETURN NULL;"

    def _update(self, link, key: str) -> str:
        owner = link.related_model._meta
        if self.through:
            part, link = owner, owner.get_field(self.through)
            key = f"(SELECT {link.column} FROM {part.db_table} WHERE id = {key})"
            owner = link.related_model._meta
        return f"UPDATE {owner.db_table} SET updated_at = now() WHERE id = {key} AND updated_at <> now();"


def never_hidden_again() -> pgtrigger.Trigger:
    """A record's public address answers for ever: what became public stays public."""
    return pgtrigger.Trigger(
        name="never_hidden_again",
        when=pgtrigger.Before,
        operation=pgtrigger.Update,
        condition=pgtrigger.Q(old__visibility="public") & ~pgtrigger.Q(new__visibility="public"),
        func=refusal("public_stays_public", "What has been public has a public address and stays public."),
    )


def refusal(constraint: str, message: str) -> str:
    """PL/pgSQL that refuses the change as a violated constraint would.

    Args:
        constraint: the name under which ``IntegrityError.__cause__.diag.constraint_name`` carries it.
        message: what a person reads.
    """
    return (
        f"RAISE EXCEPTION '{message}' USING ERRCODE = 'check_violation', CONSTRAINT = '{constraint}', "
        "TABLE = TG_TABLE_NAME;"
    )


def acyclic(
    constraint: str, child: str, parent: str, *, same: str | None = None, only: str = ""
) -> pgtrigger.Trigger:
    """Refuse a row that closes a circle.

    Args:
        constraint: name of the violated constraint.
        child, parent: columns of the edge, from the row to what stands before or above it.
        same: a column that edges must share to make one graph (``kind``).
        only: values of ``same`` for which circles are refused, separated by spaces; all if empty.

    Writers are put in a row by an advisory lock: two transactions that each close half of a
    circle would not see each other's half.
    """
    condition = pgtrigger.Q(**{f"new__{parent}__isnull": False})
    if only:
        condition &= pgtrigger.Q(**{f"new__{same}__in": only.split()})
    shared = f"AND edge.{same} = NEW.{same}" if same else ""
    return pgtrigger.Trigger(
        name="acyclic",
        when=pgtrigger.After,
        operation=pgtrigger.Insert | pgtrigger.Update,
        condition=condition,
        func=pgtrigger.Func(
            f"""
            PERFORM pg_advisory_xact_lock(hashtext(TG_TABLE_NAME));
            IF EXISTS (
                WITH RECURSIVE above(id) AS (
                    SELECT NEW.{parent}
                    UNION
                    SELECT edge.{parent} FROM {{meta.db_table}} edge JOIN above ON edge.{child} = above.id
                    WHERE edge.{parent} IS NOT NULL {shared}
                )
                SELECT 1 FROM above WHERE id = NEW.{child}
            ) THEN
                {refusal(constraint, "This would close a circle.")}
            END IF;
            RETURN NULL;
            """
        ),
    )
