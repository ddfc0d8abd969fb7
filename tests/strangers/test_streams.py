"""What goes to a terminal is text and nothing else; closed or full streams, and signals, end in no traceback."""

from __future__ import annotations

import csv
import io
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from mma_desktop.cli import main as cli
from mma_desktop.cli.parser import Parser, commands_of
from mma_desktop.cli.progress import Reporter, echo, echo_table, note
from mma_desktop.core import paths
from mma_desktop.core.errors import UserError
from mma_desktop.core.events import EpochEvent, Progress
from mma_desktop.core.logging import start_logging, terminal_safe
from mma_desktop.core.types import Scores
from tests.programs import START, UNCOMPILED, environment, python
from tests.steps import Stopped, meanwhile, stop

from .test_current_folder import zero_shot

posix = pytest.mark.skipif(os.name != "posix", reason="streams and signals of this system")
HOSTILE = "\x1b]0;owned\x07\x1b[2Ja\rb\x9b31mc\u202ed\u2066e\x7f"
OURS = re.compile(r"\x1b\[(?:\?25[lh]|1A|2K|[\d;]*m)|\r")  # what a line of progress is rewritten with
PLAIN = "?]0;owned??[2Ja?b?31mc?d?e?"


class Screen(io.TextIOWrapper):
    """A stream that is a terminal, in some encoding."""

    def __init__(self, encoding: str = "utf-8") -> None:
        super().__init__(io.BytesIO(), encoding, newline="")

    def isatty(self) -> bool:
        return True

    def text(self) -> str:
        self.flush()
        assert isinstance(self.buffer, io.BytesIO)
        return self.buffer.getvalue().decode(self.encoding)


def program(*words: str | Path, start: str = START, **more: object) -> subprocess.CompletedProcess[bytes]:
    return python("-c", start, *words, text=False, **more)  # type: ignore[return-value]


# ------------------------------------------------------------------------------ control characters


def test_what_is_shown() -> None:
    assert terminal_safe(HOSTILE) == PLAIN
    assert terminal_safe("two\nlines,\ta tab, ж, 日本, 🍌") == "two\nlines,\ta tab, ж, 日本, 🍌"
    assert terminal_safe("caf\udce9") == "caf?"


def test_sentences_and_tables_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    out, err = Screen(), Screen()
    monkeypatch.setattr(sys, "stdout", out)
    monkeypatch.setattr(sys, "stderr", err)
    echo(HOSTILE)
    note(HOSTILE)
    echo_table([[HOSTILE, "a\nb"]])
    assert out.text() == f"{PLAIN}\n{PLAIN},a?b\n"
    assert err.text() == f"{PLAIN}\n"


def test_a_table_for_a_program_is_exact(monkeypatch: pytest.MonkeyPatch) -> None:
    out = io.TextIOWrapper(io.BytesIO(), "ascii")  # as in a script whose locale is C
    monkeypatch.setattr(sys, "stdout", out)
    echo_table([["日本\x1b[2J", os.fsdecode(b"caf\xe9.jpg")]])
    assert isinstance(out.buffer, io.BytesIO)
    assert out.buffer.getvalue() == "日本\x1b[2J".encode() + b",caf\xe9.jpg\n"


def test_an_encoding_that_lacks_letters(monkeypatch: pytest.MonkeyPatch) -> None:
    out = Screen("cp437")
    monkeypatch.setattr(sys, "stdout", out)
    echo("é 日本")
    echo_table([["é 日本"]])
    assert out.text() == "é ??\né ??\n"
    plain = io.TextIOWrapper(io.BytesIO(), "ascii", "surrogateescape")  # as Python has it where the locale is C
    monkeypatch.setattr(sys, "stdout", plain)
    echo("é 日本")
    assert isinstance(plain.buffer, io.BytesIO)
    assert plain.buffer.getvalue() == b"? ??\n"


