"""Constraints and triggers that several models state in the same way."""

import pgtrigger
from django.db import models
from django.db.models import F, Q


def known(field: str, choices: type[models.TextChoices], name: str) -> models.CheckConstraint:
    """``field`` holds a value of the closed list ``choices``."""
    return models.CheckConstraint(condition=Q(**{f"{field}__in": choices.values}), name=name)


def not_blank(field: str, name: str) -> models.CheckConstraint:
    """``field`` is more than white space."""
    return models.CheckConstraint(
        condition=~Q(**{f"{field}__regex": r"^\s*$"}),
        name=name,
        violation_error_message=f"“{field}” must not be empty.",
    )


def in_order(earlier: str, later: str, name: str, message: str) -> models.CheckConstraint:
    """Partial date ``later`` does not certainly lie before ``earlier``.

    Only what is certain is refused: an agreement of ``2024`` may end on ``2024-03-01``.
    """
    return models.CheckConstraint(
        condition=Q(**{f"{earlier}__isnull": True})
        | Q(**{f"{later}__isnull": True})
        | Q(**{f"{later}__day_after__gt": F(f"{earlier}__first_day")}),
        name=name,
        violation_error_message=message,
    )


def end_fits_kind(name: str) -> models.CheckConstraint:
    """A date of ending stands exactly where the end is of the kind "on a date"."""
    return models.CheckConstraint(
        condition=(Q(end_kind="date", ends_on__isnull=False))
        | (Q(end_kind__in=["unknown", "open_ended"], ends_on__isnull=True)),
        name=name,
        violation_error_message="Give a date of ending with “on a date”, and only then.",
    )


def on_earth(name: str) -> models.CheckConstraint:
    """``latitude`` and ``longitude`` are degrees on earth, or both missing.

    Not null is said outright: a comparison with null is no violation.
    """
    return models.CheckConstraint(
        condition=Q(latitude__isnull=True, longitude__isnull=True)
        | Q(
            latitude__isnull=False,
            longitude__isnull=False,
            latitude__range=(-90, 90),
            longitude__range=(-180, 180),
        ),
        name=name,
        violation_error_message="Give a latitude (-90 to 90) and a longitude (-180 to 180), or neither.",
    )


def keeps_publishable(owner: str) -> pgtrigger.Trigger:
    """Ask, at the end of the transaction, whether the agreement may still be published.

    Args:
        owner: PL/pgSQL giving the agreement's id from ``changed`` (the row, or what it was).

    The rule itself is the SQL function ``require_publishable`` (``sql.py``).
    """
    return pgtrigger.Trigger(
        name="keeps_publishable",
        when=pgtrigger.After,
        operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
        timing=pgtrigger.Deferred,
        declare=[("changed", "record")],
        func=(
            "changed = CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END; "
            f"PERFORM require_publishable({owner}); "
            f"IF TG_OP = 'UPDATE' THEN changed = OLD; PERFORM require_publishable({owner}); END IF; "
            "RETURN NULL;"
        ),
    )


def voids_approval() -> pgtrigger.Trigger:
    """An approval is of the record as it stood: any edit of it or its parts in review voids it.

    An edit of a part moves the record's ``updated_at`` and so comes by here too (``touch``).
    """
    return pgtrigger.Trigger(
        name="voids_approval",
        when=pgtrigger.After,
        operation=pgtrigger.Update,
        condition=pgtrigger.Q(old__publication_state="in_review")
        & ~pgtrigger.Q(new__publication_state="published"),
        func=(
            "UPDATE partnerships_approval SET voided_at = now() "
            "WHERE agreement_id = NEW.id AND voided_at IS NULL; RETURN NULL;"
        ),
    )


def not_merged(*columns: str) -> pgtrigger.Trigger:
    """Refuse a row that newly names an institution which was merged into another one.

    Whoever writes while a merge is under way waits for its end, and then learns of it.
    """
    named = " OR ".join(f"id = NEW.{column}" for column in columns)
    kept = " AND ".join(f"NEW.{column} IS NOT DISTINCT FROM OLD.{column}" for column in columns)
    return pgtrigger.Trigger(
        name="not_merged",
        when=pgtrigger.After,
        operation=pgtrigger.Insert | pgtrigger.Update,
        declare=[("other", "bigint"), ("told", "text")],
        func=f"""
            IF TG_OP = 'UPDATE' THEN
                IF {kept} THEN RETURN NULL; END IF;
            END IF;
            FOR told, other IN
                SELECT name, merged_into_id FROM partnerships_institution WHERE {named} FOR KEY SHARE
            LOOP
                IF other IS NOT NULL THEN
                    RAISE EXCEPTION '“%” was merged into “%”; choose that one.', told,
                          (SELECT name FROM partnerships_institution WHERE id = other)
                          USING ERRCODE = 'check_violation', CONSTRAINT = 'institution_merged',
                                TABLE = TG_TABLE_NAME;
                END IF;
            END LOOP;
            RETURN NULL;
        """,  # noqa: S608
    )
