"""The command `mma-desktop completion`: a script that completes commands, options and values in a shell."""

from __future__ import annotations

import argparse
import re
import shlex
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from mma_desktop.cli.common import DONE, method
from mma_desktop.cli.outputs import OUTPUTS, input_path
from mma_desktop.cli.parser import commands_of
from mma_desktop.cli.progress import say
from mma_desktop.engine.backbones.backbone_table import BACKBONES
from mma_desktop.engine.methods.method_table import METHODS

USAGE = "bash|zsh|fish"
ABOUT = "print a script that completes this program's commands and options in a shell"
PROGRAM = "mma-desktop"
HOW = """To complete in every new shell:

  bash   mma-desktop completion bash > ~/.local/share/bash-completion/completions/mma-desktop
  zsh    mma-desktop completion zsh > FOLDER/_mma-desktop, where FOLDER is in $fpath
  fish   mma-desktop completion fish > ~/.config/fish/completions/mma-desktop.fish"""
PATHS = (Path, input_path, *OUTPUTS)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.epilog = HOW
    parser.add_argument("shell", choices=tuple(SCRIPTS), metavar="SHELL", help=", ".join(SCRIPTS))


def run(arguments: argparse.Namespace) -> int:
    say(script(arguments.program, arguments.shell))
    return DONE


def script(program: argparse.ArgumentParser, shell: str) -> str:
    """The script for a shell, made from the parser of all commands."""
    return SCRIPTS[shell](commands_of(program)).rstrip("\n")


def _options(command: argparse.ArgumentParser) -> list[argparse.Action]:
    return [one for one in command._actions if one.option_strings]


def _words(action: argparse.Action, commands: Iterable[str]) -> list[str] | None:
    """The words that an argument may be, if they are known."""
    if action.dest == "topic":
        return list(commands)
    if action.type is method:
        return [one.id for one in METHODS]
    if action.dest == "backbone":
        return [one.id for one in BACKBONES]
    return None if action.choices is None else [str(one) for one in action.choices]


def _positionals(command: argparse.ArgumentParser) -> list[argparse.Action]:
    return [action for action in command._actions if not action.option_strings]


def _positional_words(command: argparse.ArgumentParser, commands: Iterable[str]) -> list[str]:
    return [word for action in _positionals(command) for word in _words(action, commands) or ()]


def _about(action: argparse.Action) -> str:
    text = (action.help or "") % {**vars(action), "prog": PROGRAM}
    return " ".join(text.split())


# ------------------------------------------------------------------------------ bash

BASH = """# bash completion for mma-desktop
_mma_desktop() {{
    local current=${{COMP_WORDS[COMP_CWORD]}} previous=${{COMP_WORDS[COMP_CWORD-1]}} command=${{COMP_WORDS[1]}} words=
    COMPREPLY=()
    if [[ $current == = ]]; then
        current=
    elif [[ $previous == = ]]; then
        previous=${{COMP_WORDS[COMP_CWORD-2]}}
    fi
    if (( COMP_CWORD == 1 )); then
        words={commands}
    else
        case "$command:$previous" in
{values}
            *) case "$command" in
{options}
            esac ;;
        esac
    fi
    [[ -n $words ]] && mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")
}}
complete -o bashdefault -o default -F _mma_desktop mma-desktop
"""


def _bash(commands: Mapping[str, argparse.ArgumentParser]) -> str:
    values, options = [], []
    for name, command in commands.items():
        flags = [flag for one in _options(command) for flag in one.option_strings]
        free = []
        for one in _options(command):
            patterns = [f"{name}:{flag}" for flag in one.option_strings if one.nargs != 0]
            if patterns and (words := _words(one, commands)):
                values.append(f"            {'|'.join(patterns)}) words={shlex.quote(' '.join(words))} ;;")
            else:
                free += patterns
        if free:
            values.append(f"            {'|'.join(free)}) return ;;")
        line = f"                {name}) if [[ $current == -* ]]; then words={shlex.quote(' '.join(flags))}"
        if positional := _positional_words(command, commands):
            line += f"; else words={shlex.quote(' '.join(positional))}"
        options.append(f"{line}; fi ;;")
    return BASH.format(commands=shlex.quote(" ".join(commands)), values="\n".join(values), options="\n".join(options))


