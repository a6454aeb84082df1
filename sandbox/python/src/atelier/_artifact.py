"""What has a name and versions, as people use it."""

import os

from . import _cache, _server, _session
from ._errors import AtelierError, NotFound
from ._files import walk
from ._http import Http, at
from ._types import Version


class Artifact:
    """A dataset or a model at a version: the one that was asked for, or the newest."""

    #: What one of them is called, also in addresses.
    _word = ""
    #: Whether `atelier data` knows them.
    _by_program = False

    def __init__(self, server, http, names, wanted):
        self._server = server
        self._http = http
        self._names = names
        self._wanted = wanted
        organization, project, name = names
        self._address = ("organizations", organization, "projects", project, f"{self._word}s", name)
        self._found = None

    @classmethod
    def _named(cls, name, version, project):
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
                raise ValueError(f"which project? Write acme/churn/{name}, or set ATELIER_PROJECT to acme/churn")
            names = (*project.split("/"), name)
        if len(names) != 3 or not all(names):
            raise ValueError(f"{'/'.join(names)!r} is no {cls._word}; write it as organization/project/{cls._word}")
        wanted = said or (None if version is None else str(version))
        return cls(server, http, names, wanted)

    def __repr__(self):
        version = f"@{self._wanted}" if self._wanted else ""
        return f"atelier.{self._word}({'/'.join(self._names) + version!r})"

    @property
    def name(self):
        return self._names[2]

    @property
    def version(self):
        """The version whose files this gives. It stays the same, whatever is committed meanwhile."""
        if self._found is None:
            told = self._http.json("GET", at(*self._address, "versions", self._wanted or self._unsaid()))
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

    def _unsaid(self):
        """Which version is meant if none was asked for."""
        return "latest"

    def _create(self):
        try:
            self._http.json("GET", at(*self._address))
        except NotFound:
            made = self._http.json("POST", at(*self._address[:-1]), {"name": self.name})
            if made["slug"] != self.name:
                where = "/".join((*self._names[:2], made["slug"]))
                raise AtelierError(f"The {self._word} was made as {where}; commit to that.") from None

    def _tag(self, tag, number):
        return self._http.json("PUT", at(*self._address, "tags", tag), {"number": number})

    def _here(self):
        """Where the version is on this machine, if it is."""
        cached = _cache.folder(self.version.root)
        return cached if cached.is_dir() else None
