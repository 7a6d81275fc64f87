"""Delivering for as long as a worker runs, beside its jobs: an import of an hour holds up no webhook."""

import logging
import threading

from django.db import Error, connection

from .delivering import deliver

logger = logging.getLogger("entente.webhooks")

#: How often the worker looks whether something is to be delivered, in seconds.
PAUSE = 0.5


def keep_delivering(stop: threading.Event) -> None:
    """Deliver what is due, again and again, until ``stop`` is set."""
    while not stop.wait(PAUSE):
        try:
            connection.close_if_unusable_or_obsolete()
            deliver(stop=stop)
        except Error:
            logger.exception("Webhooks could not be delivered; this is tried again.")
            connection.close()
            stop.wait(5)
        except Exception:
            logger.exception("Webhooks could not be delivered; this is tried again in a while.")
            stop.wait(30)
