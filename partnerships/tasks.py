"""Jobs: services that take longer than a page may, repeated by a worker until they are done.

The queue only says *when*. What is left to do stands in the registry's tables, so a job whose
worker was killed is found there and handed over again; every job may run twice.
"""

from collections.abc import Callable

from django_tasks import task

from partnerships.services.bulk.running import carry_on, forsaken_runs

#: Each looks for work that is due and hands it over, and returns how much. It is called by
#: ``manage.py serve`` every minute, and by ``manage.py run_due`` where a timer does that.
DUE: list[Callable[[], int]] = []


def hand_over_due() -> int:
    """Hand over to the worker what is due now; return how many jobs that were."""
    return sum(look() for look in DUE)


@task()
def carry_on_bulk_run(run_pk: int) -> None:
    """Do what is left to do of a run over many records."""
    carry_on(run_pk)


def hand_over_forsaken_runs() -> int:
    """Hand over runs over many records whose worker was killed."""
    found = forsaken_runs()
    for run_pk in found:
        carry_on_bulk_run.enqueue(run_pk)
    return len(found)


DUE.append(hand_over_forsaken_runs)
