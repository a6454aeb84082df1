"""The program ``atelier``, if it is at hand: it cuts files into chunks, which Python is too slow for."""

import json
import os
import shutil
import subprocess

from ._errors import AtelierError

#: See `atelier data --help`.
_BROKEN_OFF = 130


def find(server):
    """Where it is. A session has no token that it could use."""
    return None if server.inside else shutil.which("atelier")


def run(program, server, *words):
    """Runs ``atelier data`` and gives what it says as JSON."""
    environment = {**os.environ, "ATELIER_URL": server.url, "ATELIER_TOKEN": server.token}
    command = [program, "data", *words, "--json"]
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    if done.returncode == _BROKEN_OFF:
        raise KeyboardInterrupt
    if done.returncode:
        raise AtelierError(done.stderr.strip().removeprefix("atelier: "))
    return json.loads(done.stdout)
