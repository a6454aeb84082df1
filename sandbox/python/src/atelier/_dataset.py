"""Datasets as people use them."""

import io
import os
import tempfile
from pathlib import Path

from . import _cache, _commit, _frames, _server, _session
from ._errors import AtelierError, NotFound
from ._files import walk
from ._http import Http, at
from ._reader import RangeReader
from ._types import Version

_BLOCK = 1 << 20


def dataset(name, version=None, *, project=None):
    """A dataset: ``customers``, ``acme/churn/customers`` or either with ``@12``, ``@latest`` or ``@production``.

    In a session a name alone is one of the session's project, at the version that the session was started with.
    Elsewhere ``project`` or ``ATELIER_PROJECT`` says where a name alone belongs, as ``acme/churn``.
    """
    name, _, said = name.partition("@")
    if said and version is not None:
        raise ValueError("the version is said twice")
    server = _server.current()
    http = Http(server)
    names = tuple(name.split("/"))
    if len(names) == 1:
        project = project or os.environ.get("ATELIER_PROJECT")
        if not project and server.inside:
            told = _session.about(http)
            project = f"{told['organization']}/{told['project']}"
        if not project:
            raise ValueError("which project? Write acme/churn/customers, or set ATELIER_PROJECT to acme/churn")
        names = (*project.split("/"), name)
    if len(names) != 3 or not all(names):
        raise ValueError(f"{'/'.join(names)!r} is no dataset; write it as organization/project/dataset")
    wanted = said or (None if version is None else str(version))
    return Dataset(server, http, names, wanted)


class Dataset:
    """A dataset at a version: the one that was asked for, else the one that the session was started with, else the
    newest."""

    def __init__(self, server, http, names, wanted):
        self._server = server
        self._http = http
        self._names = names
        self._wanted = wanted
        organization, project, name = names
        self._address = ("organizations", organization, "projects", project, "datasets", name)
        self._found = None

    def __repr__(self):
        version = f"@{self._wanted}" if self._wanted else ""
        return f"atelier.dataset({'/'.join(self._names) + version!r})"

    @property
    def name(self):
        return self._names[2]

    @property
    def version(self):
        """The version whose files this gives. It stays the same, whatever is committed meanwhile."""
        if self._found is None:
            started = self._started_with()
            wanted = self._wanted or (started["number"] if started else "latest")
            told = self._http.json("GET", at(*self._address, "versions", wanted))
            self._found = Version._of(told)
        return self._found

    def versions(self):
        """All versions, the newest first."""
        return [Version._of(told) for told in self._http.pages(*self._address, "versions")]

    def files(self, folder=None):
        """All files, or those below a folder."""
        return list(walk(self._http, self._address, self.version.number, folder and folder.strip("/")))

    def path(self):
        """A folder on this machine with all files of the version, to be read only: what the session has mounted,
        or a copy that is fetched once."""
        return self._here() or _cache.fill(self, self.version)

    def open(self, name, mode="rb", **options):
        """A file of the version, read in parts: only what is read comes over the network."""
        if mode not in ("r", "rt", "rb"):
            raise ValueError("versions never change; read with mode 'r' or 'rb', and write by .commit()")
        here = self._here()
        if here:
            return open(_within(here, name), mode, **options)
        path = at(*self._address, "versions", self.version.number, "content", path=name)
        length, _ = self._http.head(path)
        raw = RangeReader(lambda start, end: self._http.read(path, start, end), length, name)
        buffered = io.BufferedReader(raw, _BLOCK)
        return buffered if mode == "rb" else io.TextIOWrapper(buffered, **{"encoding": "utf-8", **options})

    def pandas(self, name=None, **options):
        """A table as a frame of pandas: a file, all tables of a folder, or all of the version. ``options`` go to
        ``read_csv``, ``read_parquet`` or ``read_json``."""
        return _frames.pandas(*self._tables(name), self.open, options)

    def polars(self, name=None, **options):
        """The same as a frame of polars."""
        return _frames.polars(*self._tables(name), self.open, options)

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
            told = self._http.json("PUT", at(*self._address, "tags", tag), {"number": told["number"]})
        return Version._of(told)

    def _commit_frame(self, frame, message, name, replace):
        into, _, file = name.strip("/").rpartition("/")
        with tempfile.TemporaryDirectory(prefix="atelier-") as folder:
            path = os.path.join(folder, file)
            _frames.write(frame, path)
            return _commit.commit(self, path, message, replace, into)

    def _create(self):
        try:
            self._http.json("GET", at(*self._address))
        except NotFound:
            new = {"name": self.name}
            made = self._http.json("POST", at(*self._address[:-1]), new)
            if made["slug"] != self.name:
                where = "/".join((*self._names[:2], made["slug"]))
                raise AtelierError(f"The dataset was made as {where}; commit to that.") from None

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

    def _here(self):
        """Where the version is on this machine, if it is."""
        started = self._started_with()
        # Another version has other files: the folder is of one root, and of no other.
        if started and started["path"] and (self._wanted is None or self.version.root == started["root"]):
            mounted = Path(started["path"])
            if mounted.is_dir():
                return mounted
        cached = _cache.folder(self.version.root)
        return cached if cached.is_dir() else None


def _within(folder, name):
    path = os.path.normpath(os.path.join(folder, name))
    if not path.startswith(f"{folder}{os.sep}"):
        raise NotFound(f"{name} is not in the version", "not-found", 404)
    return path
