"""Entry point: which of the window and the commands is wanted. Nothing is imported before the import path is clean."""

# pathlib is an import, which must wait as well.
# ruff: noqa: PTH100, PTH109, PTH110, PTH119, PTH120, PTH123

import os
import sys

TYPE_CHECKING = False  # that of typing is an import, which must wait, as that of annotations from __future__
if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence
    from pathlib import Path

REFUSED, USAGE, INTERRUPTED = 1, 2, 130


def _forget_current_folder() -> None:
    """Take the current folder from the import path: a `pickle.py` may lie there, among pictures of strangers.

    `python -m` and an empty entry in PYTHONPATH put it before the standard library. What comes behind that is of the
    installation, wherever we are.
    """
    standard, root = os.path.dirname(os.__file__), os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    here = os.getcwd()
    before = sys.path.index(standard) if standard in sys.path else 0
    sys.path[:before] = [one for one in sys.path[:before] if not _is_same(one or os.curdir, here)]
    if root not in sys.path:  # a checkout that is not installed, or this file started by its path
        sys.path.append(root)


def _is_same(one: str, other: str) -> bool:
    return os.path.realpath(one) == os.path.realpath(other)


def _open_streams() -> None:
    """Put nothing in the place of standard streams that are closed, lest a project's database becomes one of them."""
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # takes the lowest number that is free, which is this one
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, "w" if number else "r", encoding="utf-8"))  # noqa: SIM115


def _window_arguments(argv: "Sequence[str]") -> "argparse.Namespace":
    import argparse
    from pathlib import Path

    from mma_desktop.cli import main as cli
    from mma_desktop.cli.progress import Parser
    from mma_desktop.version import __version__

    parser = Parser(
        prog="mma-desktop",
        description="Label a few photos a class and train a classifier on your own machine.",
        epilog=cli.usage_of_commands(),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("target", nargs="?", type=Path, metavar="PROJECT.mma | FOLDER", help="what to open")
    parser.add_argument("--version", action="version", version=f"mma-desktop {__version__}")
    return parser.parse_args(argv)


def _not_there(word: str) -> str:
    """What to say of a word that is no command and no path."""
    import difflib

    from mma_desktop.cli import main as cli

    if os.path.basename(word) != word or word.endswith(".mma"):
        return f"{word} does not exist."
    near = difflib.get_close_matches(word, cli.COMMANDS, n=1)
    return f"'{word}' is no command, file or folder." + (f" Did you mean {near[0]}?" if near else "")


def _open(target: "Path | None") -> int:
    if target is not None and not target.exists():
        from mma_desktop.core.errors import UserError

        raise UserError(_not_there(str(target)))
    from mma_desktop.store.database import check_sqlite
    from mma_desktop.ui.shell.application import run_window

    check_sqlite()
    return run_window(target)


def _open_sample() -> int:
    from mma_desktop.ui.shell.application import run_window

    return run_window(None, sample=True)


def main(argv: "Sequence[str] | None" = None) -> int:
    """Run the program; returns its exit code."""
    if argv is None:
        _open_streams()
    try:
        os.getcwd()
    except OSError:
        sys.stderr.write("The current folder is gone. Change to another one, and start again.\n")
        return REFUSED
    if argv is None and not getattr(sys, "frozen", False):  # a frozen build has a path of its own, and nothing else
        _forget_current_folder()
    try:
        return _run(sys.argv[1:] if argv is None else list(argv), started=argv is None)
    except KeyboardInterrupt:  # while this program itself is loaded; later the commands and the window hear it
        from contextlib import suppress

        with suppress(OSError):  # nobody can be told
            sys.stderr.write("Stopped.\n")
        return INTERRUPTED


def _run(arguments: list[str], *, started: bool) -> int:
    # Read by torch when it is imported: idle worker threads must not spin beside the window's.
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    from mma_desktop.core.paths import settle_home

    settle_home()
    if getattr(sys, "frozen", False):  # in an installed build a worker is this program, started again
        import multiprocessing

        multiprocessing.freeze_support()
    from mma_desktop.cli import main as cli
    from mma_desktop.cli.doctor import WINDOW_CHECK
    from mma_desktop.cli.progress import note

    if arguments == [WINDOW_CHECK]:
        from mma_desktop.ui.shell.window_check import check

        return check()
    if arguments and arguments[0] in cli.COMMANDS:
        if started:
            cli.prepare_process()
        return cli.main(arguments, _open_sample)
    if len(arguments) > 1 and arguments[0][:1] not in {"", "-"} and not os.path.exists(arguments[0]):
        note(_not_there(arguments[0]))
        return USAGE
    return cli.guarded(lambda: _open(_window_arguments(arguments).target))


if __name__ == "__main__":
    sys.exit(main())
