"""The program on a machine that refuses things, in a process of its own; see `test_refusing_machines.py`.

    python -m tests.strangers.refused REFUSALS window PROJECT PICTURES
    python -m tests.strangers.refused REFUSALS commands '[["predict", …], …]'

REFUSALS is a list with commas: "passwd" (nobody knows this user), "temporary" (no folder for temporary files),
"engine" (the window loads no backbone) and "compiling" (torch runs the network, which saves seconds). All else is set
up from outside. What happened is printed as JSON.
"""

from __future__ import annotations

import json
import pwd
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

SECONDS = 120


def refuse(what: list[str]) -> None:
    if "passwd" in what:

        def nobody(*_who: object) -> Any:
            raise KeyError("nobody is called so")

        pwd.getpwuid = pwd.getpwnam = nobody  # type: ignore[assignment]
    if "compiling" in what:
        from mma_desktop.engine.backbones.backbone import Backbone

        Backbone.compiled = False
    if "temporary" in what:
        tempfile._candidate_tempdir_list = lambda: ["/nowhere at all"]  # type: ignore[attr-defined]


def commands(lines: list[list[str]]) -> dict[str, Any]:
    from mma_desktop.__main__ import main

    if [line[0] for line in lines[:2]] == ["train", "predict"]:  # the first loads the backbone, the second need not
        from mma_desktop.engine.backbones import loading
        from tests.warm_starter import warm_load

        loading.load_backbone = warm_load(loading.load_backbone)
    codes = []
    for line in lines:
        try:
            codes.append(main(line))
        except SystemExit as error:
            codes.append(int(error.code or 0))
    return {"codes": codes}


def window(project: Path, pictures: Path, *, engine: bool) -> dict[str, Any]:
    """Make a project in a window, import, label, change a setting, and close."""
    from PySide6.QtCore import QEventLoop, QTimer

    from mma_desktop.__main__ import main as main_of_program
    from mma_desktop.ui.shell import application
    from mma_desktop.ui.shell.application import CrashReporter

    told: dict[str, Any] = {"bugs": []}
    CrashReporter.report = lambda _self, title, error: told["bugs"].append(f"{title}: {error!r}")  # type: ignore[method-assign]

    def wait(done: Callable[[], bool], what: str) -> None:
        loop, look, started = QEventLoop(), QTimer(), time.monotonic()
        look.timeout.connect(lambda: loop.quit() if done() or time.monotonic() - started > SECONDS else None)
        look.start(20)
        loop.exec()
        look.stop()
        if not done():
            raise TimeoutError(what)

    def use(parts: application.Application) -> None:
        shown, controller = parts.window, parts.controller
        told["notices"] = [bar.text for bar in shown.messages.bars]
        shown.settings.set("embed_on_import", False)
        controller.prepare_on_open = engine
        shown.projects.create(project)
        wait(lambda: controller.context is not None, "no project was opened")
        context = controller.open_context
        controller.import_paths([pictures])
        count = len(list(pictures.iterdir()))
        wait(lambda: len(context.index.columns.ids) == count, "nothing was imported")
        wait(lambda: not controller.bridge.busy(), "it does not come to rest")
        ids = context.index.columns.ids.tolist()
        context.project.add_classes(["lemon", "mug"])
        controller.assign(ids, context.classes[0].id)
        wait(lambda: bool(context.index.columns.labelled.all()), "nothing was labelled")
        told["thumbnails"] = sum(context.thumbnail(row) is not None for row in context.project.image_rows(ids))
        shown.settings.set("theme", "dark")
        told["theme"], told["recent"] = shown.settings.get("theme"), [str(one) for one in shown.settings.recent()]
        told["later"] = [bar.text for bar in shown.messages.bars]
        wait(lambda: not controller.bridge.busy(), "it does not come to rest")
        shown.close()

    class Used(application.Application):
        def warm_up(self) -> None:
            """In place of what takes seconds."""
            try:
                use(self)
            except Exception as error:  # noqa: BLE001 - whatever it is, the test shall hear of it
                told["bugs"].append(repr(error))
                self._app.exit(3)

    application.Application = Used  # type: ignore[misc]
    told["code"] = main_of_program([])
    return told


def main() -> None:
    refusals, what, *rest = sys.argv[1:]
    refused = refusals.split(",")
    refuse(refused)
    if what == "commands":
        told = commands(json.loads(rest[0]))
    else:
        told = window(Path(rest[0]), Path(rest[1]), engine="engine" not in refused)
    sys.stdout.write("\n" + json.dumps(told) + "\n")


if __name__ == "__main__":
    main()
