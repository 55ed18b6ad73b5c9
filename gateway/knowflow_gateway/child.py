"""Becomes another program which the kernel kills when the parent ends, however that happens.

Run as a script: `python child.py PARENT_PID PROGRAM ARGUMENT...`. A script rather than `preexec_fn`, because code
between fork and exec can deadlock in a parent with threads.
"""

import ctypes
import os
import signal
import sys

_PR_SET_PDEATHSIG = 1


def main(parent: int, program: str, *arguments: str) -> None:
    """Tie this process to its parent and become the program."""
    if sys.platform == "linux":
        # The kernel keeps the wish across exec.
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    # The parent may have ended before the wish was told.
    if os.getppid() == parent:
        os.execv(program, [program, *arguments])  # noqa: S606 - no shell is wanted


if __name__ == "__main__":
    main(int(sys.argv[1]), *sys.argv[2:])