@pytest.mark.parametrize("stream", [Screen, io.StringIO])
def test_progress(stream: Callable[[], io.TextIOBase]) -> None:
    made = stream()
    reporter = Reporter(made)  # type: ignore[arg-type]
    reporter.show(Progress(0, None, HOSTILE))
    reporter.show(Progress(1, 2, HOSTILE))
    reporter.show(EpochEvent(HOSTILE, 1, 2, 1.0, None, None, None, None, None, Scores(), 1, 0.0))
    reporter.show_count(HOSTILE, 1, 2)
    reporter.end()
    said = made.text() if isinstance(made, Screen) else made.getvalue()  # type: ignore[attr-defined]
    assert "owned" in said
    said = OURS.sub("", said)
    assert terminal_safe(said) == said


@pytest.mark.parametrize(
    "words", [["--nonsense" + HOSTILE], ["train", "x", "--shots", HOSTILE], ["predict", "-x" + HOSTILE]]
)
def test_errors_that_repeat_what_was_typed(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        cli.build_parser().parse_args(words)
    said = capsys.readouterr().err
    assert terminal_safe(said) == said


def test_every_parser_is_ours() -> None:
    parser = cli.build_parser()
    assert {type(one) for one in (parser, *commands_of(parser).values())} == {Parser}


@posix
def test_a_window_title_is_not_set(
    tmp_path: Path, sample_pictures: Path, warm_starter: None, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    """Real terminals on both streams, a picture, a folder and a class called so."""
    adapter, folder = zero_shot(tmp_path / "a.safetensors"), tmp_path / f"in{HOSTILE}"
    folder.mkdir()
    name = os.fsdecode(b"caf\xe9") + HOSTILE
    (folder / f"{name}.jpg").write_bytes(next(sample_pictures.rglob("*.jpg")).read_bytes())
    (folder / f"broken{HOSTILE}.jpg").write_bytes(b"\xff\xd8\xff nothing")
    words = ("predict", adapter, folder, "--classes", "lemon,mug\u202ed\u2066e")
    refused = (*words[:-1], f"lemon,mug{HOSTILE}")
    for arguments, code in ((words, 0), (refused, 2), (("predict", folder, "x"), 1), ((f"gone{HOSTILE}", "x"), 2)):
        ours, theirs = os.openpty()
        done = program(*arguments, start=UNCOMPILED, stdin=theirs, stdout=theirs, stderr=theirs)
        os.close(theirs)
        said = b""
        try:
            while part := os.read(ours, 1 << 16):
                said += part
        except OSError:  # a terminal whose other end is closed
            pass
        os.close(ours)
        text = said.decode("utf-8", "surrogateescape")
        assert done.returncode == code, text
        assert "owned" in text
        assert not {letter for letter in OURS.sub("", text) if terminal_safe(letter) != letter}, text
    assert cli.main([os.fspath(word) for word in words], lambda: 0) == 0
    text = capfdbinary.readouterr().out.decode("utf-8", "surrogateescape")
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    assert {row["file_name"] for row in rows} == {str(path) for path in folder.iterdir()}


def test_the_log_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    import logging

    err = Screen()
    monkeypatch.setattr(sys, "stderr", err)
    monkeypatch.setattr(paths, "usable_folder", lambda _kept: None)
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    try:
        start_logging()
        logging.getLogger("any").error("decoding %s failed", HOSTILE)
    finally:
        root.handlers[:], root.level = handlers, level
        logging.captureWarnings(False)
    assert err.text() == f"ERROR: decoding {PLAIN} failed\n"


@posix
def test_warnings_and_bugs_of_a_command(tmp_path: Path) -> None:
    script = (
        "import logging, sys\nfrom mma_desktop.cli import main as cli\ncli.prepare_process()\n"
        "logging.getLogger('any').warning('%s', sys.argv[1])\nraise RuntimeError(sys.argv[1])\n"
    )
    done = python("-c", script, HOSTILE, env=environment(PYTHONIOENCODING="utf-8"))
    assert done.stderr.startswith(PLAIN)
    assert f"RuntimeError: {PLAIN}" in done.stderr
    assert terminal_safe(done.stderr) == done.stderr


# ------------------------------------------------------------------------------ streams


@posix
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
@pytest.mark.parametrize(
    "words", [["backbones"], ["--help"], ["--version"], ["train", "--help"], ["doctor", "--offline"]]
)
def test_a_full_standard_output_is_a_sentence(words: list[str]) -> None:
    with Path("/dev/full").open("wb") as full:
        done = program(*words, stdout=full, stderr=subprocess.PIPE)
    assert done.returncode == 1
    assert done.stderr == b"Cannot write to standard output: No space left on device.\n"


IN_FORKS = f"""
import os, sys
from mma_desktop.cli import main as cli
from mma_desktop.engine import predictor
from mma_desktop.engine.backbones import starter
from mma_desktop.services.batch import headless
codes = []
for number, path in (1, "/dev/full"), (1, ""), (2, "/dev/full"):
    if os.fork() == 0:
        os.close(number)
        if path:
            os.open(path, os.O_WRONLY)
        else:
            sys.stdout = None
        break
    codes.append(os.waitstatus_to_exitcode(os.wait()[1]))
else:
    sys.exit(codes != [1, 1, 0])
{UNCOMPILED}"""
"""A command onto a full disk, onto nothing, and with notes that nobody can read; what it imports is imported once."""


@posix
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_predictions_onto_a_full_disk_or_nothing_and_notes_nobody_can_read(
    tmp_path: Path, sample_pictures: Path
) -> None:
    adapter, some = zero_shot(tmp_path / "a.safetensors"), sorted((sample_pictures / "banana").iterdir())[:2]
    done = program("predict", adapter, *some, start=IN_FORKS, timeout=60)
    assert done.returncode == 0, done.stderr
    assert b"Cannot write to standard output: No space left on device.\n" in done.stderr
    assert b"Cannot write to standard output: it is closed.\n" in done.stderr
    assert b"Traceback" not in done.stderr
    assert len(done.stdout.splitlines()) == 3


def in_shell(folder: Path, *commands: tuple[str, str]) -> tuple[list[str], str]:
    """Run commands in a shell, each with its redirections; their exit codes, and all that was said."""
    (folder / "start.py").write_text(START)
    lines = [f"'{sys.executable}' start.py {words} {streams}; echo $? >>codes" for words, streams in commands]
    done = subprocess.run(
        ["sh", "-c", "\n".join(lines)], cwd=folder, env=environment(), capture_output=True, text=True, check=False
    )
    return (folder / "codes").read_text().split(), done.stdout + done.stderr


@posix
@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&-", ">&- 2>&-", "<&- >&- 2>&-"])
def test_closed_streams(tmp_path: Path, closed: str) -> None:
    codes, said = in_shell(tmp_path, ("--help", closed), ("backups gone.mma", closed), ("trian x", closed))
    assert codes == ["1" if ">&- " in f" {closed} ".replace("2>&-", "") else "0", "1", "2"], said
    assert "Traceback" not in said


@posix
def test_a_closed_standard_output_is_a_sentence(tmp_path: Path) -> None:
    Image.new("RGB", (9, 9), "red").save(tmp_path / "red.png")
    printing = ("--version", "export csv p.mma - --all")
    codes, said = in_shell(tmp_path, ("import p.mma red.png", ""), *((words, ">&-") for words in printing))
    assert codes == ["0", "1", "1"], said
    told = said.count("Cannot write to standard output: it is closed.") + said.count(
        "/dev/stdout could not be written: "
    )
    assert told == len(printing), said
    assert "Traceback" not in said


@posix
def test_no_file_becomes_a_standard_stream(tmp_path: Path) -> None:
    (tmp_path / "pictures").mkdir()
    for name in ("red", "blue"):
        Image.new("RGB", (9, 9), name).save(tmp_path / "pictures" / f"{name}.png")
    words = "import p.mma pictures --format imagefolder"
    codes, said = in_shell(tmp_path, (words, "<&- 2>&- >/dev/null"), ("check p", "<&- >&- 2>&-"))
    assert (codes, said) == (["0", "1"], "")
    assert (tmp_path / "p.mma" / "project.db").read_bytes().startswith(b"SQLite format 3\0")


def test_a_stream_that_fails_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    class Full(io.StringIO):
        def write(self, _text: str) -> int:
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(sys, "stdout", Full())
    monkeypatch.setattr(sys, "stderr", Full())
    with pytest.raises(UserError, match="Cannot write to standard output: No space left on device"):
        echo("x")
    note("nobody hears it")
    reporter = Reporter()
    reporter.show(Progress(0, None, "Importing"))
    reporter.show(Progress(1, 2, "Importing"))
    reporter.end()


# ------------------------------------------------------------------------------ signals

AT_IMPORT = """
import os, signal, sys
count, codes = 0, []
def hook(event, arguments):
    global count
    if event != "import" or not (count or arguments[0] == "mma_desktop.cli.main"):  # the first that main() imports
        return
    count += 1
    if count not in (2, 3, 5) and count % 20:
        return
    if os.fork() == 0:
        count = 10**6
        signal.raise_signal(signal.SIGINT)
    else:
        codes.append(os.waitstatus_to_exitcode(os.wait()[1]))
sys.addaudithook(hook)
from mma_desktop.__main__ import main
code = main()
if count < 10**6:
    print(count, *codes)
sys.exit(code)
"""


@posix
def test_an_interrupt_while_the_program_is_loaded() -> None:
    """In a process of its own at each of many imports, which is forked from the one that goes on."""
    done = python("-c", AT_IMPORT, "backups", "gone.mma")
    assert done.returncode == 1, done.stderr
    imports, *codes = map(int, done.stdout.split())
    assert imports > 100
    assert codes == [130] * (3 + imports // 20)
    assert done.stderr.count("Stopped.\n") == len(codes)
    assert "Traceback" not in done.stderr


def start_training(pictures: Path, folder: Path) -> subprocess.Popen[str]:
    """A training that has a project in the temporary folder `folder`."""
    own = environment(TMPDIR=folder, XDG_CACHE_HOME=folder / "cache")
    # Programs ignore what their parent ignores, as nohup has it for a hangup.
    start = f"import signal\nsignal.signal(signal.SIGHUP, signal.SIG_DFL)\n{START}"
    command = [sys.executable, "-c", start, "train", str(pictures), "--out", str(folder / "a.safetensors")]
    running = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=own)
    assert running.stderr is not None
    while not scratch(folder):
        assert running.poll() is None, running.stderr.read()
        time.sleep(0.05)
    return running


def scratch(folder: Path) -> list[Path]:
    """What lies in a temporary folder of a job without a window."""
    return [path for path in folder.glob(".mma-desktop-*.tmp/headless.mma") if path.is_dir()]


@posix
@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGHUP, 129)])
def test_a_command_that_is_told_to_end_cleans_up(
    tmp_path: Path, sample_pictures: Path, number: signal.Signals, code: int
) -> None:
    running = start_training(sample_pictures, tmp_path)
    running.send_signal(number)
    _, said = running.communicate(timeout=60)
    assert running.returncode == code, said
    assert "Traceback" not in said
    assert [path.name for path in tmp_path.iterdir()] == ["cache"]


