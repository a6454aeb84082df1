"""JupyterLab behind Atelier.

It listens on the container's own loopback; the platform's channel is the only way in, and who may use
it was decided there. So there is no second password here.
"""

import os
import site

# Python looks there only if it exists when a kernel starts: without it, the first package that a person
# installs from a notebook could not be imported before the kernel is restarted.
os.makedirs(site.getusersitepackages(), exist_ok=True)

c = get_config()  # noqa: F821

c.ServerApp.ip = "127.0.0.1"
c.ServerApp.port = 8888
c.ServerApp.port_retries = 0
c.ServerApp.open_browser = False
c.ServerApp.root_dir = "/work"
# Requests carry the session's own host name, not localhost.
c.ServerApp.allow_remote_access = True
c.IdentityProvider.token = ""
c.PasswordIdentityProvider.hashed_password = ""
c.PasswordIdentityProvider.allow_password_change = False
c.ServerApp.terminals_enabled = True
c.ServerApp.terminado_settings = {"shell_command": ["/bin/bash"]}
# The platform stops what is idle, and knows more about it.
c.ServerApp.shutdown_no_activity_timeout = 0
c.ServerApp.quit_button = False
# A chatty cell is the person's own choice.
c.ZMQChannelsWebsocketConnection.iopub_data_rate_limit = 1e9
c.ZMQChannelsWebsocketConnection.iopub_msg_rate_limit = 1e5
# JupyterLab sends files in chunks; these bound one request.
c.ServerApp.max_body_size = 1 << 30
c.ServerApp.max_buffer_size = 1 << 30
# The trash would be in the home folder: another file system than /work.
c.FileContentsManager.delete_to_trash = False
# Nothing is asked of the internet by itself.
c.LabApp.check_for_updates_class = "jupyterlab.NeverCheckForUpdate"
c.LabApp.news_url = None
c.LabApp.extension_manager = "readonly"
