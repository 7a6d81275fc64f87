"""How fast the pictures of /explore/ are drawn, beside the list of the same agreements.

    DATA_DIR=/tmp/entente-bench .venv/bin/python -m benchmarks.pictures

Asks the registry of ``DATA_DIR``, as ``benchmarks.run`` or ``make_synthetic`` left it, for every picture in
several drawings and with two dozen questions each, one at a time over HTTP and each twice, as the first has
to read from the disk. It prints, of the second, the milliseconds of the median and of the 95th of 100, their
ratio to the list with the same question, the largest page in kB as sent, and how many were refused because
they took too long (503).
"""

import argparse
import gzip
import os
import statistics
import time
import urllib.error
import urllib.request
from http import HTTPStatus
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

#: A year, a kind, countries, an interval, words: what visitors narrow by; ``{…}`` are drawn from the data.
QUESTIONS = (
    "", "country=KR", "country=GB", "country=US", "country=GB&country=FR", "together=GB,KR", "within=KR",
    "type=exchange", "type=memorandum_of_understanding", "status=in_force", "status=ended&type=exchange",
    "activity=joint_research", "year=2019", "year=2024&country=US", "focus_area={area}",
    "focus_area={other_area}&country=DE", "institution={busiest}", "institution={another}",
    "signed_after=2015&signed_before=2018", "in_force_on=2020-06-30", "end_year=2025", "q=university",
    "q=energy+country:KR",
)  # fmt: skip
LIST = "/agreements/"
PICTURES = {
    "map": ("", "at=KR", "view=10,50,3", "view=127,37.5,6"),
    "network": (
        "",
        "nodes=countries",
        "size=150",
        "size=500",
        "around={busiest}",
        "around={busiest}&depth=2",
    ),
    "timeline": ("", "by=country"),
    "matrix": ("", "rows=subject&columns=year", "rows=type&columns=status"),
    "trends": ("", "by=subject"),
}


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--only", help="pictures, with commas")
    parser.add_argument("--slowest", type=int, default=0, help="say which so many took longest")
    options = parser.parse_args()

    from config.commands import database_for

    with database_for(["manage.py", "migrate"]):
        import django

        django.setup()
        from benchmarks import processes, report

        port = processes.free_port()
        log = Path(os.environ["DATA_DIR"]) / "bench-pictures.log"
        with processes.running(processes.ours(port), port, log):
            print(f"{number_of_agreements():,} agreements; {report.machine()}", flush=True)
            measure(f"http://127.0.0.1:{port}", options)


def measure(address: str, options: argparse.Namespace) -> None:
    """Ask, and print a line for each drawing."""
    values = drawn_values()
    questions = [one.format(**values) for one in QUESTIONS]
    baseline, slowest = {}, []
    for question in questions:
        fetched(f"{address}{LIST}?{question}")
        baseline[question], size = fetched(f"{address}{LIST}?{question}")
        slowest.append((baseline[question], f"{LIST}?{question}", size))
    print(f"{'drawing':<34}{'p50':>8}{'p95':>8}{'× list':>8}{'kB':>7}{'refused':>9}")
    print(f"{'list':<34}{told(list(baseline.values()))}{1:>8.1f}")
    for picture in options.only.split(",") if options.only else PICTURES:
        for way in PICTURES[picture]:
            way = way.format(**values)
            times, sizes = {}, []
            for question in questions:
                path = f"/explore/{picture}/?{'&'.join(filter(None, (question, way)))}"
                fetched(address + path)
                times[question], size = fetched(address + path)
                sizes.append(size)
                slowest.append((times[question], path, size))
            ratio = statistics.median(times[one] / baseline[one] for one in questions)
            title = f"{picture} {way.replace(values['busiest'], '…')}"
            last = f"{ratio:>8.1f}{max(sizes) / 1000:>7.0f}{sizes.count(0):>9}"
            print(f"{title:<34}{told(list(times.values()))}{last}", flush=True)
    for seconds, path, size in sorted(slowest, reverse=True)[: options.slowest]:
        print(f"{seconds * 1000:>8.0f} ms  {path}{'' if size else '  refused'}")


def told(times: list[float]) -> str:
    """The median and the 95th of 100, in milliseconds."""
    return f"{statistics.median(times) * 1000:>8.0f}{statistics.quantiles(times, n=20)[-1] * 1000:>8.0f}"


def fetched(address: str) -> tuple[float, int]:
    """Seconds until a page has arrived whole, and its bytes as sent; none where it took too long.

    Raises:
        RuntimeError: something else went wrong.
    """
    asked = urllib.request.Request(address, headers={"Accept-Encoding": "gzip"})  # noqa: S310
    started = time.perf_counter()
    try:
        with urllib.request.urlopen(asked, timeout=60) as answer:  # noqa: S310
            body = answer.read()
    except urllib.error.HTTPError as error:
        if error.code != HTTPStatus.SERVICE_UNAVAILABLE:
            raise RuntimeError(f"{address} answered {error.code}") from error
        return time.perf_counter() - started, 0
    taken = time.perf_counter() - started
    if b'id="results"' not in gzip.decompress(body):
        raise RuntimeError(f"{address} shows nothing that was found")
    return taken, len(body)


def number_of_agreements() -> int:
    from partnerships.models import Agreement

    return Agreement.objects.count()


def drawn_values() -> dict[str, str]:
    """Two subjects and two institutions: the busiest, and one of the middle."""
    from django.contrib.auth.models import AnonymousUser

    from partnerships.models import FocusArea, Institution

    nobody = AnonymousUser()
    areas = FocusArea.objects.visible_to(nobody).filter(parent=None).order_by("pk")
    parties = Institution.objects.visible_to(nobody).with_agreement_count(nobody).order_by("-agreement_count")
    return {
        "area": areas[0].uid,
        "other_area": areas[1].uid,
        "busiest": parties[0].uid,
        "another": parties[200].uid,
    }


if __name__ == "__main__":
    main()