ENDED_IN_CALLBACK = """
import signal, sys, weakref
from mma_desktop.cli import main as cli
from mma_desktop.cli.progress import ending
class Thing: pass
cli.prepare_process()
for asked in (True, False):
    thing = Thing()
    watch = weakref.ref(thing, lambda _: signal.raise_signal(signal.SIGTERM) if asked else 1 / 0)
    del thing
ending.raise_pending()
"""


@posix
def test_a_signal_heard_where_nothing_can_be_raised_is_heard_at_the_next_step(tmp_path: Path) -> None:
    done = python("-c", ENDED_IN_CALLBACK, env=environment(XDG_CACHE_HOME=tmp_path))
    assert done.returncode == 143, done.stderr
    assert "SystemExit" not in done.stderr
    assert "ZeroDivisionError" in done.stderr  # a fault of ours is still told


@posix
def test_what_a_killed_job_left_is_cleared_by_the_next_start(
    tmp_path: Path, sample_pictures: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    running = start_training(sample_pictures, tmp_path)
    running.kill()
    running.communicate()
    (left,) = scratch(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    assert program("backbones", stdout=subprocess.DEVNULL).returncode == 0
    assert not left.exists()
    assert [path.name for path in tmp_path.iterdir()] == ["cache"]
    assert not list((tmp_path / "cache" / "mma-desktop" / "unfinished").iterdir())


def test_a_window_clears_it_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from mma_desktop.ui.shell import application

    cleared: list[bool] = []
    monkeypatch.setattr(application, "clear_unfinished", lambda: cleared.append(True))
    with pytest.raises(Stopped):
        application.warm_up(meanwhile(stop))
    assert cleared == [True]
