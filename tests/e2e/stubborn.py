"""A process that does not hear SIGTERM and whose own child keeps its pipes: `python -m tests.e2e.stubborn`."""

import os
import signal
import sys

from bot.child import ready

if __name__ == "__main__":
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    if os.fork() == 0:
        sys.stdin.read()  # until its end
        os._exit(0)
    ready(ready=True)
    signal.pause()
