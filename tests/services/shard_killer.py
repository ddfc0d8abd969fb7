"""Kills a run at each of its steps in turn, each time in a folder of its own, and runs it again to the end.

    python -m tests.services.shard_killer PICTURES FOLDER

A step is a flush to disk or a rename: what lies on the disk changes there. It prints how many steps there are; folder
`FOLDER/N` is what the run that was killed before its step N and its repetition left behind, `FOLDER/whole` what a run
that nothing happened to did.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa

from mma_desktop.services.batch.sharding.parts import summarise
from tests.services.shard_fakes import predicted


def run(pictures: Path, out: Path) -> None:
    predicted(out, pictures, size=24)
    summarise(out)


def killed_at(step: int) -> Callable[[], int]:
    """Have this process killed before its n-th step (0: never); returns what counts the steps."""
    count = 0

    def stepped(function: Callable[..., Any]) -> Callable[..., Any]:
        def take(*arguments: Any) -> Any:
            nonlocal count
            count += 1
            if count == step:
                os.kill(os.getpid(), signal.SIGKILL)
            return function(*arguments)

        return take

    os.fsync = stepped(lambda _: None)  # what a process wrote outlives it without
    Path.replace = stepped(Path.replace)  # type: ignore[method-assign]
    return lambda: count


def in_child(work: Callable[[], int]) -> int:
    """Run in a process of its own; the code it exits with, negative for a signal."""
    child = os.fork()
    if child == 0:
        try:
            os._exit(work())
        finally:
            os._exit(99)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def main() -> None:
    pictures, folder = Path(sys.argv[1]), Path(sys.argv[2])
    pa.array([1])  # looks for pandas: once here, not in each child

    def whole() -> int:
        count = killed_at(0)
        run(pictures, folder / "whole")
        return count()

    def again(out: Path) -> int:
        killed_at(0)
        run(pictures, out)
        return 0

    steps = in_child(whole)
    for step in range(1, steps + 1):
        out = folder / str(step)

        def killed(step: int = step, out: Path = out) -> int:
            killed_at(step)
            run(pictures, out)
            return 0

        assert in_child(killed) == -signal.SIGKILL
        assert in_child(lambda out=out: again(out)) == 0  # type: ignore[misc]
    sys.stdout.write(f"{steps}\n")


if __name__ == "__main__":
    main()
