"""Which server, and who asks it."""

import json
import os
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from ._errors import NotSignedIn


@dataclass(frozen=True)
class Server:
    url: str
    token: str | None
    #: A session asks: no token, and one project.
    inside: bool


def current():
    """The server that variables, the session or ``atelier login`` name, in this order."""
    url = os.environ.get("ATELIER_URL")
    inside = os.environ.get("ATELIER_API")
    if inside and not url:
        return Server(inside.rstrip("/"), None, True)
    kept = _kept()
    url = url or kept.get("default")
    if not url:
        raise NotSignedIn("Which server? Run `atelier login URL`, or set ATELIER_URL and ATELIER_TOKEN.")
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError(f"{url!r} is no address of a server; write it as https://atelier.example.org")
    url = f"{parts.scheme}://{parts.netloc.lower()}"
    token = os.environ.get("ATELIER_TOKEN") or kept.get("servers", {}).get(url, {}).get("token")
    if not token:
        raise NotSignedIn(f"No access token is kept for {url}. Run `atelier login {url}`, or set ATELIER_TOKEN.")
    return Server(url, token, False)


def _kept():
    """What ``atelier login`` wrote."""
    folder = os.environ.get("XDG_CONFIG_HOME")
    base = Path(folder) if folder and os.path.isabs(folder) else Path.home() / ".config"
    try:
        return json.loads((base / "atelier" / "servers.json").read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
