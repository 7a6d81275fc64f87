"""Jobs: services that take longer than a page may, repeated by a worker until they are done.

The queue only says *when*. What is left to do stands in the registry's tables, so a job whose
worker was killed is found there and handed over again; every job may run twice.
"""

from collections.abc import Callable

from django_tasks import task

from partnerships.services.importing.working import left_undone, work_on

#: Each looks for work that is due and hands it over, and returns how much. It is called by
#: ``manage.py serve`` every minute, and by ``manage.py run_due`` where a timer does that.
DUE: list[Callable[[], int]] = []


def hand_over_due() -> int:
    """Hand over to the worker what is due now; return how many jobs that were."""
    return sum(look() for look in DUE)


@task()
def work_on_import(key: int) -> None:
    """Bring an import to where a person is asked again."""
    work_on(key)


def hand_over_imports() -> int:
    """Hand over imports whose job died."""
    keys = left_undone()
    for key in keys:
        work_on_import.enqueue(key)
    return len(keys)


DUE.append(hand_over_imports)
