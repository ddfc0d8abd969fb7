"""The command `mma-desktop completion`: a script that completes commands, options and values in a shell.

The script is a line or two that asks this program, so it fits whichever version is there.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Mapping, Sequence

from mma_desktop.cli.common import DONE, method
from mma_desktop.cli.parser import commands_of
from mma_desktop.cli.progress import say
from mma_desktop.engine.backbones.backbone_table import BACKBONES
from mma_desktop.engine.methods.method_table import METHODS

USAGE = "bash|zsh|fish"
ABOUT = "print a script that completes this program's commands and options in a shell"
HOW = """To complete in every new shell:

  bash   mma-desktop completion bash > ~/.local/share/bash-completion/completions/mma-desktop
  zsh    mma-desktop completion zsh > FOLDER/_mma-desktop, where FOLDER is in $fpath
  fish   mma-desktop completion fish > ~/.config/fish/completions/mma-desktop.fish"""
SCRIPTS: Mapping[str, str] = {
    "bash": """# bash completion for mma-desktop
_mma_desktop() {
    mapfile -t COMPREPLY < <(mma-desktop completion bash -- "${COMP_WORDS[@]:0:COMP_CWORD+1}" 2>/dev/null)
}
complete -o bashdefault -o default -F _mma_desktop mma-desktop""",
    "zsh": """#compdef mma-desktop
_mma_desktop() {
    local -a found=("${(@f)$(mma-desktop completion zsh -- "${(@)words[1,CURRENT]}" 2>/dev/null)}")
    if [[ -n ${found[1]} ]]; then _describe mma-desktop found; else _files; fi
}
if [[ $funcstack[1] == _mma-desktop ]]; then
    _mma_desktop "$@"
else
    compdef _mma_desktop mma-desktop
fi""",
    "fish": """# fish completion for mma-desktop
complete -c mma-desktop -a '(mma-desktop completion fish -- (commandline -opc) (commandline -ct) 2>/dev/null)'""",
}
SHOWN = {"bash": "{word}", "zsh": "{escaped}:{about}", "fish": "{word}\t{about}"}
"""How each shell takes a word and what it is about."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.epilog = HOW
    parser.add_argument("shell", choices=tuple(SCRIPTS), metavar="SHELL", help=", ".join(SCRIPTS))
    parser.add_argument("typed", nargs=argparse.REMAINDER, help=argparse.SUPPRESS)


def run(arguments: argparse.Namespace) -> int:
    """Print the script for a shell, or what the last of the words that were typed there may become, one a line."""
    if not arguments.typed:
        say(SCRIPTS[arguments.shell])
        return DONE
    if arguments.typed[0] in {"-h", "--help"}:
        commands_of(arguments.program)["completion"].print_help()
        return DONE
    # The "--" before the words is the scripts' own; whether argparse takes it away depends on Python's version.
    typed = arguments.typed[arguments.typed[0] == "--" :]
    for word, about in suggestions(arguments.program, typed[1:]).items():
        escaped = word.replace("\\", "\\\\").replace(":", "\\:")
        say(SHOWN[arguments.shell].format(word=word, escaped=escaped, about=" ".join(about.split())))
    return DONE


def suggestions(program: argparse.ArgumentParser, typed: Sequence[str]) -> dict[str, str]:
    """What the last of the words after the program's name may become, each with what it is about; {} if unknown."""
    *before, current = [word for word in typed if word != "="] + [""] * (list(typed[-1:]) in ([], ["="]))
    found = _possible(program, before, current)
    return {word: about for word, about in found.items() if word.startswith(current)}


def _possible(program: argparse.ArgumentParser, before: Sequence[str], current: str) -> Mapping[str, str]:
    commands = commands_of(program)
    if not before:
        return {name: command.description or "" for name, command in commands.items()}
    if before[0] not in commands:
        return {}
    actions = commands[before[0]]._actions
    options = {flag: action for action in actions for flag in action.option_strings}
    flag, equals, _ = current.partition("=")
    if equals and flag in options:
        return {f"{flag}={word}": "" for word in _words(options[flag], commands)}
    place, asked = 0, None
    for word in before[1:]:
        is_value = asked is not None and asked.nargs != 0
        asked = None if is_value else options.get(word)
        place += asked is None and not is_value
    if asked is not None and asked.nargs != 0:
        return dict.fromkeys(_words(asked, commands), "")
    if current.startswith("-"):
        return {flag: (action.help or "") % {**vars(action), "prog": "mma-desktop"} for flag, action in options.items()}
    positional = [action for action in actions if not action.option_strings][place : place + 1]
    return dict.fromkeys((word for action in positional for word in _words(action, commands)), "")


def _words(action: argparse.Action, commands: Iterable[str]) -> Iterable[str]:
    """The words that an argument may be, as far as they are known."""
    if action.dest == "topic":
        return commands
    if action.type is method:
        return [method_spec.id for method_spec in METHODS]
    if action.dest == "backbone":
        return [spec.id for spec in BACKBONES]
    return map(str, action.choices or ())
