"""One window for each user and screen: a later start there hands over what it was given.

The socket is in a folder that only its owner can enter, and each side asks the system who the other is. On Windows the
system lets this user alone connect to the window's pipe; who has made a pipe of that name is not asked.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import socket as sockets
import struct
import sys
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QDeadlineTimer, QObject
from PySide6.QtNetwork import QLocalServer, QLocalSocket

from mma_desktop.core import paths
from mma_desktop.core.errors import UserError
from mma_desktop.core.safe_json import parsed_object

log = logging.getLogger(__name__)
ANSWER_MS = 2000  # of the window that is open already; a hanging one must not keep another from starting
MAX_BYTES = 65_536  # of a path that it is sent
ANSWER = b"ok\n"
LONGEST = 103  # bytes of a socket's path, which macOS and Linux (107) limit
_NOBODY = (QLocalSocket.LocalSocketError.ServerNotFoundError, QLocalSocket.LocalSocketError.ConnectionRefusedError)


def socket_place() -> str:
    """The socket of the window on this screen, with these settings; "" if this machine has no place for one.

    Raises:
        UserError: Its place is not safe from others.
    """
    screen = os.environ.get("WAYLAND_DISPLAY") or os.environ.get("DISPLAY", "").removesuffix(".0")
    words = f"{paths.config_dir()}\0{screen}"
    name = f"mma-{hashlib.sha256(os.fsencode(words)).hexdigest()[:16]}"
    if os.name != "posix":
        return name
    folder = paths.private_folder()
    place = "" if folder is None else str(folder / name)
    return place if len(os.fsencode(place)) <= LONGEST else ""


def _is_ours(socket: QLocalSocket) -> bool:
    """Whether the other end belongs to this user, as far as the system tells."""
    if os.name != "posix":
        return True
    with sockets.socket(fileno=os.dup(int(socket.socketDescriptor()))) as end:
        if sys.platform == "linux":
            _process, user, _group = struct.unpack("iII", end.getsockopt(sockets.SOL_SOCKET, sockets.SO_PEERCRED, 12))
        elif sys.platform == "darwin":  # the option LOCAL_PEERCRED of SOL_LOCAL, and `struct xucred`
            _version, user = struct.unpack_from("II", end.getsockopt(0, 1, 76))
        else:
            return True
    return bool(user == os.geteuid())


def hand_over(target: Path | None, *, sample: bool) -> bool:
    """Give what is to be opened to a window that is open already; return whether there is one.

    Raises:
        UserError: Whether there is one cannot be told: what listens is another user's, or does not answer.
    """
    place = socket_place()
    if not place:
        return False
    socket, deadline = QLocalSocket(), QDeadlineTimer(ANSWER_MS)
    left = deadline.remainingTime
    socket.connectToServer(place)
    if not socket.waitForConnected(left()):
        if socket.error() in _NOBODY:
            return False
    elif not _is_ours(socket):
        raise UserError.tr(
            "This is a window of its own: {socket} belongs to another user of this computer. Delete it.", socket=place
        )
    else:
        encoded = "" if target is None else os.fsencode(paths.full_path(target)).hex()
        socket.write(json.dumps({"open": encoded, "sample": sample}).encode() + b"\n")
        while socket.bytesAvailable() < len(ANSWER) and socket.waitForReadyRead(left()):
            pass
        if bytes(socket.readLine().data()) == ANSWER:
            return True
    raise UserError.tr("This is a second window: the one that is open already does not answer. Close one of them.")


class InstanceServer(QObject):
    """Tells what later starts are given: a path or None, and whether the sample is wanted."""

    def __init__(self, asked: Callable[[Path | None, bool], None], parent: QObject) -> None:
        super().__init__(parent)
        self._asked = asked
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._connected)

    def listen(self) -> None:
        """Be found by later starts, else raise UserError; where the machine has no place for a socket, log it."""
        place = socket_place()
        if not place:
            log.warning("There is no place for a socket: a later start will open a window of its own")
            return
        # Nobody listens, or nobody who answers: a crashed window leaves its socket behind.
        QLocalServer.removeServer(place)
        if not self._server.listen(place):
            raise UserError.tr(
                "The next start will not find this window, and opens another one: {socket} could not be made "
                "({reason}).",
                socket=place,
                reason=self._server.errorString(),
            )

    def close(self) -> None:
        self._server.close()

    def _connected(self) -> None:
        socket = self._server.nextPendingConnection()
        socket.disconnected.connect(socket.deleteLater)
        if not _is_ours(socket):
            log.warning("Another user of this computer asked the window to open something; ignored")
            socket.abort()
            return

        def read() -> None:
            # More of the line is on its way, unless it is none of ours.
            if not socket.canReadLine():
                if socket.bytesAvailable() > MAX_BYTES:
                    socket.abort()
                return
            try:
                target, sample = _asked_for(bytes(socket.readLine().data()))
            except (ValueError, KeyError, TypeError) as error:
                log.warning("What the window was asked to open cannot be understood (%s); ignored", error)
                socket.abort()
                return
            socket.write(ANSWER)
            socket.flush()
            self._asked(target, sample)

        socket.readyRead.connect(read)


def _asked_for(line: bytes) -> tuple[Path | None, bool]:
    asked = parsed_object(line)
    path = os.fsdecode(bytes.fromhex(asked["open"]))
    if "\0" in path:
        raise ValueError("a path with a zero byte")
    return Path(path) if path else None, bool(asked["sample"])
