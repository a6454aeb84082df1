"""The files of a version."""

from ._types import File


def listed(http, address, version, folder=None):
    """What is right in a folder, as the server tells it."""
    return http.pages(*address, "versions", version, "files", path=folder or None)


def walk(http, address, version, folder=None):
    """All files below a folder."""
    folders = [folder or None]
    while folders:
        here = folders.pop()
        for entry in listed(http, address, version, here):
            _check(entry["name"])
            path = f"{here}/{entry['name']}" if here else entry["name"]
            if entry["kind"] == "folder":
                folders.append(path)
            else:
                yield File(path, entry["bytes"], entry["executable"], entry["content"])


def _check(name):
    """The server never has other names; who believed it would write elsewhere."""
    if name in ("", ".", "..") or "/" in name or "\0" in name:
        raise ValueError(f"{name!r} is no name of a file")
