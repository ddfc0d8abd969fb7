"""Does a frozen build do its work where there is no Python? Prints what it found, and its size and start times.

    python packaging/smoke_test.py dist/mma-desktop

It runs the build with an empty environment and an empty home: its version, the sample job without a window (pictures,
training, an adapter), predictions with that adapter, its exports and a benchmark, so that each library which the build
carries is used once; and the window, opened and closed: under Xvfb where it and xdotool are installed, which see the
window, else on Qt's offscreen platform. It also opens on a German system.
"""

from __future__ import annotations

import csv
import os
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

SECONDS = 600
STARTS = 3
DISPLAY = ":97"


def environment(home: Path) -> dict[str, str]:
    """Nothing of this environment but a home of its own."""
    return {"HOME": str(home), "PATH": str(home / "no-programs"), "LANG": "C.UTF-8", "HF_HUB_OFFLINE": "1"}


def run(program: Path, home: Path, *words: str) -> str:
    """One command of the build; its standard output."""
    done = subprocess.run(
        [program, *words], env=environment(home), cwd=home, capture_output=True, text=True, timeout=SECONDS, check=False
    )
    if done.returncode != 0:
        sys.exit(f"{' '.join(words)} ended with {done.returncode}:\n{done.stdout}\n{done.stderr}")
    return done.stdout


def check_sample(program: Path, home: Path) -> None:
    """The main job, and a prediction with what it trained."""
    started = time.monotonic()
    run(program, home, "sample", "--headless", str(home / "out"))
    adapters = list((home / "out").rglob("*.safetensors"))
    assert adapters, "the sample job wrote no adapter"
    pictures = sorted((home / "out").rglob("*.jpg"))[:5]
    assert len(pictures) == 5, "the sample job left no pictures"
    some = home / "some"
    some.mkdir()
    for picture in pictures:
        shutil.copy(picture, some)
    table = home / "predictions.csv"
    run(program, home, "predict", str(adapters[0]), str(some), "--out", str(table))
    with table.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    assert len(rows) == 6, rows
    print(f"sample job and a prediction: {time.monotonic() - started:.1f} s")


def check_libraries(program: Path, home: Path) -> None:
    """What needs a library that nothing before has loaded; each export compares what it wrote with the classifier."""
    adapter, some = next((home / "out").rglob("*.safetensors")), home / "some"
    for form in ("onnx", "torch-export"):
        run(program, home, "export", form, str(adapter), str(home / f"model-{form}"))
    run(program, home, "predict", str(adapter), str(some), "--out", str(home / "shards"), "--shard-size", "4")
    classes, out = next((home / "out").rglob("*.jpg")).parents[1], home / "benchmark"
    methods = ("--methods", "zero-shot,linear-probe", "--shots", "2", "--seeds", "1")
    run(program, home, "benchmark", str(classes), *methods, "--out", str(out))
    assert list(out.glob("*.png")), "the benchmark drew nothing"
    print("exports, shards and a benchmark: done")


def open_window(program: Path, home: Path, display: bool) -> float:
    """Open the window and close it as Ctrl+C does; seconds until it was seen (nan where nobody can see it)."""
    env = environment(home) | ({"DISPLAY": DISPLAY} if display else {"QT_QPA_PLATFORM": "offscreen"})
    started = time.monotonic()
    with subprocess.Popen([program], env=env, cwd=home, stderr=subprocess.PIPE, text=True) as process:
        seen = float("nan")
        if display:
            seek = ["xdotool", "search", "--sync", "--onlyvisible", "--name", "^mma-desktop"]
            subprocess.run(seek, env={**os.environ, "DISPLAY": DISPLAY}, check=True, timeout=60, capture_output=True)
            seen = time.monotonic() - started
        time.sleep(3)
        assert process.poll() is None, f"the window did not stay: {process.communicate()[1]}"
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=60)
        assert process.returncode == 0, errors
    return seen


def check_language(program: Path, home: Path) -> None:
    """A German system gets a German window: the build has our texts and Qt's."""
    env = environment(home) | {"LANG": "de_DE.UTF-8", "QT_QPA_PLATFORM": "offscreen"}
    wanted, logged = "language de, numbers as in de_DE", ""
    until = time.monotonic() + 60
    with subprocess.Popen([program], env=env, cwd=home) as process:
        while wanted not in logged and process.poll() is None and time.monotonic() < until:
            time.sleep(0.2)
            logged = "".join(path.read_text("utf-8") for path in home.rglob("mma-desktop.log"))
        time.sleep(3)  # it shows its window, and hears Ctrl+C
        process.send_signal(signal.SIGINT)
        assert process.wait(60) == 0
    assert wanted in logged, logged
    assert "there is no translation" not in logged, logged
    print("window: opened in German")


def check_window(program: Path, home: Path) -> None:
    """Start it a few times."""
    if not (shutil.which("Xvfb") and shutil.which("xdotool")):
        open_window(program, home, display=False)
        print("window: opened and closed (offscreen)")
        return
    with subprocess.Popen(["Xvfb", DISPLAY, "-screen", "0", "1280x800x24"], stderr=subprocess.DEVNULL) as screen:
        try:
            time.sleep(1)
            times = [open_window(program, home, display=True) for _ in range(STARTS + 1)]
        finally:
            screen.terminate()
    print(f"window seen after {times[0]:.1f} s the first time, then {statistics.median(times[1:]):.1f} s (median)")


def main() -> None:
    """Run every check."""
    build = Path(sys.argv[1]).resolve()
    program = build / f"mma-desktop{'.exe' if sys.platform == 'win32' else ''}"
    size = sum(path.stat().st_size for path in build.rglob("*") if path.is_file() and not path.is_symlink())
    print(f"size: {size / 2**20:,.0f} MiB")
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        print(run(program, home, "--version").strip())
        check_sample(program, home)
        check_libraries(program, home)
        check_window(program, home)
        check_language(program, home)


if __name__ == "__main__":
    main()
