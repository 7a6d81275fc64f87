"""``make contract``: write down what the API promises from now on; later changes are held to it.

What is broken is refused, unless the major version of the contract was raised.
"""

import sys
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path

import yaml

from tests.contract.promises import broken, parse, promises_of, written

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "contract"
HEAD = """\
# What the API promised when it was last released; a test holds every change to it.
# `make contract` writes this file; README.md beside it says how to read it.
"""


def describe() -> dict:
    """The description as it is generated now; a warning is an error."""
    from django.core.management import call_command

    out = StringIO()
    call_command("spectacular", fail_on_warn=True, stdout=out)
    # The quick one of libyaml, where it is there; as safe as the other.
    return yaml.load(out.getvalue(), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506


def contract(version: str) -> Path:
    """The file of the contract with the major version of ``version``."""
    return FOLDER / f"v{version.partition('.')[0]}.txt"


def main() -> int:
    import django

    django.setup()
    document = describe()
    version, now = document["info"]["version"], promises_of(document)
    path = contract(version)
    if path.exists():
        faults = broken(parse(path.read_text())[1], now, datetime.now(UTC).date())
        if faults:
            sys.stderr.write("\n".join([*faults, "Nothing was written: see docs/contract/README.md.\n"]))
            return 1
    path.write_text(HEAD + written(version, now))
    sys.stdout.write(f"{path.name}: {len(now)} promises of version {version}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
