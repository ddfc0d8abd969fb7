"""The program, Python with it, and C libraries beneath it, in processes of their own."""

from __future__ import annotations

import http.server
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from mma_desktop import __main__

ROOT = Path(__file__).resolve().parents[1]
START = "import sys\nfrom mma_desktop.__main__ import main\nif __name__ == '__main__':\n    sys.exit(main())\n"
"""What a package installer writes as the command `mma-desktop`."""
UNCOMPILED = f"""import sys
if {{"predict", "benchmark"}} & {{*sys.argv}}:
    from mma_desktop.engine.backbones.backbone import Backbone
    Backbone.compiled = False
{START}"""
"""As `START`, but torch runs the network: compiling it takes seconds, which are not what most tests look at."""


def environment(**more: str | Path) -> dict[str, str]:
    """That of this process, ours among what is imported, and more."""
    return {**os.environ, "PYTHONPATH": str(ROOT), **{name: str(value) for name, value in more.items()}}


def python(*words: str | Path, **how: object) -> subprocess.CompletedProcess[str]:
    """Run Python from the root of the tree; what it said, as text unless `how` says otherwise."""
    told: dict[str, object] = {"env": environment(), "cwd": ROOT, "text": True, "timeout": 400}
    if "stdout" not in how and "stderr" not in how:
        told["capture_output"] = True
    return subprocess.run([sys.executable, *map(os.fsencode, words)], check=False, **{**told, **how})  # type: ignore[call-overload, no-any-return]


def main_code(*words: object) -> int:
    """Run a command in this process; its exit code."""
    try:
        return __main__.main([str(one) for one in words])
    except SystemExit as stop:
        return int(stop.code or 0)


@contextmanager
def served(handler: type[http.server.BaseHTTPRequestHandler]) -> Iterator[str]:
    """The address of a server on this machine."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, name="served")
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def preloaded(name: str, folder: Path) -> str:
    """Build `tests/disk/NAME.c` into a folder; the file that LD_PRELOAD takes. Skips where that cannot be."""
    compiler = shutil.which("cc") or shutil.which("gcc")
    if not sys.platform.startswith("linux") or compiler is None:
        pytest.skip("this needs Linux and a C compiler")
    library, source = folder / f"{name}.so", ROOT / "tests" / "disk" / f"{name}.c"
    subprocess.run([compiler, "-shared", "-fPIC", "-O1", "-o", library, source, "-ldl"], check=True)
    return str(library)
