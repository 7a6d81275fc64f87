"""A snapshot as files in a folder, beside a manifest that names the finished ones."""

import contextlib
import json
import os
from collections.abc import Callable, Iterable
from pathlib import Path

from partnerships.querysets.feed import RESOURCES

from .formats import FORMATS, Digesting
from .still import standing_still

MANIFEST = "manifest.json"


def write_folder(*, folder: Path, kinds: Iterable[str], shown: Callable[[str], str] = str) -> dict:
    """Write every resource in every one of ``kinds``, from one moment; return the manifest.

    The manifest is put in place when all files are there, in one step; who reads it first never meets
    half a snapshot. Files that the one before named are taken away afterwards.

    Args:
        kinds: keys of ``FORMATS``.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for left in folder.glob("*.part"):
        left.unlink(missing_ok=True)
    with standing_still(shown) as still:
        stamp = still.at.strftime("%Y%m%dT%H%M%S%fZ")
        files = [
            _write(folder, still, resource, kind, f"{resource}-{stamp}.{kind}")
            for kind in kinds
            for resource in RESOURCES
        ]
        manifest = still.about | {"files": files}
    before = _named_in(folder)
    with _put(folder / MANIFEST) as file:
        file.write(json.dumps(manifest, indent=2).encode() + b"\n")
    for name in before - {file["name"] for file in files}:
        (folder / name).unlink(missing_ok=True)
    return manifest


def _write(folder: Path, still, resource: str, kind: str, name: str) -> dict:
    with _put(folder / name) as file:
        digesting = Digesting(file)
        rows = FORMATS[kind][0](digesting, still, resource)
    return {
        "name": name,
        "resource": resource,
        "format": kind,
        "rows": rows,
        "bytes": digesting.size,
        "sha256": digesting.digest.hexdigest(),
    }


@contextlib.contextmanager
def _put(path: Path):
    """Open a file that stands under its name once it is complete and on the disk."""
    part = path.with_name(f"{path.name}.part")
    try:
        with part.open("wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def _named_in(folder: Path) -> set[str]:
    """Names of the files of the snapshot before; nothing that could lead out of the folder."""
    try:
        files = json.loads((folder / MANIFEST).read_bytes())["files"]
        return {Path(file["name"]).name for file in files}
    except (OSError, ValueError, KeyError, TypeError):
        return set()
