"""List what a screen reader finds in the running program, page by page, and what it could not say.

On Debian: `apt-get install xvfb dbus at-spi2-core python3-pyatspi`; then, with the system's Python, which has pyatspi:

    dbus-run-session -- xvfb-run -a /usr/bin/python3 tests/benchmarks/screen_reader.py .venv/bin/mma-desktop OUT.txt

It opens the sample project in a home of its own, goes through the pages by the actions of their tabs, writes the tree
of roles, names and states to OUT.txt, and ends with 1 if a control in sight has no name.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pyatspi  # type: ignore[import-not-found]

PAGES = (
    ("page tab", "Home"),
    ("page tab", "Label"),
    ("page tab", "Use"),
    ("page tab", "Check"),
    ("button", "Experiments"),
)
"""What is pressed, one after the other."""
CONTROLS = {
    "check box", "combo box", "entry", "list", "list item", "menu", "menu item", "page tab", "page tab list",
    "push button", "push button menu", "button", "radio button", "slider", "spin button", "table", "tree", "tree table",
}  # fmt: skip
WAIT_S = 120


def until(found: Callable[[], Any], what: str) -> Any:
    """Wait for a result that is true.

    Raises:
        TimeoutError: It did not come in time.
    """
    end = time.monotonic() + WAIT_S
    while time.monotonic() < end:
        result = found()
        if result:
            return result
        time.sleep(0.3)
    raise TimeoutError(f"no {what} within {WAIT_S} s")


def below(node: Any, depth: int = 0) -> Iterator[tuple[int, Any]]:
    """Go through what is shown, each with its depth; of a long list or table, the first 30 items."""
    yield depth, node
    for at in range(min(node.childCount, 30)):
        child = node.getChildAtIndex(at)
        if child is not None and child.getState().contains(pyatspi.STATE_VISIBLE):
            yield from below(child, depth + 1)


def program() -> Any:
    """Return the program's window on the desktop, if it is there."""
    desktop = pyatspi.Registry.getDesktop(0)
    for app in desktop:
        if app is not None and app.name == "mma-desktop" and app.childCount:
            return app.getChildAtIndex(0)
    return None


def find(window: Any, role: str, name: str) -> Any:
    return next((one for _, one in below(window) if one.getRoleName() == role and one.name == name), None)


def press(node: Any) -> None:
    node.queryAction().doAction(0)


def page_texts(window: Any) -> tuple[list[str], list[str]]:
    """Return a line for each part in sight, and those of the controls that have no name."""
    lines, nameless = [], []
    for depth, node in below(window):
        role, states = node.getRoleName(), node.getState()
        marks = [
            one
            for one in ("focused", "selected", "checked")
            if states.contains(getattr(pyatspi, f"STATE_{one.upper()}"))
        ]
        line = f"{'  ' * depth}{role} {node.name!r} {' '.join(marks)}".rstrip()
        lines.append(line)
        focusable = states.contains(pyatspi.STATE_FOCUSABLE) and states.contains(pyatspi.STATE_SHOWING)
        if role in CONTROLS and focusable and not node.name.strip():
            nameless.append(line.strip())
    return lines, nameless


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program", help="the command mma-desktop")
    parser.add_argument("out", type=Path, help="the text file that is written")
    options = parser.parse_args()
    text, bad = [], 0
    with tempfile.TemporaryDirectory() as home:
        places = {f"XDG_{name}_HOME": f"{home}/{name.lower()}" for name in ("CONFIG", "DATA", "CACHE", "STATE")}
        env = {**os.environ, **places, "HOME": home, "QT_LINUX_ACCESSIBILITY_ALWAYS_ON": "1", "QT_QPA_PLATFORM": "xcb"}
        running = subprocess.Popen([options.program, "sample"], env=env)
        try:
            window = until(program, "window")
            until(
                lambda: (tab := find(window, "page tab", "Use")) and tab.getState().contains(pyatspi.STATE_SENSITIVE),
                "tab",
            )
            for role, page in PAGES:
                press(find(window, role, page))
                time.sleep(3)  # what a page loads as it is shown
                lines, nameless = page_texts(window)
                bad += len(nameless)
                text += [f"== {page}: {len(lines)} parts, {len(nameless)} without a name", *lines, ""]
                print(text[-len(lines) - 2], *nameless, sep="\n  ")
        finally:
            running.terminate()
            running.wait(30)
    options.out.write_text("\n".join(text), encoding="utf-8")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
