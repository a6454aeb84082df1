"""How far something is, on standard error: one line that is written over."""

import sys
import threading
import time

#: Seconds from one line to the next.
_EVERY = 1


class Progress:
    """Shows nothing of what takes less than a second."""

    def __init__(self, verb, bytes_in_all):
        self._verb = verb
        self._all = bytes_in_all
        self._come = 0
        self._begun = self._shown = time.monotonic()
        self._written = False
        self._lock = threading.Lock()
        self._wanted = sys.stderr is not None and (sys.stderr.isatty() or "ipykernel" in sys.modules)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.end()

    def add(self, count):
        with self._lock:
            self._come += count
            now = time.monotonic()
            if self._wanted and now - self._shown >= _EVERY:
                self._shown = now
                speed = self._come / (now - self._begun)
                self._write(f"{self._verb} {_size(self._come)} of {_size(self._all)}, {_size(speed)}/s")

    def end(self):
        with self._lock:
            if self._written:
                self._write("")
                sys.stderr.write("\r")
                sys.stderr.flush()

    def _write(self, text):
        self._written = True
        sys.stderr.write("\r" + text.ljust(60))
        sys.stderr.flush()


def _size(count):
    for unit in ("B", "kB", "MB", "GB"):
        if count < 1000:
            return f"{count:.0f} B" if unit == "B" else f"{count:.1f} {unit}"
        count /= 1000
    return f"{count:.1f} TB"
