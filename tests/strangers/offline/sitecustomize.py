"""On a child's path: any attempt to reach another machine is written down and refused, in its children as well.

Python tells its audit hooks of every connection and every look-up, whichever library asks for it.
"""

import os
import socket
import sys

ASKS = ("socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto", "socket.sendmsg")


def _refuse(event: str, given: tuple[object, ...]) -> None:
    if event not in ASKS or getattr(given[0], "family", None) == getattr(socket, "AF_UNIX", -1):
        return
    with open(os.environ["MMA_ASKED"], "a", encoding="utf-8") as handle:  # noqa: PTH123 - before anything is imported
        handle.write(f"{event} {given[1:] if event.startswith('socket.connect') else given!r}\n")
    raise OSError(f"no network in this test: {event}")


sys.addaudithook(_refuse)
