"""Ending with the process that started us, even when it is killed and cannot say so."""

import ctypes
import os
import signal
import sys


def end_with_parent() -> None:
    """Have the kernel stop this process when ``serve`` is killed (Linux only; elsewhere nothing happens)."""
    parent = os.environ.get("ENTENTE_PARENT")
    if not parent or not sys.platform.startswith("linux"):
        return
    ctypes.CDLL(None).prctl(1, signal.SIGTERM, 0, 0, 0)  # PR_SET_PDEATHSIG
    if os.getppid() != int(parent):
        sys.exit(1)
