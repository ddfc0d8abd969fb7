"""A later start finds the window of its own user on its own screen, and nobody else can be asked or ask."""

from __future__ import annotations

import json
import logging
import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QObject, QUrl
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from mma_desktop.core import paths
from mma_desktop.core.errors import UserError
from mma_desktop.ui.base.dropped_images import find_images
from mma_desktop.ui.shell.one_window import InstanceServer, hand_over, socket_place

from .person import Person

pytestmark = pytest.mark.skipif(os.name != "posix", reason="Windows has pipes without folders")
NOBODY = 65_534
needs_users = pytest.mark.skipif(
    sys.platform != "linux" or not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can be another user"
)


@pytest.fixture
def runtime(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The session's own folder, as the system makes it; the path of a socket has 104 bytes at most."""
    with tempfile.TemporaryDirectory() as made:
        monkeypatch.setenv("XDG_RUNTIME_DIR", made)
        yield Path(made)


@pytest.fixture
def asked(qapp: QApplication, runtime: Path) -> Iterator[list[tuple[Path | None, bool]]]:
    """What a listening window was asked to open."""
    parent, heard = QObject(), list[tuple[Path | None, bool]]()
    server = InstanceServer(lambda *given: heard.append(given), parent)
    server.listen()
    yield heard
    server.close()
    parent.deleteLater()


def sent(line: bytes) -> socket.socket:
    client = socket.socket(socket.AF_UNIX)
    client.connect(socket_place())
    client.sendall(line)
    return client


def opening(path: bytes) -> bytes:
    return json.dumps({"open": path.hex(), "sample": False}).encode() + b"\n"


@pytest.mark.parametrize(
    "line",
    [opening(b"/tmp/a\0b"), b"[" * 1000 + b"]" * 1000 + b"\n", b'{"open":' * 1000 + b"0" + b"}" * 1000 + b"\n", b"?\n"],
    ids=["zero byte", "lists in lists", "objects in objects", "no JSON"],
)
def test_what_cannot_be_understood_is_ignored_with_a_line_in_the_log(
    asked: list[object], line: bytes, qtbot: QtBot, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING), sent(line):
        qtbot.waitUntil(lambda: "cannot be understood" in caplog.text)
    with sent(opening(b"/tmp")):
        qtbot.waitUntil(lambda: asked == [(Path("/tmp"), False)])
    assert "Traceback" not in caplog.text


def test_a_dropped_path_with_a_zero_byte_is_ignored_with_a_line_in_the_log(
    person: Person, caplog: pytest.LogCaptureFixture
) -> None:
    data = QMimeData()
    data.setUrls([QUrl("file:///tmp/a%00b.jpg")])
    with caplog.at_level(logging.WARNING):
        person.drop(data, person.window.rect().center())
    (bar,) = person.window.messages.bars
    assert bar.text.startswith("There is no picture in what you dropped")
    assert "zero byte" in caplog.text
    assert "Traceback" not in caplog.text


def test_the_other_dropped_paths_are_taken(tmp_path: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl("file:///tmp/a%00b.jpg"), QUrl.fromLocalFile(str(tmp_path))])
    assert find_images(data, "dropped", datetime(2026, 1, 1)).files == [tmp_path]


def test_the_socket_is_where_only_its_owner_can_enter(runtime: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert Path(socket_place()).parent == runtime
    short = runtime / "t"  # the path of a socket has 104 bytes at most, and pytest's are long
    short.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(short))
    own = short / f"{paths.APP}-{os.geteuid()}"
    runtime.chmod(0o755)
    assert Path(socket_place()).parent == own
    assert own.stat().st_mode & 0o777 == 0o700
    monkeypatch.setenv("XDG_RUNTIME_DIR", "relative")
    assert Path(socket_place()).parent == own


def open_to_all(own: Path) -> None:
    own.mkdir()
    own.chmod(0o755)


def a_link(own: Path) -> None:
    (own.parent / "elsewhere").mkdir(mode=0o700)
    own.symlink_to(own.parent / "elsewhere")


def a_file(own: Path) -> None:
    own.touch()


def of_another(own: Path) -> None:
    own.mkdir(mode=0o700)
    os.chown(own, NOBODY, NOBODY)


