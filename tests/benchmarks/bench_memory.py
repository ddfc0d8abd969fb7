"""Where the memory of the window goes: this process after each stage from the bare interpreter to a scored sample.

    python tests/benchmarks/bench_memory.py            # the stages
    python tests/benchmarks/bench_memory.py --german   # German names are typed and read in place of the training
    python tests/benchmarks/bench_memory.py --new      # the sample is drawn and its names are read on the way
    python tests/benchmarks/bench_memory.py --imports  # each library alone, in a process of its own
    python tests/benchmarks/bench_memory.py --modules  # the stages, and which packages each has imported

Resident counts all pages in memory, those of files included; proportional divides shared ones among their processes;
private is what would be free if the program ended. In MB; Linux.

Idle with the sample: 438 resident, 414 a minute later, when what nobody asks for was let go; 14 more once a curve is
drawn. With German names 707 while they are read and 510 a minute later. Most of it is torch's import (179), the window
(109 with Qt) and what scoring the sample touches first (90).
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
os.environ.setdefault("HF_HUB_OFFLINE", "1")

LIBRARIES = (
    "numpy",
    "PIL.Image",
    "PySide6.QtWidgets",
    "sqlalchemy",
    "alembic",
    "torch",
    "torch torch._dynamo",
    "torch torchvision",
    "torch timm",
    "torch transformers",
    "torch transformers.models.bert.modeling_bert",
    "torch open_clip",
    "tokenizers",
    "huggingface_hub",
    "matplotlib",
    "pyarrow",
)


def memory() -> dict[str, float]:
    """Of this process, in MB."""
    found: Counter[str] = Counter()
    for line in Path("/proc/self/smaps_rollup").read_text().splitlines()[1:]:
        name, size, _ = line.split()
        found[name.rstrip(":")] = int(size)
    private = found["Private_Clean"] + found["Private_Dirty"]
    return {
        "resident": found["Rss"] / 1024,
        "proportional": found["Pss"] / 1024,
        "private": private / 1024,
        "anonymous": found["Anonymous"] / 1024,
    }


DRAW = """
import sys
from pathlib import Path
from mma_desktop.core.events import CancelToken
from mma_desktop.services.images.sample_project import make_sample
make_sample(Path(sys.argv[1]), CancelToken())
"""


class Stages:
    """Prints a line a stage."""

    def __init__(self, *, modules: bool) -> None:
        self._modules, self._known = modules, set(sys.modules)
        self._last = 0.0
        print(f"{'':30}{'resident':>10}{'more':>8}{'proportional':>14}{'private':>9}{'anonymous':>11}")

    def over(self, name: str) -> None:
        now = memory()
        resident = now["resident"]
        print(
            f"{name:30}{resident:10.0f}{resident - self._last:+8.0f}{now['proportional']:14.0f}{now['private']:9.0f}"
            f"{now['anonymous']:11.0f}",
            flush=True,
        )
        self._last = resident
        if self._modules:
            fresh = Counter(one.split(".")[0] for one in sys.modules if one not in self._known)
            self._known = set(sys.modules)
            print("    " + ", ".join(f"{package} {count}" for package, count in fresh.most_common(12)))


GERMAN = ("Löwenzahn", "Gänseblümchen", "Wasserkrug", "Känguru", "Hubschrauber")


def measure_stages(folder: Path, *, modules: bool, german: bool) -> None:
    stages = Stages(modules=modules)
    stages.over("interpreter")

    from PySide6.QtWidgets import QApplication

    app = QApplication([])
    stages.over("Qt")

    from mma_desktop.core.settings import Settings
    from mma_desktop.ui.shell.application import Application

    stages.over("the window's modules")
    settings = Settings(folder / "config")
    settings.set("projects_folder", str(sample(folder).parent))
    parts = Application(app, settings, None)
    parts.window.resize(1280, 800)
    parts.window.show()
    parts.window.make_pages_soon()
    wait(500)
    stages.over("window")

    __import__("mma_desktop.store.project")
    stages.over("store")
    __import__("torch")
    stages.over("torch")
    parts.warm_up()
    wait_until(lambda: not parts.bridge.jobs())
    stages.over("warmed up")

    controller = parts.controller
    controller.prepare_on_open = False
    parts.window.projects.open_sample()
    wait_until(lambda: controller.context is not None)
    idle(parts)
    stages.over("sample project open")
    context = controller.open_context
    controller.bridge.run("engine", "", lambda token: context.engine.load("starter", "cpu", None, token))
    idle(parts)
    stages.over("starter loaded")
    controller.prepare()
    idle(parts)
    for page in ("label", "check", "use", "test", "label"):
        if page in parts.window.pages:
            parts.window.show_page(page)
            wait(500)
            idle(parts)
    stages.over("sample embedded and scored")
    wait(3_000)
    stages.over("idle")
    wait(75_000)
    stages.over("a minute later")
    if german:
        controller.add_classes(GERMAN)
        idle(parts)
        wait(3_000)
        stages.over("German names read")
        wait(75_000)
        stages.over("a minute later")
    else:
        train(parts)
        idle(parts)
        wait(3_000)
        stages.over("idle after a training")
    os._exit(0)


def sample(folder: Path) -> Path:
    """Where the window looks for the sample project."""
    return folder / "projects" / "Sample.mma"


def idle(parts: object) -> None:
    """Wait for every job, also those that one starts after another."""
    for _ in range(3):
        wait_until(lambda: not parts.bridge.jobs())  # type: ignore[attr-defined]
        wait(1_000)


def train(parts: object) -> None:
    from mma_desktop.core.types import DEFAULT_METHOD
    from mma_desktop.services.training.experiments import Experiment, Trial

    over: list[object] = []
    controller = parts.controller  # type: ignore[attr-defined]
    controller.experiment_finished.connect(over.append)
    controller.run_experiment(Experiment((Trial(DEFAULT_METHOD),), (16,), (0,)))
    wait_until(lambda: bool(over))


def wait(milliseconds: int) -> None:
    """Run the event loop for a while."""
    from PySide6.QtCore import QEventLoop, QTimer

    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


def wait_until(done: Callable[[], bool]) -> None:
    while not done():
        wait(50)


def measure_imports() -> None:
    code = "import sys; sys.path.insert(0, {here!r}); from bench_memory import memory\n"
    code += "for name in {names!r}: __import__(name)\nbefore = memory()\n__import__({last!r})\nafter = memory()\n"
    code += "print(*(round(after[key] - before[key]) for key in ('resident', 'private')), len(sys.modules))"
    print(f"{'':50}{'resident':>10}{'private':>9}{'modules':>9}")
    for names in LIBRARIES:
        *first, last = names.split()
        text = code.format(here=str(Path(__file__).parent), names=first, last=last)
        told = subprocess.run([sys.executable, "-c", text], capture_output=True, text=True, check=True).stdout.split()
        name = f"{last}, after {', '.join(first)}" if first else last
        print(f"{name:50}{told[0]:>10}{told[1]:>9}{told[2]:>9}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--imports", action="store_true", help="measure libraries, each in a process of its own")
    parser.add_argument("--modules", action="store_true", help="say which packages each stage has imported")
    parser.add_argument("--new", action="store_true", help="draw the sample here, not in a process before")
    parser.add_argument("--german", action="store_true", help="type and read German names, and wait a minute")
    given = parser.parse_args()
    if given.imports:
        measure_imports()
        return
    with tempfile.TemporaryDirectory() as name:
        os.environ |= dict.fromkeys(("XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME", "XDG_DATA_HOME"), name)
        if not given.new:
            subprocess.run([sys.executable, "-c", DRAW, str(sample(Path(name)))], check=True)
        measure_stages(Path(name), modules=given.modules, german=given.german)


if __name__ == "__main__":
    main()
