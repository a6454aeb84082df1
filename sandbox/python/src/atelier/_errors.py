"""What can go wrong, in the server's own words."""


class AtelierError(Exception):
    """Something was not done; the text says why and what to do."""

    def __init__(self, detail, code="", status=0):
        super().__init__(detail)
        #: A word for programs, as ``not-found``.
        self.code = code
        #: The HTTP status; 0 if there was no answer.
        self.status = status

    def __str__(self):
        return str(self.args[0])


class NotSignedIn(AtelierError):
    """There is no access token, or it has ended."""


class Forbidden(AtelierError, PermissionError):
    """One may see it, but not do this."""


class NotFound(AtelierError, FileNotFoundError):
    """It is not there, or not for you to see."""


class Conflict(AtelierError):
    """It does not go with the state of things."""


class Unreachable(AtelierError, ConnectionError):
    """The server does not answer."""


_BY_STATUS = {401: NotSignedIn, 403: Forbidden, 404: NotFound, 409: Conflict, 410: NotFound, 412: Conflict}


def of_problem(status, problem):
    """The error that an answer with this status tells of."""
    detail = problem.get("detail") or f"The answer was {status}, without a reason. Is this an Atelier server?"
    for field in problem.get("fields") or []:
        detail += f"\n  {field['field']}: {field['detail']}"
    granted_by = (problem.get("missing") or {}).get("granted_by")
    if granted_by:
        detail += "\n  It can be granted by " + ", ".join(granted_by) + "."
    return _BY_STATUS.get(status, AtelierError)(detail, problem.get("code", ""), status)
