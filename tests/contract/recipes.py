"""Programs out of the documentation: the fenced blocks of a page, run as one program a language."""

import json
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.contract.served import BASE, Registry

_FENCE = re.compile(r"^```(\w+)([^\n]*)\n(.*?)^```\s*$", re.MULTILINE | re.DOTALL)
#: Between the outputs of two blocks.
MARK = "~~~~ block %d ~~~~"
#: A command that is refused fails, so that a page cannot show one by mistake.
_CURL = 'curl() { command curl --silent --show-error --max-time 30 $FAIL "$@"; }'
PATIENCE = 180


@dataclass
class Block:
    """A fenced block: where it begins, its language, the words after that, its text."""

    line: int
    language: str
    words: frozenset[str]
    text: str
    #: The JSON that stands right below, where some does.
    shown: Any = None


def blocks_of(page: Path) -> list[Block]:
    """The blocks of a page in order, without those that are not to be run."""
    text, found, last = page.read_text(), [], None
    for match in _FENCE.finditer(text):
        language, words, inner = match.groups()
        line = text[: match.start()].count("\n") + 1
        block = Block(line, language, frozenset(words.split()), inner)
        near = last and not text[last[1] : match.start()].strip()
        if language == "json" and near:
            last[0].shown = _json(inner)
        last = (block, match.end())
        if "no-run" not in block.words:
            found.append(block)
    return found


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return None  # shortened with an ellipsis


def program(blocks: list[Block], language: str) -> str:
    """All blocks of one language as one program, which says after each that it is done."""
    lines = [_CURL] if language == "sh" else []
    for number, block in enumerate(blocks):
        if language == "sh":
            lines.append(f"FAIL={'' if 'error' in block.words else '--fail-with-body'}")
        lines.append(block.text)
        mark = MARK % number
        lines.append(
            {"sh": f"echo; echo '{mark}'", "r": f'cat("\\n{mark}\\n")'}.get(language, f'print("\\n{mark}")')
        )
    return "\n".join(lines)


def run(blocks: list[Block], language: str, served: Registry, folder: Path) -> list[str]:
    """Run the blocks of one language; return what each wrote.

    Raises:
        AssertionError: one failed; the message has its line in the page and what was said.
    """
    text = program(blocks, language).replace("http://127.0.0.1:8000", served.address)
    text = text.replace("python manage.py", f"python '{BASE}/manage.py'")
    text = text.replace(".venv/bin/python ", f"'{sys.executable}' ").replace("ent_…", served.tokens["all"])
    script = folder / f"program.{language}"
    script.write_text(text)
    command = {
        "sh": ["bash", "-e", "-u", "-o", "pipefail", str(script)],
        "python": [sys.executable, str(script)],
        "r": ["Rscript", "--vanilla", str(script)],
    }[language]
    environment = served.environment | {"TOKEN": served.tokens["all"], "LC_ALL": "C.UTF-8"}
    if (BASE / "examples").is_dir() and not (folder / "examples").exists():
        (folder / "examples").symlink_to(BASE / "examples")
    done = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, timeout=PATIENCE, check=False
    )
    outputs = re.split(r"\n~~~~ block \d+ ~~~~\n?", done.stdout)
    if done.returncode:
        failed = blocks[min(len(outputs), len(blocks)) - 1]
        raise AssertionError(
            f"line {failed.line}:\n{failed.text}\n{outputs[-1][-2000:]}\n{done.stderr[-2000:]}"
        )
    return outputs


def can_run(language: str) -> bool:
    """Whether this machine has what runs programs in ``language``."""
    return language != "r" or shutil.which("Rscript") is not None


def misses(shown: Any, answered: Any, place: str = "$") -> list[str]:
    """What of the JSON in a page is not in an answer; a page may leave keys out."""
    if isinstance(shown, dict) and isinstance(answered, dict):
        gone = [f"{place}.{key} is not there" for key in shown.keys() - answered.keys()]
        both = shown.keys() & answered.keys()
        return gone + [line for key in both for line in misses(shown[key], answered[key], f"{place}.{key}")]
    if isinstance(shown, list) and isinstance(answered, list) and len(shown) == len(answered):
        pairs = zip(shown, answered, strict=True)
        return [line for i, (one, two) in enumerate(pairs) for line in misses(one, two, f"{place}[{i}]")]
    if isinstance(shown, str) and "…" in shown:
        # What differs from run to run is left out.
        pattern = ".*".join(map(re.escape, shown.split("…")))
        return [] if re.fullmatch(pattern, str(answered)) else [f"{place}: {answered!r}, not {shown!r}"]
    return [] if shown == answered else [f"{place}: {answered!r}, not {shown!r}"]
