"""A scanner that speaks as clamd does: what it is sent it keeps, what it says is given."""

import socket
import struct
import threading

FOUND = b"stream: Eicar-Test-Signature FOUND\0"
CLEAN = b"stream: OK\0"


class Clamd(threading.Thread):
    """`answer(data)` gives the words of each scan; `end()` and nobody answers any more."""

    def __init__(self, answer):
        super().__init__(daemon=True)
        self.answer, self.held = answer, []
        self.door = socket.create_server(("127.0.0.1", 0))
        self.address = f"tcp://127.0.0.1:{self.door.getsockname()[1]}"

    def run(self):
        while True:
            try:
                line, _ = self.door.accept()
            except OSError:
                return
            with line, line.makefile("rb") as said:
                assert said.read(10) == b"zINSTREAM\0"
                data = b""
                while size := struct.unpack("!I", said.read(4))[0]:
                    data += said.read(size)
                self.held.append(data)
                line.sendall(self.answer(data))

    def end(self):
        if self.door.fileno() >= 0:
            self.door.shutdown(socket.SHUT_RDWR)
            self.door.close()
