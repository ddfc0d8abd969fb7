"""The command `completion`: a shell script that asks this program, so that it fits whichever version is there."""

from __future__ import annotations

import argparse

from mma_desktop.cli.common import DONE, method
from mma_desktop.cli.parser import commands_of
from mma_desktop.cli.progress import echo
from mma_desktop.engine.backbones.backbone_table import BACKBONES
from mma_desktop.engine.methods.method_table import METHODS

USAGE = "bash|zsh|fish"
ABOUT = "print a script that completes this program's commands and options in a shell"
HOW = """To complete in every new shell:

  bash   mma-desktop completion bash > ~/.local/share/bash-completion/completions/mma-desktop
  zsh    mma-desktop completion zsh > FOLDER/_mma-desktop, where FOLDER is in $fpath
  fish   mma-desktop completion fish > ~/.config/fish/completions/mma-desktop.fish"""
SHELLS = ("bash", "zsh", "fish")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.epilog = HOW
    parser.add_argument("shell", choices=SHELLS, metavar="SHELL", help=", ".join(SHELLS))


def run(arguments: argparse.Namespace) -> int:
    from argcomplete.shell_integration import shellcode  # of no use to other commands, and takes 20 ms

    echo(shellcode(["mma-desktop"], shell=arguments.shell).strip())
    return DONE


def answer(program: argparse.ArgumentParser) -> None:
    """Tell a shell, which asks in the environment, what may follow, and end the process."""
    import argcomplete

    commands = commands_of(program)
    words = {"topic": list(commands), "backbone": [spec.id for spec in BACKBONES]}
    for command in commands.values():
        for action in command._actions:
            known = [spec.id for spec in METHODS] if action.type is method else words.get(action.dest)
            if known:  # which the argument itself does not list as its choices
                action.completer = lambda known=known, **_: known  # type: ignore[attr-defined]
    argcomplete.autocomplete(program)
