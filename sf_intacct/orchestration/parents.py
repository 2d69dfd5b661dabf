"""A process that was started by another ends with it: what nobody watches any more must not go on sending."""

import ctypes
import os
import signal
import sys
from collections.abc import Callable

_PR_SET_PDEATHSIG = 1


def dying_with(parent: int, sign: signal.Signals = signal.SIGKILL) -> Callable[[], None]:
    """What a child process calls first, so that the kernel sends it `sign` as soon as `parent` is no more.

    Everything is looked up now: between fork and exec nothing may be. On Linux only; elsewhere it does nothing, and
    the lease alone keeps a second sender away.
    """
    if not sys.platform.startswith("linux"):
        return lambda: None
    control = ctypes.CDLL(None, use_errno=True).prctl

    def bind() -> None:
        if sign is not signal.SIGKILL:
            signal.signal(sign, signal.SIG_DFL)  # what runs in the background of a shell ignores interrupts
        control(_PR_SET_PDEATHSIG, int(sign), 0, 0, 0)
        if os.getppid() != parent:  # it died before we asked
            os.kill(os.getpid(), sign)

    return bind


def die_with_parent() -> None:
    """Binds this process to the one that started it. SIGKILL: it may die anywhere, which every step is made for."""
    dying_with(os.getppid())()
