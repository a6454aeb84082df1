"""Datasets as people use them."""

import io
import os
import tempfile
from functools import partial
from pathlib import Path

from . import _commit, _frames, _session
from ._artifact import Artifact
from ._errors import NotFound
from ._http import at
from ._progress import Progress
from ._reader import RangeReader
from ._types import Version

_BLOCK = 1 << 20


def dataset(name, version=None, *, project=None):
    """A dataset: ``customers``, ``acme/churn/customers`` or either with ``@12``, ``@latest`` or ``@production``.

    In a session a name alone is one of the session's project, at the version that the session was started with.
    Elsewhere ``project`` or ``ATELIER_PROJECT`` says where a name alone belongs, as ``acme/churn``.
    """
    return Dataset._named(name, version, project)


class Dataset(Artifact):
    """A dataset at a version: the one that was asked for, else the one that the session was started with, else the
    newest."""

    _word = "dataset"
    _by_program = True

    def open(self, name, mode="rb", **options):
        """A file of the version, read in parts: only what is read comes over the network."""
        return self._open(name, mode, None, **options)

    def _open(self, name, mode="rb", progress=None, **options):
        if mode not in ("r", "rt", "rb"):
            raise ValueError("versions never change; read with mode 'r' or 'rb', and write by .commit()")
        here = self._here()
        if here:
            return open(_within(here, name), mode, **options)
        path = at(*self._address, "versions", self.version.number, "content", path=name)
        length, _ = self._http.head(path)
        progress = progress or Progress("Read", length)
        raw = RangeReader(lambda start, end: self._http.read(path, start, end), length, name, progress)
        buffered = io.BufferedReader(raw, _BLOCK)
        return buffered if mode == "rb" else io.TextIOWrapper(buffered, **{"encoding": "utf-8", **options})

    def pandas(self, name=None, **options):
        """A table as a frame of pandas: a file, all tables of a folder, or all of the version. ``options`` go to
        ``read_csv``, ``read_parquet`` or ``read_json``."""
        return self._frame(_frames.pandas, name, options)

    def polars(self, name=None, **options):
        """The same as a frame of polars."""
        return self._frame(_frames.polars, name, options)

    def commit(self, source, message="", *, name=None, replace=False, create=False, tag=None):
        """Makes a file, a folder or a frame a new version, and gives it.

        Files that the newest version has and ``source`` has not stay, unless ``replace``. ``name`` is the file that
        a frame becomes (``customers.parquet`` if not said), or the folder that files go to. ``create`` makes the
        dataset if there is none, ``tag`` is pointed to the new version.
        """
        if create:
            self._create()
        if _frames.is_frame(source):
            told = self._commit_frame(source, message, name or f"{self.name}.parquet", replace)
        elif _commit.is_path(source):
            told = _commit.commit(self, source, message, replace, name)
        else:
            raise TypeError(f"a {type(source).__name__} is neither a path nor a frame of pandas or polars")
        if tag:
            told = self._tag(tag, told["number"])
        return Version._of(told)

    def _commit_frame(self, frame, message, name, replace):
        into, _, file = name.strip("/").rpartition("/")
        with tempfile.TemporaryDirectory(prefix="atelier-") as folder:
            path = os.path.join(folder, file)
            _frames.write(frame, path)
            return _commit.commit(self, path, message, replace, into)

    def _frame(self, read, name, options):
        files, kind = self._tables(name)
        with Progress("Read", sum(file.bytes for file in files)) as progress:
            return read(files, kind, partial(self._open, progress=progress), options)

    def _tables(self, name):
        name = name and name.strip("/")
        if name and _frames.kind_of(name):
            files = [file for file in self.files(os.path.dirname(name)) if file.path == name]
            if not files:
                raise NotFound(f"{name} is not in version {self.version.number}", "not-found", 404)
        else:
            files = self.files(name)
        return _frames.chosen(files, name)

    def _started_with(self):
        """Which version of it the session was started with, if it was, and where that is."""
        if not self._server.inside:
            return None
        told = _session.about(self._http)
        if self._names[:2] != (told["organization"], told["project"]):
            return None
        return next((data for data in told["data"] if data["dataset"] == self.name), None)

    def _unsaid(self):
        started = self._started_with()
        return started["number"] if started else super()._unsaid()

    def _here(self):
        started = self._started_with()
        # Another version has other files: the folder is of one root, and of no other.
        if started and started["path"] and (self._wanted is None or self.version.root == started["root"]):
            mounted = Path(started["path"])
            if mounted.is_dir():
                return mounted
        return super()._here()


def _within(folder, name):
    path = os.path.normpath(os.path.join(folder, name))
    if not path.startswith(f"{folder}{os.sep}"):
        raise NotFound(f"{name} is not in the version", "not-found", 404)
    return path
