"""The embedded Valkey: the broker, on a socket alone, its queue kept on disk."""

import signal
import socket

from cross.embedded.folders import make_private
from cross.embedded.server import Server


class Valkey(Server):
    name = "Valkey"
    at_death = stop_signal = signal.SIGTERM
    ready_within_seconds = 20

    def __init__(self, program, data, socket_folder, **options):
        super().__init__(data, socket_folder, **options)
        self.program = program
        self.socket = socket_folder / "valkey.sock"

    @property
    def url(self):
        return f"redis+socket://{self.socket}"

    def start(self):
        make_private(self.data, self.account)
        settings = {
            "port": "0",
            "unixsocket": self.socket,
            "unixsocketperm": "700",
            "dir": self.data,
            "daemonize": "no",
            "save": "",
            "appendonly": "yes" if self.durable else "no",
            "appendfsync": "everysec",
            "maxmemory-policy": "noeviction",  # a full broker says so, it never drops a message
        }
        args = [self.program]
        for name, value in settings.items():
            args += [f"--{name}", str(value)]
        self.launch(args)

    def is_ready(self):
        with socket.socket(socket.AF_UNIX) as client:
            client.settimeout(1)
            try:
                client.connect(str(self.socket))
                client.sendall(b"PING\r\n")
                return client.recv(16).startswith(b"+PONG")
            except OSError:  # not listening yet
                return False
