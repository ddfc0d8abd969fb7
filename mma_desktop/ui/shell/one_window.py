"""One window for each user: a second start hands over what it was given, and the first window comes to the front."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtNetwork import QLocalServer, QLocalSocket

from mma_desktop.core import paths

ANSWER_MS = 1000
MOST_BYTES = 65_536


def _name() -> str:
    """The name of the socket: one for each folder of settings, so that tests and other users have their own."""
    return f"mma-desktop-{hashlib.sha256(os.fsencode(paths.config_dir())).hexdigest()[:24]}"


def hand_over(target: Path | None, *, sample: bool) -> bool:
    """Give what is to be opened to a window that is open already; return whether there is one."""
    socket = QLocalSocket()
    socket.connectToServer(_name())
    if not socket.waitForConnected(ANSWER_MS):
        return False
    given = "" if target is None else os.fsencode(paths.full_path(target)).hex()
    socket.write(json.dumps({"open": given, "sample": sample}).encode() + b"\n")
    return socket.waitForBytesWritten(ANSWER_MS) and socket.waitForReadyRead(ANSWER_MS)


class FirstWindow(QObject):
    """Tells what later starts are given: a path or None, and whether the sample is wanted."""

    def __init__(self, asked: Callable[[Path | None, bool], None], parent: QObject) -> None:
        super().__init__(parent)
        self._asked = asked
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._connected)
        QLocalServer.removeServer(_name())  # that nobody listens is known: a crashed window leaves its socket behind
        self._server.listen(_name())

    def close(self) -> None:
        self._server.close()

    def _connected(self) -> None:
        socket = self._server.nextPendingConnection()

        def read() -> None:
            if not socket.canReadLine():
                if socket.bytesAvailable() > MOST_BYTES:
                    socket.abort()
                return
            try:
                asked = json.loads(bytes(socket.readLine().data()))
                target = Path(os.fsdecode(bytes.fromhex(asked["open"]))) if asked["open"] else None
                sample = bool(asked["sample"])
            except (ValueError, KeyError, TypeError):
                socket.abort()
                return
            socket.write(b"ok\n")
            socket.flush()
            self._asked(target, sample)

        socket.readyRead.connect(read)
        socket.disconnected.connect(socket.deleteLater)
