"""The whole job reaches no other machine, and its log holds neither pictures nor labels.

The hub library's own offline switch is off here: nothing but the program itself keeps it from asking.
"""

from __future__ import annotations

import base64
import os
import re
import shutil
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
SECRET = ("quokka-zyx", "vellichor-zyx")
"""Class names that nothing else would say."""


class Child:
    """Runs Python with every way to another machine closed and noted."""

    def __init__(self, folder: Path) -> None:
        self.noted = folder / "asked.txt"
        path = os.pathsep.join(map(str, (Path(__file__).with_name("offline"), REPOSITORY)))
        self.env = {name: value for name, value in os.environ.items() if name != "TRANSFORMERS_OFFLINE"}
        self.env |= {
            "HF_HUB_OFFLINE": "0",
            "PYTHONPATH": path,
            "MMA_ASKED": str(self.noted),
            "QT_QPA_PLATFORM": "offscreen",
        }

    def run(self, *arguments: str, seconds: float = 300) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, *arguments]
        return subprocess.run(
            command, env=self.env, cwd=REPOSITORY, capture_output=True, text=True, check=False, timeout=seconds
        )

    def asked(self) -> str:
        return self.noted.read_text("utf-8") if self.noted.exists() else ""


@pytest.fixture
def child(tmp_path: Path) -> Child:
    return Child(tmp_path)


@pytest.mark.parametrize(
    "code",
    [
        "import socket; socket.create_connection(('192.0.2.1', 80), 1)",
        "import socket; socket.getaddrinfo('example.org', 80)",
        "import urllib.request; urllib.request.urlopen('http://192.0.2.1/', timeout=1)",
        "import socket; socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'x', ('192.0.2.1', 9))",
        "import os, sys; os.system(f'{sys.executable} -c \"import socket; socket.getaddrinfo(str(0), 80)\"')",
    ],
)
def test_an_attempt_would_be_seen(child: Child, code: str) -> None:
    child.run("-c", code, seconds=30)
    assert child.asked().startswith("socket.")


JOB = textwrap.dedent(
    """
    import sys
    from mma_desktop.__main__ import main
    from mma_desktop.core.logging import start_logging
    from mma_desktop.engine.backbones import loading
    from tests.warm_starter import warm_load
    loading.load_backbone = warm_load(loading.load_backbone)
    start_logging()
    images, out = sys.argv[1:]
    adapter = f"{out}/a.safetensors"
    fast = ["--device", "cpu", "--shots", "4", "--max-epochs", "3", "--json", f"{out}/m.json"]
    assert main(["train", images, "--out", adapter, "--base-fraction", "1", *fast]) == 0
    assert main(["evaluate", adapter, images, "--device", "cpu"]) == 0
    assert main(["predict", adapter, images, "--device", "cpu", "--out", f"{out}/p.csv"]) == 0
    assert main(["backbones"]) == 0
    """
)


def log_text() -> str:
    folder = Path(os.environ["XDG_STATE_HOME"]) / "mma-desktop"
    return "".join(path.read_text("utf-8") for path in folder.rglob("*.log*"))


def check_log(text: str, pictures: list[bytes]) -> None:
    """No class name, no bytes of a picture in any writing, and no rows of numbers."""
    assert "mma_desktop" in text, "there is a log"
    for name in SECRET:
        assert name not in text
    for data in pictures:
        for start in (0, len(data) // 2):
            part = data[start : start + 24]
            assert base64.b64encode(part)[:24].decode() not in text
            assert part.hex() not in text
            assert repr(part)[2:-1] not in text
    assert not re.search(r"(-?\d+(\.\d+)?(e-?\d+)?[,\s\]\[]+){8}", text), "no arrays"
    assert not re.search(r"[A-Za-z0-9+/]{120}|[0-9a-f]{100}|(\\x[0-9a-f]{2}){8}", text), "no bytes"
    assert max(map(len, text.splitlines())) < 1000


def test_a_log_with_content_would_be_seen() -> None:
    good = "2026-01-01 INFO mma_desktop.x: all well"
    check_log(good, [])
    for bad in (SECRET[0], "[0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9]", "ab" * 50, "x" * 2000, "\\xff" * 9):
        with pytest.raises(AssertionError):
            check_log(f"{good}\n{bad}\n", [])
    with pytest.raises(AssertionError):
        check_log(good + base64.b64encode(bytes(range(48))).decode(), [bytes(range(48))])


def test_the_headless_job(child: Child, sample_pictures: Path, tmp_path: Path) -> None:
    images, out = tmp_path / "images", tmp_path / "out"
    out.mkdir()
    for name, source in zip(SECRET, sorted(sample_pictures.iterdir()), strict=False):
        (images / name).mkdir(parents=True)
        for file in sorted(source.iterdir())[:6]:
            shutil.copy(file, images / name)
    (images / SECRET[0] / "broken.jpg").write_bytes(b"\xff\xd8\xff" + b"broken" * 9)
    done = child.run("-c", JOB, str(images), str(out))
    assert done.returncode == 0, done.stderr
    assert child.asked() == ""
    assert (out / "p.csv").is_file()
    check_log(log_text(), [path.read_bytes() for path in images.rglob("*.jpg")])


@pytest.mark.slow
def test_the_job_in_the_window(child: Child) -> None:
    test = "tests/ui/test_whole_job.py::test_the_whole_job"
    done = child.run("-m", "pytest", "-q", "-p", "no:cacheprovider", test, seconds=600)
    assert done.returncode == 0, done.stdout[-3000:]
    assert "1 passed" in done.stdout
    assert child.asked() == ""
