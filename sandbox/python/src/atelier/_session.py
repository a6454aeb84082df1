"""The session that a program runs in."""

from ._http import Http, at
from ._server import current
from ._types import Saved

_told = None


def about(http):
    """What the session is and was started with. It stays the same as long as this process lives."""
    global _told
    if _told is None:
        _told = http.json("GET", at("workload"))
    return _told


def save(message=""):
    """Makes a version of the project's files of what is in ``/work``, as *Save* on the session's page does.

    What others have changed meanwhile is put together with it. What does not go together is kept twice:
    ``kept`` has the paths of those files.
    """
    server = current()
    if not server.inside:
        raise ValueError("there is nothing to save outside of a session")
    http = Http(server)
    told = about(http)
    place = at("organizations", told["organization"], "projects", told["project"], "sessions", told["id"], "save")
    # Done twice, it finds nothing new.
    return Saved._of(http.json("POST", place, {"message": message}, again=True))
