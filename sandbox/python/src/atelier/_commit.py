"""Files become a new version."""

import contextlib
import os
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from . import _program
from ._errors import AtelierError
from ._http import at
from ._progress import Progress

_AT_ONCE = 4


def commit(artifact, source, message, replace, into, facts=None):
    """Gives what the server says of the new version. ``facts`` are its metrics and so on."""
    source = Path(source)
    if not source.exists():
        raise FileNotFoundError(f"{source} is not there")
    program = artifact._by_program and _program.find(artifact._server)
    if program:
        words = ["push", str(source), "/".join(artifact._names), "--message", message]
        words += ["--replace"] if replace else []
        words += ["--into", into] if into else []
        return _program.run(program, artifact._server, *words)
    files = list(_files(source, into))
    if not files and not replace:
        raise ValueError(f"{source} has no files to commit")
    http, address = artifact._http, (*artifact._address, "uploads")
    upload = http.json("POST", at(*address), {"replace": replace}, again=True)["id"]
    try:
        _send(http, (*address, upload), files)
        return http.json("POST", at(*address, upload, "commit"), {"message": message, **(facts or {})}, again=True)
    except BaseException:
        with contextlib.suppress(AtelierError):
            http.json("DELETE", at(*address, upload))
        raise


def _send(http, address, files):
    progress = Progress("Sent", sum(length for _, _, length, _ in files))

    def send(file):
        path, name, length, executable = file
        query = {"path": name, "executable": "true" if executable else None}
        http.put(at(*address, "file", **query), lambda: path.open("rb"), length)
        progress.add(length)

    try:
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            try:
                for _ in pool.map(send, files):
                    pass
            except BaseException:
                pool.shutdown(cancel_futures=True)
                raise
    finally:
        progress.end()


def _files(source, into):
    """Path, name in the version, length, and whether it may be run."""
    top = source.parent if source.is_file() else source
    root = top.resolve()
    for path in [source] if source.is_file() else sorted(source.rglob("*")):
        if path.is_symlink() and not (path.is_file() and path.resolve().is_relative_to(root)):
            print(f"Left out: {path}: the link leads to a folder, out of the tree or nowhere", file=sys.stderr)
        elif path.is_file():
            name = path.relative_to(top).as_posix()
            stat = path.stat()
            yield path, f"{into.strip('/')}/{name}" if into else name, stat.st_size, bool(stat.st_mode & 0o111)
        elif not path.is_dir():
            print(f"Left out: {path}: it is no file", file=sys.stderr)


def is_path(thing):
    return isinstance(thing, str | os.PathLike)
