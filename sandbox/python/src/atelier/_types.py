"""What the server tells, as Python has it."""

from dataclasses import dataclass
from datetime import datetime, timezone


@dataclass(frozen=True)
class Version:
    """A version of a dataset."""

    number: int
    message: str
    author: str
    created_at: datetime
    tags: tuple[str, ...]
    files: int
    bytes: int
    #: Names what it holds: versions with equal files have the same.
    root: str

    @staticmethod
    def _of(told):
        return Version(
            number=told["number"],
            message=told["message"],
            author=told["author_name"],
            created_at=datetime.fromtimestamp(told["created_at"] / 1000, timezone.utc),
            tags=tuple(told["tags"]),
            files=told["files"],
            bytes=told["bytes"],
            root=told["root"],
        )


@dataclass(frozen=True)
class File:
    """A file of a version."""

    #: In the version, as ``raw/2026/events.csv``.
    path: str
    bytes: int
    executable: bool
    #: Names what it holds: equal files have the same.
    content: str
