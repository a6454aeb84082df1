"""A file of a version, read in parts."""

import io

_FIRST = 256 << 10
_MOST = 8 << 20


class RangeReader(io.RawIOBase):
    """Asks for what is read and somewhat more; the more, the longer it is read without a jump."""

    def __init__(self, fetch, length, name, progress):
        super().__init__()
        self._progress = progress
        self._fetch = fetch
        self._length = length
        self.name = name
        self._at = 0
        self._begin, self._held = 0, b""
        self._ahead = _FIRST

    def readable(self):
        return True

    def seekable(self):
        return True

    def tell(self):
        return self._at

    def seek(self, offset, whence=io.SEEK_SET):
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._length}[whence]
        if base + offset < 0:
            raise ValueError("a place before the beginning of the file")
        self._at = base + offset
        return self._at

    def close(self):
        self._progress.end()
        super().close()

    def readinto(self, target):
        wanted = min(len(target), self._length - self._at)
        if wanted <= 0:
            return 0
        offset = self._at - self._begin
        if not 0 <= offset < len(self._held):
            follows = self._at == self._begin + len(self._held)
            self._ahead = min(self._ahead * 2, _MOST) if follows else _FIRST
            end = min(self._length, self._at + max(wanted, self._ahead))
            self._begin, self._held, offset = self._at, self._fetch(self._at, end), 0
            self._progress.add(len(self._held))
        part = self._held[offset : offset + wanted]
        target[: len(part)] = part
        self._at += len(part)
        return len(part)
