"""``atelier://acme/churn/customers@12/raw/x.csv`` for fsspec, and so for pandas, dask, pyarrow and others.

Without ``@…`` it is the newest version. It is read only: versions never change.
"""

from concurrent.futures import ThreadPoolExecutor

from fsspec.spec import AbstractBufferedFile, AbstractFileSystem

from . import _server
from ._errors import Conflict, NotFound
from ._files import listed
from ._http import Http, at
from ._progress import Progress

_AT_ONCE = 8


class AtelierFileSystem(AbstractFileSystem):
    protocol = "atelier"
    root_marker = ""

    def __init__(self, **options):
        super().__init__(**options)
        self._http = Http(_server.current())

    def ls(self, path, detail=True, **_):
        place = self._strip_protocol(path)
        words = place.split("/")
        if len(words) == 2:
            entries = [self._folder(f"{place}/{told['slug']}") for told in self._datasets(*words)]
        else:
            address, version, within = self._parse(place)
            try:
                found = listed(self._http, address, version, within)
                entries = [self._entry(f"{place}/{told['name']}", told) for told in found]
            except (Conflict, NotFound):
                # A file, or nothing.
                entries = [self._info(place, address, version, within)]
        return entries if detail else [entry["name"] for entry in entries]

    def info(self, path, **_):
        place = self._strip_protocol(path)
        words = place.split("/")
        if len(words) == 2:
            # Absent, it says so.
            next(iter(self._datasets(*words)), None)
        if len(words) <= 2:
            return self._folder(place)
        address, version, within = self._parse(place)
        if not within:
            self._http.json("GET", at(*address, "versions", version))
            return self._folder(place)
        return self._info(place, address, version, within)

    def cat_file(self, path, start=None, end=None, **_):
        place = self._strip_protocol(path)
        address, version, within = self._parse(place)
        content = at(*address, "versions", version, "content", path=within)
        if start is None or start < 0 or end is None or end < 0:
            length = self._http.head(content)[0]
            start = max(0, length + start) if start is not None and start < 0 else start or 0
            end = length if end is None else max(0, length + end) if end < 0 else end
        return self._http.read(content, start, end)

    def cat_ranges(self, paths, starts, ends, max_gap=None, on_error="return", **options):
        many = lambda value: value if isinstance(value, list | tuple) else [value] * len(paths)  # noqa: E731

        def one(path, start, end):
            try:
                return self.cat_file(path, start, end)
            except Exception as error:
                if on_error == "return":
                    return error
                raise

        with ThreadPoolExecutor(_AT_ONCE) as pool:
            return list(pool.map(one, paths, many(starts), many(ends)))

    def ukey(self, path):
        info = self.info(path)
        return info.get("content") or info["name"]

    def _open(self, path, mode="rb", block_size=None, **options):
        if mode != "rb":
            raise ValueError("versions never change; write by atelier.dataset(…).commit(…)")
        address, version, within = self._parse(path)
        if not version.isdigit():
            # What is read in parts must be the same version all the time.
            version = str(self._http.json("GET", at(*address, "versions", version))["number"])
        content = at(*address, "versions", version, "content", path=within)
        size, _ = self._http.head(content)
        return AtelierFile(self, path, content=content, mode=mode, block_size=block_size or "default", size=size, **options)

    def _parse(self, place):
        """Where in the API a path is."""
        organization, project, name, *within = [*place.split("/"), "", ""][: max(3, place.count("/") + 1)]
        name, _, version = name.partition("@")
        if not (organization and project and name):
            raise NotFound(f"{place!r} names no dataset; write atelier://organization/project/dataset/file", "not-found", 404)
        address = ("organizations", organization, "projects", project, "datasets", name)
        return address, version or "latest", "/".join(within)

    def _datasets(self, organization, project):
        return self._http.pages("organizations", organization, "projects", project, "datasets")

    def _info(self, place, address, version, within):
        try:
            length, content = self._http.head(at(*address, "versions", version, "content", path=within))
        except (Conflict, NotFound):
            if any(True for _ in listed(self._http, address, version, within)):
                return self._folder(place)
            raise
        return {"name": place, "type": "file", "size": length, "content": content}

    def _entry(self, path, told):
        if told["kind"] == "folder":
            return self._folder(path)
        return {"name": path, "type": "file", "size": told["bytes"], "content": told["content"]}

    @staticmethod
    def _folder(path):
        return {"name": path, "type": "directory", "size": 0}


class AtelierFile(AbstractBufferedFile):
    """Blocks are fetched as they are needed; fsspec's cache decides which."""

    def __init__(self, fs, path, content, **options):
        super().__init__(fs, path, **options)
        self._content = content
        self._progress = Progress("Read", self.size)

    def close(self):
        self._progress.end()
        super().close()

    def _fetch_range(self, start, end):
        part = self.fs._http.read(self._content, start, min(end, self.size))
        self._progress.add(len(part))
        return part
