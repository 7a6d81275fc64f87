"""Jobs: services that take longer than a page may, repeated by a worker until they are done.

The queue only says *when*. What is left to do stands in the registry's tables, so a job whose
worker was killed is found there and handed over again; every job may run twice.
"""

from collections.abc import Callable

from people.services.presence import sweep_presence

#: Each looks for work that is due and hands it over, and returns how much. It is called by
#: ``manage.py serve`` every minute, and by ``manage.py run_due`` where a timer does that.
DUE: list[Callable[[], int]] = [sweep_presence]


def hand_over_due() -> int:
    """Hand over to the worker what is due now; return how many jobs that were."""
    return sum(look() for look in DUE)
