"""Questions about the words inside of documents."""

import time

from django.apps import apps
from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import BooleanField, F, Func

from partnerships.choices import TextState

#: Having found that no document has a text, a process asks again after so many seconds.
_ASK_AGAIN = 30


class DocumentTextQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The gate: texts of documents that ``user`` may see."""
        documents = apps.get_model("partnerships", "Document").objects.visible_to(user)
        return self.filter(document__in=documents.values("pk"))

    def waiting(self):
        """Texts that are still to be read, those first that were tried least."""
        return self.filter(state=TextState.WAITING).order_by("tries", "document").defer("own", "words")

    def agreements_answering(self, query: str, user):
        """Ids of agreements that answer ``query`` by words of a document that ``user`` may see."""
        return self.visible_to(user).filter(words__answers=query).values("document__agreement")


class IsAmong(Func):
    """Whether the first expression is one of the array that the second gives.

    Unlike ``IN (SELECT …)`` this can be entered by an index, side by side with another condition.
    """

    template = "(%(expressions)s))"
    arg_joiner = " = ANY ("
    output_field = BooleanField()
    conditional = True


def found_inside(key: str, query: str, user, *, each: bool = False):
    """The condition that ``key``, an agreement's id, is one whose documents answer ``query``.

    Args:
        each: rows are looked at one after the other, in an order that was asked for.
    """
    texts = apps.get_model("partnerships", "DocumentText").objects
    agreements = texts.agreements_answering(query, user)
    if each:
        return models.Q(**{f"{key}__in": agreements})
    return models.Q(IsAmong(F(key), ArraySubquery(agreements)))


_known: tuple[float, bool] = (0.0, False)


def texts_stand() -> bool:
    """Whether any document has a text; where none has, no search pays for looking into them."""
    global _known
    if not _known[1] and time.monotonic() - _known[0] > _ASK_AGAIN:
        texts = apps.get_model("partnerships", "DocumentText").objects
        _known = (time.monotonic(), texts.filter(state=TextState.DONE).exists())
    return _known[1]


def forget_texts() -> None:
    """Let the next search look whether there are texts: this process has just read one."""
    global _known
    _known = (0.0, False)