@pytest.mark.parametrize("prepare", [open_to_all, a_link, a_file, pytest.param(of_another, marks=needs_users)])
def test_a_folder_that_others_may_have_made_is_not_taken(
    prepare: object, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert callable(prepare)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.delenv("XDG_RUNTIME_DIR", raising=False)
    own = tmp_path / f"{paths.APP}-{os.geteuid()}"
    prepare(own)
    with pytest.raises(UserError, match="not a folder that only you can enter") as refused:
        hand_over(tmp_path, sample=False)
    assert str(own) in str(refused.value)


FOREIGN = """
import os, socket, sys
place, kind = sys.argv[1:]
s = socket.socket(socket.AF_UNIX)
if kind == "asks":
    os.setgid(65534), os.setuid(65534)
    s.connect(place)
    print("there", flush=True)
    try:
        s.sendall(sys.stdin.readline().encode())
        print(s.recv(100), flush=True)
    except OSError:  # it was closed
        pass
else:
    s.bind(place)
    os.setgid(65534), os.setuid(65534)
    s.listen(1)
    print("there", flush=True)
    print(s.accept()[0].recv(100), flush=True)
"""


def another_user(kind: str, place: str) -> subprocess.Popen[str]:
    """Someone who got into the folder of the socket, which root alone can bring about."""
    made = subprocess.Popen(
        [sys.executable, "-c", FOREIGN, place, kind], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert made.stdout is not None
    assert made.stdout.readline() == "there\n"
    return made


@needs_users
def test_another_user_who_listens_is_told_nothing(runtime: Path, tmp_path: Path) -> None:
    other = another_user("listens", socket_place())
    with pytest.raises(UserError, match="belongs to another user"):
        hand_over(tmp_path, sample=False)
    assert other.communicate(timeout=60)[0] == "b''\n"


@needs_users
def test_another_user_who_asks_is_not_heard(
    asked: list[object], runtime: Path, qtbot: QtBot, caplog: pytest.LogCaptureFixture
) -> None:
    place = socket_place()
    runtime.chmod(0o711)
    Path(place).chmod(0o666)
    other = another_user("asks", place)
    with caplog.at_level(logging.WARNING):
        qtbot.waitUntil(lambda: "Another user" in caplog.text)
    assert other.communicate(opening(b"/tmp").decode(), timeout=60)[0] == ""
    assert asked == []


WINDOW = """
import sys
from mma_desktop.__main__ import main
from PySide6.QtCore import QTimer
from mma_desktop.ui.shell import application
from mma_desktop.ui.shell.main_window import MainWindow

class Watched(MainWindow):
    def open_from_outside(self, target, sample=False):
        print("asked", target, flush=True)

    def showEvent(self, event):
        super().showEvent(event)
        QTimer.singleShot(0, lambda: print("shown", [bar.text for bar in self.messages.bars], flush=True))
        if sys.argv[1] == "leave":
            QTimer.singleShot(0, self.close)

application.MainWindow = Watched
application.Application.warm_up = lambda self: None
sys.exit(main(sys.argv[2:]))
"""


def started(*given: str, screen: str) -> subprocess.Popen[str]:
    env = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "DISPLAY": screen}
    env.pop("WAYLAND_DISPLAY", None)
    return subprocess.Popen([sys.executable, "-c", WINDOW, *given], stdout=subprocess.PIPE, text=True, env=env)


def line_of(program: subprocess.Popen[str]) -> str:
    assert program.stdout is not None
    return program.stdout.readline()


def told(program: subprocess.Popen[str]) -> str:
    return program.communicate(timeout=120)[0]


def test_a_window_that_does_not_answer_keeps_no_other_from_opening(
    runtime: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DISPLAY", ":71")
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    with socket.socket(socket.AF_UNIX) as silent:
        silent.bind(socket_place())
        silent.listen(1)
        window = started("leave", screen=":71")
        assert "This is a second window: the one that is open already does not answer" in told(window)
        assert window.returncode == 0


def test_on_another_screen_there_is_another_window(runtime: Path, tmp_path: Path) -> None:
    first = started("stay", screen=":71")
    try:
        assert line_of(first) == "shown []\n"
        elsewhere = started("leave", str(tmp_path), screen=":72")
        assert told(elsewhere) == f"asked {tmp_path}\nshown []\n"
        assert elsewhere.returncode == 0
        there = started("leave", str(tmp_path), screen=":71.0")
        assert told(there) == ""
        assert line_of(first) == f"asked {tmp_path}\n"
    finally:
        first.terminate()
        first.communicate(timeout=120)
