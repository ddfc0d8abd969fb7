"""Entry point: start the window or a command. Imports nothing until the import path is safe."""

# pathlib would be an import, which must wait.
# ruff: noqa: PTH100, PTH109, PTH110, PTH119, PTH120, PTH123

import os
import sys

TYPE_CHECKING = False  # importing it from typing must wait, and so must annotations from __future__
if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

REFUSED, USAGE, INTERRUPTED = 1, 2, 130


def _forget_current_folder() -> None:
    """Remove the current folder from the import path: an untrusted `pickle.py` may lie there among images."""
    # `python -m` and empty entries in PYTHONPATH put it before the standard library; entries behind that belong to the
    # installation.
    standard, root = os.path.dirname(os.__file__), os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    here = os.path.realpath(os.getcwd())
    before = sys.path.index(standard) if standard in sys.path else 0
    sys.path[:before] = [entry for entry in sys.path[:before] if os.path.realpath(entry or os.curdir) != here]
    if root not in sys.path:  # an uninstalled checkout, or this file was started by path
        sys.path.append(root)


def _open_streams() -> None:
    """Open the null device for closed standard streams; otherwise a project's database could get their descriptors."""
    # Writing to standard output stays an error then, except on Windows, where programs without a console have none.
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        refuses = name == "stdout" and os.name != "nt"
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDONLY if refuses else os.O_RDWR)  # takes the lowest free number: this one
        if getattr(sys, name) is None:
            place = number if refuses else os.devnull
            setattr(sys, name, open(place, "w" if number else "r", encoding="utf-8"))  # noqa: SIM115


def _looks_like_command(word: str) -> bool:
    return os.path.basename(word) == word and not word.lower().endswith(".mma")


def _not_found_message(word: str) -> str:
    """The error for a word that is neither a command nor a path."""
    from mma_desktop.cli import main as cli
    from mma_desktop.cli.parser import did_you_mean

    if not _looks_like_command(word):
        return f"{word} does not exist."
    return f"'{word}' is not a command, file or folder." + did_you_mean(word, cli.COMMANDS)


def _open(target: "Path | None") -> int:
    if target is not None and not target.exists():
        from mma_desktop.core.errors import UserError

        raise UserError(_not_found_message(str(target)))
    from mma_desktop.ui.shell.application import run_window

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
        sys.stderr.write("The current folder no longer exists. Change to another one and start again.\n")
        return REFUSED
    if argv is None and not getattr(sys, "frozen", False):  # a frozen build sets its own import path
        _forget_current_folder()
    try:
        return _run(sys.argv[1:] if argv is None else list(argv), started=argv is None)
    except KeyboardInterrupt:  # raised while the program is loading; later, commands and window handle it
        from contextlib import suppress

        with suppress(OSError):  # nowhere to report it
            sys.stderr.write("Stopped.\n")
        return INTERRUPTED


def _run(arguments: list[str], *, started: bool) -> int:
    # torch reads this when imported: idle worker threads must not spin next to the window's.
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    from mma_desktop.core.paths import ensure_home

    ensure_home()
    if getattr(sys, "frozen", False):  # in an installed build, workers are this program started again
        import multiprocessing

        multiprocessing.freeze_support()
    from mma_desktop.cli import main as cli
    from mma_desktop.cli.doctor import WINDOW_CHECK
    from mma_desktop.cli.progress import complain

    if "_ARGCOMPLETE" in os.environ:  # a shell asks what may follow
        from mma_desktop.cli.completion import answer

        answer(cli.build_parser())
    if arguments == [WINDOW_CHECK]:
        from mma_desktop.ui.widgets.windows import check_screen

        return check_screen()
    if arguments and arguments[0] in cli.COMMANDS:
        if started:
            cli.prepare_process()
        return cli.main(arguments, _open_sample)
    first = arguments[0] if arguments else ""
    if first[:1] not in {"", "-"} and not os.path.exists(first) and (len(arguments) > 1 or _looks_like_command(first)):
        complain(_not_found_message(first))
        return USAGE
    return cli.guarded(lambda: _open(cli.build_window_parser().parse_args(arguments).target))


if __name__ == "__main__":
    sys.exit(main())
