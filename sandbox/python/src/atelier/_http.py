"""Requests, and what is done when the network breaks."""

import contextlib
import http.client
import json
import socket
import ssl
import threading
import time
from urllib.parse import quote, urlsplit

from ._errors import AtelierError, Unreachable, of_problem

_BASE = "/api/v1"
#: Seconds until an answer, or more of it, comes.
_PATIENCE = 120
#: Pauses between attempts, in seconds; a server that is restarted is back by then.
_PAUSES = (0.5, 1, 2, 4, 8, 15, 15, 15)
_LATER = (408, 429, 502, 503, 504)
_BROKEN = (ConnectionError, TimeoutError, socket.gaierror, ssl.SSLError, http.client.HTTPException)


def at(*parts, **query):
    """A path of the API, from its parts and what is asked of it."""
    path = _BASE + "".join("/" + quote(str(part), safe="") for part in parts)
    pairs = [f"{name}={quote(str(value), safe='')}" for name, value in query.items() if value is not None]
    return path + ("?" + "&".join(pairs) if pairs else "")


class Http:
    """Connections to one server, one per thread."""

    def __init__(self, server):
        self._server = server
        self._local = threading.local()
        self._tls = ssl.create_default_context() if server.url.startswith("https:") else None
        # A server that has never answered is not waited for.
        self._reached = False

    def json(self, method, path, body=None, again=None):
        """Does a call. What makes something is not done twice, unless ``again`` says that this is no harm."""
        data = None if body is None else json.dumps(body).encode()
        again = method != "POST" if again is None else again

        def attempt():
            headers = {"Content-Type": "application/json"} if data is not None else {}
            with self._send(method, path, data, headers) as response:
                text = response.read()
            return json.loads(text) if text else None

        return self._patiently(attempt, again)

    def pages(self, *parts, **query):
        """The items of a list that comes in pages."""
        cursor = None
        while True:
            page = self.json("GET", at(*parts, **query, cursor=cursor))
            yield from page["items"]
            cursor = page.get("next")
            if cursor is None:
                return

    def put(self, path, opened, length):
        """Sends a file, which is opened by ``opened()`` for each attempt."""

        def attempt():
            with opened() as file:
                headers = {"Content-Type": "application/octet-stream", "Content-Length": str(length)}
                with self._send("PUT", path, file, headers) as response:
                    response.read()

        self._patiently(attempt, True)

    def read(self, path, start, end):
        """The bytes of a file from ``start`` to before ``end``, or to its end."""
        if start >= end:
            return b""

        def attempt():
            with self._send("GET", path, None, {"Range": f"bytes={start}-{end - 1}"}, good=(416,)) as response:
                if response.status == 416:
                    response.read()
                    return b""
                if response.status != 206 and start > 0:
                    raise Unreachable("Something on the way to the server drops `Range`.")
                wanted = min(response.length, end - start)
                data = response.read(wanted)
            if len(data) < wanted:
                raise http.client.IncompleteRead(data, wanted - len(data))
            return data

        return self._patiently(attempt, True)

    def head(self, path):
        """Length and content name of a file."""

        def attempt():
            with self._send("GET", path, None, {"Range": "bytes=0-0"}, good=(416,)) as response:
                response.read(1)
                told = response.getheader("Content-Range")
                length = told.rpartition("/")[2] if told else response.getheader("Content-Length", "0")
                return int(length), (response.getheader("ETag") or "").strip('"')

        return self._patiently(attempt, True)

    def stream(self, path, length, write):
        """Hands the bytes of a file to ``write`` as they come. What breaks off goes on where it was."""
        come = 0

        def attempt():
            nonlocal come
            with self._send("GET", path, None, {"Range": f"bytes={come}-"} if come else {}) as response:
                if come and response.status != 206:
                    raise Unreachable("Something on the way to the server drops `Range`.")
                while come < length:
                    data = response.read(min(1 << 20, length - come))
                    if not data:
                        raise http.client.IncompleteRead(b"")
                    write(data)
                    come += len(data)

        if length:
            self._patiently(attempt, True, lambda: come)

    def _patiently(self, attempt, again, achieved=lambda: 0):
        """Tries until it is done; ``achieved`` says how far it came, and each step has its own patience."""
        tries, before = 0, achieved()
        while True:
            unsent = [True]
            try:
                self._local.unsent = unsent
                return attempt()
            except AtelierError:
                raise
            except _BROKEN as error:
                self.close()
                failure, safe = Unreachable(f"{self._server.url} does not answer: {error!r}"), again or unsent[0]
                safe = safe and not isinstance(error, ssl.SSLCertVerificationError)
            except _Later as later:
                failure, safe = later.error, again
            if achieved() > before:
                tries, before = 0, achieved()
            if not safe or tries >= (len(_PAUSES) if self._reached else 2):
                raise failure
            time.sleep(_PAUSES[tries])
            tries += 1

    def _send(self, method, path, body, headers, good=()):
        """A good answer, to be read to its end or closed."""
        connection = self._connection()
        if self._server.token:
            headers["Authorization"] = "Bearer " + self._server.token
        headers["Host"] = urlsplit(self._server.url).netloc
        headers["User-Agent"] = "atelier-python"
        if connection.sock is None:
            connection.connect()
        self._local.unsent[0] = False
        # Who refuses a body may say why before it has come to its end.
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            connection.request(method, path, body, headers)
        response = connection.getresponse()
        self._reached = True
        if response.status < 300 or response.status in good:
            return _Answer(self, response)
        with _Answer(self, response):
            text = response.read()
        try:
            problem = json.loads(text)
        except ValueError:
            problem = {}
        error = of_problem(response.status, problem)
        raise _Later(error) if response.status in _LATER else error

    def _connection(self):
        connection = getattr(self._local, "connection", None)
        if connection is None:
            parts = urlsplit(self._server.url)
            host = parts.hostname
            # Names below localhost are this machine, which many resolvers do not know.
            where = "127.0.0.1" if host.endswith(".localhost") and self._tls is None else host
            if self._tls is None:
                connection = http.client.HTTPConnection(where, parts.port, timeout=_PATIENCE)
            else:
                connection = http.client.HTTPSConnection(where, parts.port, timeout=_PATIENCE, context=self._tls)
            self._local.connection = connection
        return connection

    def close(self):
        """Ends this thread's connection."""
        connection = getattr(self._local, "connection", None)
        if connection is not None:
            connection.close()
            self._local.connection = None


class _Later(Exception):
    """The server asks to come again."""

    def __init__(self, error):
        super().__init__(str(error))
        self.error = error


class _Answer:
    """An answer whose connection is used again only if it was read to its end."""

    def __init__(self, client, response):
        self._client = client
        self._response = response

    def __enter__(self):
        return self._response

    def __exit__(self, *_):
        if not self._response.isclosed():
            self._client.close()
