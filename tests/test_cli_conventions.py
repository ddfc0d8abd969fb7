"""What people expect of any command: usage errors, suggestions, help, quiet and verbose, colours, completion."""

from __future__ import annotations

import io
import logging
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

from mma_desktop.cli import progress
from mma_desktop.cli.common import FILES
from mma_desktop.cli.completion import SHELLS
from mma_desktop.cli.main import COMMANDS, build_parser
from mma_desktop.cli.parser import commands_of, did_you_mean
from mma_desktop.cli.progress import Reporter, complain, echo, note, output_mode
from mma_desktop.core.errors import UserError
from mma_desktop.core.events import EpochEvent, Progress
from mma_desktop.core.types import Scores
from mma_desktop.services import diagnostics
from mma_desktop.services.diagnostics import CheckResult, State
from tests.programs import main_code
from tests.test_terminal import SHOW, Clock, Screen, plain_text

ROOT = Path(__file__).parents[1]


# ------------------------------------------------------------------------------ usage errors


@pytest.mark.parametrize(
    ("arguments", "command", "told"),
    [
        (("train", "x", "--jsn", "m"), "train", "there is no option --jsn. Did you mean --json?"),
        (("train", "x", "--wrong"), "train", "there is no option --wrong.\n"),
        (("train", "--jsn=m"), "train", "there is no option --jsn. Did you mean --json?"),
        (("predict", "a", "b", "--sort", "x"), "predict", "Did you mean --sort-into or --sort-by?"),
        (("predict", "a", "--zzzzz"), "predict", "there is no option --zzzzz.\n"),
        (("train", "x", "--devic", "cpu"), "train", "there is no option --devic. Did you mean --device?"),
        (("train", "x", "--device", "cdua"), "train", "there is no 'cdua'. Did you mean cuda?"),
        (("train", "x", "--device", "toaster"), "train", "Choose from auto, cpu, cuda, mps, xpu."),
        (("train", "x", "--method", "zero-shott"), "train", "Did you mean zero-shot?"),
        (("train", "x", "--backbone", "startr"), "train", "Did you mean"),
        (("train", "x", "--option", "shre=1"), "train", "shre"),
        (("train", "x", "y", "z"), "train", "unrecognized arguments: y z"),
        (("train",), "train", "the following arguments are required: SOURCE"),
        (("benchmark", "x", "--methods", "zero-shott"), "benchmark", "Did you mean zero-shot?"),
        (("export", "cvs", "p", "t"), "export", "there is no 'cvs'. Did you mean csv?"),
        (("export", "csv", "p", "t", "--images", "copy"), "export", "with pictures 'copy'"),
        (("predict", "a", "b", "--quiet", "--verbose"), "predict", "not allowed with argument"),
        (("help", "trian"), "help", "there is no command 'trian'. Did you mean train?"),
        (("completion", "fsh"), "completion", "there is no 'fsh'. Did you mean fish?"),
        (("sample", "--headless", "-"), "sample", "a folder cannot be written to standard output"),
        (("predict", "a", "b", "--classes", "caf\udce9,banana"), "predict", "--classes: 'caf?,banana' is not UTF-8\n"),
        (("train", "x", "--prompt", "\udce9 {}"), "train", "--prompt: The prompt template '? {}' is not UTF-8."),
        (("export", "onnx", "a", "o", "--classes", "caf\udce9"), "export", "argument --classes: 'caf?' is not UTF-8\n"),
        (("train", "x", "--option", "caf\udce9=1"), "train", "argument --option: 'caf?=1' is not UTF-8\n"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_a_usage_error_is_2_with_the_commands_own_usage(
    arguments: tuple[str, ...], command: str, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main_code(*arguments) == 2
    said = capsys.readouterr()
    assert said.out == ""
    usage, error, advice = said.err.splitlines()
    assert usage == f"usage: mma-desktop {command} {COMMANDS[command].USAGE}"
    assert error.startswith(f"mma-desktop {command}: error: ")
    assert error.endswith(told[:-1]) if told.endswith("\n") else told in error
    assert advice == f"Try 'mma-desktop {command} --help'."


def test_options_without_a_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert main_code("--verison") == 2
    assert capsys.readouterr().err.splitlines()[-2:] == [
        "mma-desktop: error: there is no option --verison. Did you mean --version?",
        "Try 'mma-desktop --help'.",
    ]


def test_a_file_with_the_name_of_an_option(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("-k.jpg").touch()
    assert main_code("predict", "a", "b", "-k.jpg") == 2
    assert "unrecognized arguments: -k.jpg. For the file of this name write ./-k.jpg" in capsys.readouterr().err


@pytest.mark.parametrize("word", ["trian", "evalute", "doctr"])
def test_a_command_is_suggested(word: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main_code(word) == 2
    assert re.search(r"Did you mean \w+\?\n$", capsys.readouterr().err)


def test_suggestions() -> None:
    assert did_you_mean("--out", ["--output-folder", "--json"]) == " Did you mean --output-folder?"
    assert did_you_mean("CUDA", ["cuda", "cpu"]) == " Did you mean cuda?"


def test_no_option_may_be_abbreviated() -> None:
    for command in (build_parser(), *commands_of(build_parser()).values()):
        assert not command.allow_abbrev


# ------------------------------------------------------------------------------ files that exist

WRITERS = {
    "train --out": ("train", "x", "--out"),
    "train": ("train", "x"),
    "train --json": ("train", "x", "--json"),
    "evaluate --json": ("evaluate", "a", "x", "--json"),
    "evaluate --report": ("evaluate", "a", "x", "--report"),
    "predict --out": ("predict", "a", "x", "--out"),
    "predict --json": ("predict", "a", "x", "--json"),
    "groups --out": ("groups", "x", "--out"),
    "groups --json": ("groups", "x", "--json"),
    "shards --json": ("shards", "x", "--json"),
    "check --json": ("check", "p", "--json"),
    "backbones --json": ("backbones", "--json"),
    "doctor --json": ("doctor", "--json"),
    "export onnx": ("export", "onnx", "a"),
    "export features": ("export", "features", "p"),
    "export csv": ("export", "csv", "p"),
    "export model": ("export", "model", "p"),
    "export report": ("export", "report", "p"),
}


@pytest.mark.parametrize("arguments", WRITERS.values(), ids=WRITERS)
def test_no_command_replaces_a_file_unasked(
    arguments: tuple[str, ...], tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    name = "adapter.safetensors"  # the default of `train`
    Path(name).write_text("precious")
    assert main_code(*arguments, *([] if arguments == ("train", "x") else [name])) == 1
    assert f"{name} already exists. Choose another name, or use --overwrite." in capsys.readouterr().err
    assert Path(name).read_text() == "precious"
    assert list(tmp_path.iterdir()) == [tmp_path / name]


def test_every_command_that_writes_a_file_is_tried_above() -> None:
    written = {
        (name, "".join(one.option_strings))
        for name, command in commands_of(build_parser()).items()
        for one in command._actions  # private: argparse lists them nowhere else
        if one.type in FILES
    }
    tried = {(row[0], row[-1] if row[-1].startswith("--") else "") for row in WRITERS.values()}
    untried = written - tried
    assert not untried, f"add a row to WRITERS for each of these outputs: {untried}"
    assert {name for name, _ in tried} == {name for name, _ in written}, "WRITERS has a command that writes no file"
    for name, _ in written:
        assert "--overwrite" in commands_of(build_parser())[name]._option_string_actions  # private: as above


def test_a_file_is_replaced_when_asked(tmp_path: Path) -> None:
    out = tmp_path / "list.json"
    out.write_text("old")
    assert main_code("backbones", "--json", out, "--overwrite") == 0
    assert out.read_text().startswith("[")


# ------------------------------------------------------------------------------ help


def test_help_of_a_command_is_that_of_its_option(capsys: pytest.CaptureFixture[str]) -> None:
    for name in COMMANDS:
        assert main_code("help", name) == 0
        one = capsys.readouterr().out
        assert main_code(name, "--help") == 0
        assert capsys.readouterr().out == one
        assert one.startswith(f"usage: mma-desktop {name} ")
    assert main_code("help") == 0
    whole = capsys.readouterr().out
    assert main_code("--help") == 0
    assert capsys.readouterr().out == whole


@pytest.mark.parametrize(
    ("terminal", "environment", "coloured"),
    [
        (True, {}, True),
        (True, {"NO_COLOR": ""}, True),
        (True, {"NO_COLOR": "1"}, False),
        (True, {"TERM": "dumb"}, False),
        (False, {}, False),
    ],
)
def test_help_has_colours_on_a_terminal(
    terminal: bool, environment: dict[str, str], coloured: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "60")
    stream = Screen() if terminal else io.StringIO()
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(sys, "stdout", stream)
    assert main_code("help", "train") == 0
    said = stream.getvalue()
    assert ("\x1b[" in said) is coloured
    assert plain_text(said) == build_parser_help("train")
    assert not coloured or "\x1b[36m--weights\x1b[0m" in said
    assert not coloured or "\x1b[1moptions:\x1b[0m" in said


def build_parser_help(name: str) -> str:
    return commands_of(build_parser())[name].format_help()


# ------------------------------------------------------------------------------ quiet and verbose


def findings(*_arguments: object) -> list[CheckResult]:
    note("a note")
    logging.getLogger("mma_desktop.somewhere").info("a line of the log")
    reporter = Reporter()
    reporter.show(Progress(1, 2, "Working"))
    reporter.show(EpochEvent("train", 1, 2, 1.5, None, None, None, None, None, Scores(), 1, 0.0))
    reporter.end()
    assert reporter.last_epoch is not None
    return [CheckResult("Topic", State.FINE, "found")]


def test_quiet_and_verbose(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(diagnostics, "diagnose", findings)
    before = list(logging.getLogger().handlers)
    said = {}
    for flag in ("", "-q", "--quiet", "-v", "--verbose"):
        assert main_code("doctor", *filter(None, [flag])) == 0
        said[flag] = capsys.readouterr()
    assert {one.out for one in said.values()} == {said[""].out}
    assert "found" in said[""].out
    assert said["-q"].err == said["--quiet"].err == ""
    assert said[""].err.startswith("a note\nWorking: 1 of 2\n")
    assert "a line of the log" not in said[""].err
    assert "mma_desktop.somewhere: a line of the log\n" in said["-v"].err
    assert re.search(r"\nTook \d+\.\d s\.\n$", said["--verbose"].err)
    assert logging.getLogger().handlers == before


def test_errors_are_said_quietly_too(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main_code("predict", tmp_path / "gone", tmp_path, "--quiet") == 1
    assert "no model file" in capsys.readouterr().err


def test_verbose_says_why(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(UserError), output_mode(verbose=True):
        try:
            raise OSError(5, "the cause")
        except OSError as error:
            raise UserError("the sentence") from error
    assert "the cause" in capsys.readouterr().err


def test_every_command_can_be_quiet_and_verbose() -> None:
    for command in commands_of(build_parser()).values():
        assert {"-q", "--quiet", "-v", "--verbose"} <= set(command._option_string_actions)


# ------------------------------------------------------------------------------ rows and the line of progress


@pytest.mark.parametrize("speak", [echo, note, complain], ids=lambda one: one.__name__)
def test_a_row_is_not_glued_to_the_progress_line(speak: Callable[[str], None], monkeypatch: pytest.MonkeyPatch) -> None:
    clock, screen = Clock(), Screen()
    monkeypatch.setattr(progress, "time", clock)
    monkeypatch.setattr(sys, "stdout", screen)
    monkeypatch.setattr(sys, "stderr", screen)
    reporter = Reporter()
    reporter.show_count("Classifying", 1, 3)
    speak("a.jpg,cat")
    clock.now += 1
    reporter.show_count("Classifying", 2, 3)
    speak("b.jpg,dog")
    before = screen.getvalue()
    reporter.show_count("Classifying", 3, 3)
    assert screen.getvalue() == before  # too soon to be read
    reporter.end()
    assert "\x1b[2Ka.jpg,cat\n" in screen.getvalue()
    assert "\x1b[2Kb.jpg,dog\n" in screen.getvalue()
    assert screen.getvalue().count(SHOW) >= 2
    assert screen.getvalue().endswith("b.jpg,dog\n")


def test_a_line_on_a_terminal_stays_while_rows_go_into_a_file(monkeypatch: pytest.MonkeyPatch) -> None:
    screen, file = Screen(), io.StringIO()
    monkeypatch.setattr(sys, "stdout", file)
    monkeypatch.setattr(sys, "stderr", screen)
    reporter = Reporter()
    reporter.show_count("Classifying", 1, 3)
    before = screen.getvalue()
    echo("a.jpg,cat")
    assert screen.getvalue() == before
    reporter.end()
    assert file.getvalue() == "a.jpg,cat\n"
    before = screen.getvalue()
    complain("done")
    assert screen.getvalue() == f"{before}done\n"  # no line to make way for is left


# ------------------------------------------------------------------------------ completion


@pytest.fixture
def completing(tmp_path: Path) -> dict[str, str]:
    """The environment of a shell that has the program."""
    program = tmp_path / "bin" / "mma-desktop"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m mma_desktop "$@"\n')
    program.chmod(0o755)
    (tmp_path / "empty").mkdir()
    paths = os.pathsep.join((str(ROOT), os.environ.get("PYTHONPATH", "")))
    return {**os.environ, "PATH": f"{program.parent}{os.pathsep}{os.environ['PATH']}", "PYTHONPATH": paths}


@pytest.mark.parametrize("shell", SHELLS)
def test_a_script_is_one_of_its_shell(shell: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main_code("completion", shell) == 0
    (tmp_path / "script").write_text(capsys.readouterr().out)
    if shutil.which(shell) is None:
        pytest.skip(f"{shell} is not installed")
    done = subprocess.run([shell, "-n", tmp_path / "script"], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout + done.stderr) == (0, "")


def following(typed: str, shell: str, folder: Path) -> list[str]:
    """What a shell is told that may follow."""
    line, out = f"mma-desktop {typed}", folder / "found"
    asks = {"_ARGCOMPLETE": "1", "_ARGCOMPLETE_IFS": "\n", "_ARGCOMPLETE_SUPPRESS_SPACE": "1"}
    asks |= {"_ARGCOMPLETE_SHELL": shell, "COMP_LINE": line, "COMP_POINT": str(len(line))}
    asks |= {"_ARGCOMPLETE_STDOUT_FILENAME": str(out)} | ({"_ARGCOMPLETE_DFS": "\t"} if shell == "fish" else {})
    program = [sys.executable, "-m", "mma_desktop"]
    subprocess.run(program, env={**os.environ, "PYTHONPATH": str(ROOT), **asks}, cwd=folder, check=True)
    return out.read_text().splitlines()


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("train --device ", ["auto", "cpu", "cuda", "mps", "xpu"]),
        ("train --method tip", ["tip-adapter-f"]),
        ("train --backbone st", ["starter"]),
        ("help eval", ["evaluate"]),
        ("export --all lab", ["labelstudio"]),
    ],
)
def test_what_may_follow(typed: str, found: list[str], tmp_path: Path) -> None:
    assert following(typed, "bash", tmp_path) == found


def test_options_are_suggested_with_their_help(tmp_path: Path) -> None:
    assert set(COMMANDS) <= set(following("", "bash", tmp_path))
    assert following("doc", "zsh", tmp_path) == [f"doctor:{COMMANDS['doctor'].ABOUT}"]
    assert following("train --see", "fish", tmp_path) == ["--seed\tseed of the shots and the training (default: 0)"]


@pytest.mark.skipif(shutil.which("bash") is None, reason="bash is not installed")
@pytest.mark.parametrize(("typed", "found"), [("tr", "train"), ("train --device c", "cpu cuda"), ("train --out ", "")])
def test_completion_in_bash(typed: str, found: str, tmp_path: Path, completing: dict[str, str]) -> None:
    line = f"mma-desktop {typed}"
    ask = (
        f"source <(mma-desktop completion bash); COMP_LINE='{line}'; COMP_POINT={len(line)}; "
        "_python_argcomplete mma-desktop; echo ${COMPREPLY[*]}"
    )
    done = subprocess.run(
        ["bash", "-c", ask], capture_output=True, text=True, check=True, cwd=tmp_path / "empty", env=completing
    )
    assert (done.stdout.strip(), done.stderr) == (found, "")


@pytest.mark.skipif(shutil.which("fish") is None, reason="fish is not installed")
@pytest.mark.parametrize(
    ("typed", "found"), [("tr", "train"), ("train --devi", "--device"), ("train --device=cp", "--device=cpu")]
)
def test_completion_in_fish(typed: str, found: str, tmp_path: Path, completing: dict[str, str]) -> None:
    ask = f"mma-desktop completion fish | source; complete -C 'mma-desktop {typed}'"
    done = subprocess.run(
        ["fish", "-c", ask], capture_output=True, text=True, check=True, cwd=tmp_path / "empty", env=completing
    )
    assert [line.split("\t")[0] for line in done.stdout.splitlines()] == [found]


@pytest.mark.skipif(shutil.which("zsh") is None, reason="zsh is not installed")
@pytest.mark.parametrize(
    ("typed", "found"), [("tra", "train"), ("train --devi", "--device"), ("train --device cp", "cpu")]
)
def test_completion_in_zsh(
    typed: str, found: str, tmp_path: Path, completing: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    main_code("completion", "zsh")
    (tmp_path / "_mma-desktop").write_text(capsys.readouterr().out)
    (tmp_path / ".zshrc").write_text(
        f"fpath=({tmp_path} $fpath)\nautoload -Uz compinit\ncompinit -u\nunsetopt beep\nPS1='READY '\n"
    )
    completed = f"{typed.rpartition(' ')[0]} {found}".strip()
    talk = (
        "zmodload zsh/zpty; zpty z env ZDOTDIR=$PWD HOME=$PWD TERM=dumb zsh -i; zpty -r z one '*READY*'; "
        f"zpty -n -w z $'mma-desktop {typed}\\t'; zpty -r z one '*{completed}*' && print -r -- found; zpty -d z"
    )
    done = subprocess.run(
        ["zsh", "-f", "-c", talk],
        capture_output=True, text=True, check=False, cwd=tmp_path, timeout=60, env=completing,
    )  # fmt: skip
    assert done.stdout.endswith("found\n")


def test_an_interrupt_waits_while_torch_is_imported(monkeypatch: pytest.MonkeyPatch) -> None:
    spec = SimpleNamespace(_initializing=True)
    monkeypatch.setitem(sys.modules, "torch", SimpleNamespace(__spec__=spec))
    ending = progress.PendingExit()
    ending.ask(KeyboardInterrupt())
    with pytest.raises(KeyboardInterrupt):
        ending.raise_pending()
    spec._initializing = False  # private: as Python's import does
    with pytest.raises(KeyboardInterrupt):
        ending.ask(KeyboardInterrupt())