# ------------------------------------------------------------------------------- zsh

ZSH = """#compdef mma-desktop
_mma_desktop() {{
    local curcontext=$curcontext state line
    typeset -A opt_args
    _arguments -C '1: :->command' '*:: :->arguments'
    case $state in
        command)
            local -a commands=(
{commands}
            )
            _describe -t commands command commands
            _files
            ;;
        arguments)
            case $words[1] in
{arguments}
            esac
            ;;
    esac
}}
if [[ $funcstack[1] == _mma-desktop ]]; then
    _mma_desktop "$@"
else
    compdef _mma_desktop mma-desktop
fi
"""


def _zsh(commands: Mapping[str, argparse.ArgumentParser]) -> str:
    pairs = [f"{name}:{_zsh_text(one.description or '')}" for name, one in commands.items()]
    described = [f"                {shlex.quote(pair)}" for pair in pairs]
    arguments = []
    for name, command in commands.items():
        specs = [spec for one in _options(command) for spec in _zsh_specs(one, commands)]
        specs += [_zsh_place(place, one, commands) for place, one in enumerate(_positionals(command), 1)]
        lines = " \\\n".join(f"                        {shlex.quote(spec)}" for spec in specs)
        arguments.append(
            f"                {name})\n                    _arguments -s \\\n{lines}\n                    ;;"
        )
    return ZSH.format(commands="\n".join(described), arguments="\n".join(arguments))


def _zsh_value(action: argparse.Action, commands: Iterable[str]) -> str:
    words = _words(action, commands)
    kind = f"({' '.join(words)})" if words else "_files" if action.type in PATHS else " "
    return f":{_zsh_text(str(action.metavar or action.dest))}:{kind}"


def _zsh_place(place: int, action: argparse.Action, commands: Iterable[str]) -> str:
    return f"{'*' if action.nargs in ('*', '+') else place}{_zsh_value(action, commands)}"


def _zsh_specs(action: argparse.Action, commands: Iterable[str]) -> list[str]:
    repeated = "*" if isinstance(action, argparse._AppendAction) else ""
    value = "" if action.nargs == 0 else _zsh_value(action, commands)
    return [f"{repeated}{flag}[{_zsh_text(_about(action))}]{value}" for flag in action.option_strings]


def _zsh_text(text: str) -> str:
    return re.sub(r"([\[\]:\\])", r"\\\1", text)


# ------------------------------------------------------------------------------ fish


def _fish(commands: Mapping[str, argparse.ArgumentParser]) -> str:
    start = f"complete -c {PROGRAM}"
    lines = ["# fish completion for mma-desktop"]
    for name, command in commands.items():
        lines.append(f"{start} -n __fish_use_subcommand -a {name} -d {_fish_text(command.description or '')}")
    for name, command in commands.items():
        here = f"{start} -n '__fish_seen_subcommand_from {name}'"
        if positional := _positional_words(command, commands):
            files = "" if any(action.type in PATHS for action in _positionals(command)) else " -f"
            lines.append(f"{here}{files} -a {_fish_text(' '.join(positional))}")
        for one in _options(command):
            flags = " ".join(
                f"-l {flag[2:]}" if flag.startswith("--") else f"-s {flag[1:]}" for flag in one.option_strings
            )
            words = _words(one, commands)
            value = "" if one.nargs == 0 else f" -x -a {_fish_text(' '.join(words))}" if words else " -r"
            lines.append(f"{here} {flags}{value} -d {_fish_text(_about(one))}")
    return "\n".join(lines)


def _fish_text(text: str) -> str:
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


SCRIPTS: Mapping[str, Callable[[Mapping[str, argparse.ArgumentParser]], str]] = {
    "bash": _bash,
    "zsh": _zsh,
    "fish": _fish,
}
