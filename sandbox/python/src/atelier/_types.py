"""What the server tells, as Python has it."""

from dataclasses import dataclass, field
from datetime import datetime, timezone


@dataclass(frozen=True)
class Version:
    """A version of a dataset or a model."""

    number: int
    message: str
    author: str
    created_at: datetime
    tags: tuple[str, ...]
    files: int
    bytes: int
    #: Names what it holds: versions with equal files have the same.
    root: str
    #: Numbers that it scored.
    metrics: dict[str, float] = field(default_factory=dict)
    #: What was chosen before it was made.
    parameters: dict[str, str] = field(default_factory=dict)

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
            metrics=told["metrics"],
            parameters=told["parameters"],
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


@dataclass(frozen=True)
class Saved:
    """What came of saving a session's files."""

    #: The version that was made; ``None`` if there was nothing new.
    number: int | None
    #: Files that others had changed as well, with all that is in both.
    merged: tuple[str, ...]
    #: Files that others had changed in another way: theirs and one's own are both there.
    kept: tuple[str, ...]

    @staticmethod
    def _of(told):
        return Saved(
            number=told["version"],
            merged=tuple(told["merged"]),
            kept=tuple(file["beside"] or file["path"] for file in told["kept"]),
        )
