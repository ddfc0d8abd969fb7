"""Run as a process of its own: import a folder into a new project, then prepare each picture for the encoder.

Prints what came of it as one line of JSON, with the slowest file and the peak of memory.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from mma_desktop.services.images import importing


def peak_mib() -> float:
    """Most memory of this process; Linux hands the count of `getrusage` on from the process that started it."""
    status = Path("/proc/self/status")
    if status.exists():
        return int(status.read_text().split("VmHWM:")[1].split()[0]) / 1024
    kib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return kib / 1024 / (1024 if sys.platform == "darwin" else 1)


def timed(function: Callable[..., Any], seconds: dict[str, float]) -> Callable[..., Any]:
    def wrapper(path: Path, *rest: Any, **options: Any) -> Any:
        started = time.thread_time()
        try:
            return function(path, *rest, **options)
        finally:
            seconds[path.name] = max(seconds.get(path.name, 0.0), time.thread_time() - started)

    return wrapper


def main(project: Path, pictures: Path) -> None:
    from mma_desktop.core.events import CancelToken
    from mma_desktop.core.types import ImageSpec
    from mma_desktop.media.decoding import decode_file
    from mma_desktop.media.error_messages import ImageError, reason_text
    from mma_desktop.services.image_index import Filter, Show
    from mma_desktop.services.project_factory import create_project

    seconds: dict[str, float] = {}
    importing.read_file = timed(importing.read_file, seconds)
    decode = timed(decode_file, seconds)
    before = peak_mib()
    context = create_project(project)
    importing.import_paths(context, [pictures], CancelToken())
    spec = ImageSpec(224, 224, (0.5,) * 3, (0.5,) * 3)
    refused, good, late = {}, [], {}
    found = [number for show in (Show.ALL, Show.PROBLEMS) for number in context.select(Filter(show)).tolist()]
    for row in context.project.image_rows(sorted(set(found))):
        if row.problem is not None:
            refused[row.path.name] = [row.problem.value, reason_text(row.reason)]
            continue
        good.append(row.path.name)
        try:
            decode(row.path, spec, row.content_hash)
        except ImageError as error:
            late[row.path.name] = reason_text(error.reason)
    context.close()
    slowest = max(seconds, key=lambda name: seconds[name], default="")
    sys.stdout.write(
        json.dumps(
            {
                "files": len(seconds),
                "good": good,
                "refused": refused,
                "late": late,
                "slowest": [slowest, seconds.get(slowest, 0.0)],
                "peak_mib": peak_mib(),
                "before_mib": before,
            }
        )
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
