"""The command `mma-desktop help`: the help of the program or of a command."""

from __future__ import annotations

import argparse

from mma_desktop.cli.common import DONE
from mma_desktop.cli.parser import UsageError, commands_of, did_you_mean

USAGE = "[COMMAND]"
ABOUT = "show the help of the program or of a command"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("topic", nargs="?", metavar="COMMAND")


def run(arguments: argparse.Namespace) -> int:
    commands = commands_of(arguments.program)
    topic: str | None = arguments.topic
    if topic is None:
        arguments.overview().print_help()
    elif topic in commands:
        commands[topic].print_help()
    else:
        raise UsageError(f"there is no command {topic!r}.{did_you_mean(topic, commands)}")
    return DONE
