"""Versions on this machine: each is fetched once, whole, and then only read."""

import os
import shutil
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from . import _program
from ._files import walk
from ._http import at
from ._progress import Progress

_AT_ONCE = 8
#: What a version is called while it is not whole.
_DRAFT = ".draft"


def folder(root):
    """Where the files of this root are, or will be."""
    base = os.environ.get("XDG_CACHE_HOME")
    base = Path(base) if base and os.path.isabs(base) else Path.home() / ".cache"
    return base / "atelier" / root


def fill(artifact, version):
    """Fetches a version unless it is there, and gives its folder."""
    whole = folder(version.root)
    if whole.is_dir():
        return whole
    draft = whole.with_name(whole.name + _DRAFT)
    draft.mkdir(parents=True, exist_ok=True)
    program = artifact._by_program and _program.find(artifact._server)
    try:
        if program:
            # It proves each file by its hashes.
            target = f"{'/'.join(artifact._names)}@{version.number}"
            _program.run(program, artifact._server, "pull", target, str(draft), "--delete")
        else:
            _download(artifact, version, draft)
        os.rename(draft, whole)
    except OSError:
        # Another process was at it too, and was first.
        if not whole.is_dir():
            raise
        shutil.rmtree(draft, ignore_errors=True)
    return whole


def _download(artifact, version, draft):
    progress = Progress("Fetched", version.bytes)
    files = walk(artifact._http, artifact._address, version.number)
    with tempfile.TemporaryDirectory(dir=draft.parent, prefix=".parts-") as parts:
        try:
            with ThreadPoolExecutor(_AT_ONCE) as pool:
                for _ in pool.map(lambda file: _fetch(artifact, version, file, draft, parts, progress), files):
                    pass
        finally:
            progress.end()


def _fetch(artifact, version, file, draft, parts, progress):
    """Writes a file apart and moves it to its place when it is whole. The server gives out no bytes but those
    whose hash it has proved; here their number is looked at."""
    place = draft / file.path
    if place.is_file() and place.stat().st_size == file.bytes:
        progress.add(file.bytes)
        return
    place.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=parts, delete=False) as part:

        def write(data):
            part.write(data)
            progress.add(len(data))

        path = at(*artifact._address, "versions", version.number, "content", path=file.path)
        artifact._http.stream(path, file.bytes, write)
    os.chmod(part.name, 0o555 if file.executable else 0o444)
    os.replace(part.name, place)
