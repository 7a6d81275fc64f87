"""History of registry data, written by the database itself.

``@track`` gives a model a history table filled by triggers on insert, update and delete, so that
``QuerySet.update()`` and raw SQL are recorded too. Who, why and which request come from the
transaction's context (``acting``).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

import pghistory


def track(model=None, *, secret: tuple[str, ...] = ()):
    """Class decorator: record every change of ``model`` in ``<Model>History``, append-only.

    Args:
        secret: fields that history must not keep, or that change too often to be worth it.

    A change of ``updated_at`` alone is no event: the database moves it when a nested row changes,
    and that row has an event of its own.
    """
    if model is None:
        return partial(track, secret=secret)
    untold = [field.name for field in model._meta.local_fields if field.name in ("updated_at", *secret)]
    return pghistory.track(
        pghistory.InsertEvent(),
        pghistory.UpdateEvent(condition=pghistory.AnyChange(exclude=untold)),
        pghistory.DeleteEvent(),
        exclude=list(secret),
        model_name=f"{model.__name__}History",
        obj_field=pghistory.ObjForeignKey(related_name="history", related_query_name="history"),
        append_only=True,
        meta={"verbose_name": f"history of {model._meta.verbose_name_plural}"},
    )(model)


@contextmanager
def acting(*, user=None, reason: str = "", **facts) -> Iterator[None]:
    """Attach who and why to every change made inside the block.

    Args:
        user: a ``User``, a token's principal or None; only its id is kept.
        reason: why, in the words of the person who acts.
        facts: further JSON-able facts, for example ``request_id``.
    """
    context = {key: value for key, value in facts.items() if value not in (None, "")}
    if reason:
        context["reason"] = reason
    if user is not None:
        context |= getattr(user, "history_facts", dict)()
    with pghistory.context(**context):
        yield
