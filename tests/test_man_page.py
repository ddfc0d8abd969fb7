"""The man page has each command and option, and is roff that no formatter complains about."""

from __future__ import annotations

import gzip
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from mma_desktop.cli.main import COMMANDS, build_parser
from mma_desktop.cli.parser import commands_of

SCRIPT = Path(__file__).parents[1] / "packaging" / "man_page.py"


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made(tmp_path_factory.mktemp("man") / "mma-desktop.1")


def made(out: Path) -> Path:
    environment = {**os.environ, "SOURCE_DATE_EPOCH": "1750000000"}
    subprocess.run([sys.executable, SCRIPT, out], check=True, env=environment)
    return out


def test_it_has_each_command_and_option(page: Path) -> None:
    text = page.read_text("utf-8").replace("\\-", "-")
    assert '.TH MMA-DESKTOP 1 "2025-06-15" "mma-desktop ' in text
    parts = dict(part.split("\n", 1) for part in text.split("\n.SS ")[1:])
    assert list(parts) == list(COMMANDS)
    for name, command in commands_of(build_parser()).items():
        for option in set(command._option_string_actions) - {"--help"}:  # told once, at the top
            assert option in parts[name]


@pytest.mark.parametrize(
    "command",
    [("mandoc", "-T", "lint", "-W", "warning"), ("groff", "-man", "-ww", "-z", "-Tutf8")],
    ids=lambda one: one[0],
)
def test_formatters_have_nothing_to_complain_about(command: tuple[str, ...], page: Path) -> None:
    if shutil.which(command[0]) is None:
        pytest.skip(f"{command[0]} is not installed")
    done = subprocess.run([*command, page], capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("", "")


def test_a_compressed_page_is_the_same_bytes_each_time(page: Path, tmp_path: Path) -> None:
    first, second = (made(tmp_path / f"{number}.1.gz").read_bytes() for number in (1, 2))
    assert first == second
    assert gzip.decompress(first) == page.read_bytes()
