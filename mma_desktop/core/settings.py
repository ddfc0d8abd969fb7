"""The program's settings: a typed table that also drives the settings dialog, saved as JSON in the config folder."""

from __future__ import annotations

import hashlib
import json
import logging
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mma_desktop.core.atomic_io import atomic_path, read_regular
from mma_desktop.core.errors import UserError
from mma_desktop.core.i18n import later, tr
from mma_desktop.core.safe_json import parsed_object
from mma_desktop.core.types import DEFAULT_SHOTS, STARTER_ID

log = logging.getLogger(__name__)
FILE_VERSION = 1
MAX_FILE_BYTES = 16 << 20  # a file of settings has a few kB; the list of prompt templates is the longest
RECENT_LIMIT = 12  # projects on Home
SYSTEM = "system"
# Languages of the window, each by its own name.
LANGUAGES = {"en": "English", "de": "Deutsch"}


@dataclass(frozen=True, slots=True)
class Setting:
    """A setting of the program or an option of a method: one of the `choices`, or whatever type its default has.

    Attributes:
        name, label, help: Its name in files, and what users read.
        default: Its value if nothing else was chosen.
        group: Its tab in the settings dialog.
        choices: The values to choose from, with their titles.
        low, high: The range of a number, both included.
        folder: Whether the text is a path of a folder.
    """

    name: str
    default: Any
    label: str
    help: str
    group: str = later("General")
    choices: tuple[tuple[str, str], ...] = ()
    low: Any = 0
    high: Any = 0
    folder: bool = False

    def accepts(self, value: Any) -> bool:
        if isinstance(self.default, str):
            return isinstance(value, str) and (not self.choices or value in dict(self.choices))
        if isinstance(self.default, bool) or isinstance(value, bool):
            return isinstance(self.default, bool) and isinstance(value, bool)
        if not isinstance(value, int | float) or not self.low <= value <= self.high:
            return False
        return isinstance(self.default, float) or value == int(value)

    def check(self, value: Any) -> Any:
        """Validate a value and convert it to this setting's type.

        Raises:
            UserError: The value has another type, is out of range or is not one of the choices.
        """
        if not self.accepts(value):
            raise UserError.tr(
                "{option}: {value!r} is not usable. Give {allowed}.",
                option=tr(self.label),
                value=value,
                allowed=self._allowed(),
            )
        return type(self.default)(value)

    def _allowed(self) -> str:
        if isinstance(self.default, bool):
            return tr("true or false")
        if isinstance(self.default, str):
            return tr("one of {choices}", choices=", ".join(dict(self.choices))) if self.choices else tr("a text")
        if isinstance(self.default, int):
            return tr("a whole number from {low:g} to {high:g}", low=self.low, high=self.high)
        return tr("a number from {low:g} to {high:g}", low=self.low, high=self.high)


SETTINGS: tuple[Setting, ...] = (
    Setting(
        "language",
        SYSTEM,
        later("Language"),
        later("Also how numbers and dates are written."),
        choices=((SYSTEM, later("As the system")), *LANGUAGES.items()),
    ),
    Setting(
        "theme",
        SYSTEM,
        later("Theme"),
        later("Colours of the window."),
        choices=((SYSTEM, later("As the system")), ("light", later("Light")), ("dark", later("Dark"))),
    ),
    Setting(
        "projects_folder",
        "",
        later("Folder for new projects"),
        later("Where new projects are offered. Empty: mma-desktop in your documents."),
        folder=True,
    ),
    Setting(
        "cache_gigabytes",
        2,
        later("Space for what commands learn of pictures, in GB"),
        later("What was not used for longest goes first. 0 keeps nothing. Projects keep their own, without a limit."),
        high=10_000,
    ),
    Setting(
        "advance_after_label",
        True,
        later("Move to the next picture after a label"),
        later("With it, a class key labels the picture and selects the next one."),
        later("Labelling"),
    ),
    Setting(
        "shots",
        DEFAULT_SHOTS,
        later("Shots per class"),
        later("How many labelled pictures of each base class are trained on. The paper uses 16."),
        later("Training"),
        low=1,
        high=256,
    ),
    Setting(
        "prompt_template",
        "",
        later("Prompt template of new projects"),
        later("How a class name is put to the text encoder, {} for the name. Empty: what suits the image model."),
        later("Training"),
    ),
    Setting(
        "backbone",
        STARTER_ID,
        later("Image model of new projects"),
        later("What looks at the pictures, before anything is learned."),
        later("Training"),
    ),
    Setting(
        "device",
        "auto",
        later("Device"),
        later("Where the model runs. Automatic takes a GPU where one works, else the processor."),
        later("Training"),
        choices=(
            ("auto", later("Automatic")),
            ("cpu", later("Processor (CPU)")),
            ("cuda", later("NVIDIA or AMD GPU (CUDA/ROCm)")),
            ("mps", later("Apple GPU (MPS)")),
            ("xpu", later("Intel GPU (XPU)")),
        ),
    ),
    Setting(
        "embed_on_import",
        True,
        later("Look at pictures as soon as they are imported"),
        later("Suggestions and predictions need it; switch it off on a slow machine."),
        later("Labelling"),
    ),
)

BY_NAME: Mapping[str, Setting] = {setting.name: setting for setting in SETTINGS}


class Settings:
    """Values of the settings and the list of recent projects, saved in `folder/settings.json`.

    If the file cannot be read or written, defaults and changes still apply until the program exits.

    Args:
        folder: Folder of the file.
        writes: Whether to write the file; False if the folder is known (and reported) to be read-only.

    Attributes:
        trouble: Why the file could not be read or written last time, as a sentence; else empty.
        on_trouble: Called with each new such sentence.
    """

    def __init__(self, folder: Path, writes: bool = True) -> None:
        self.path = folder / "settings.json"
        self.trouble = ""
        self.on_trouble: Callable[[str], None] | None = None
        self._writes = writes
        self._values: dict[str, Any] = {}
        self._window: dict[str, str] = {}
        self._watching: dict[str, str] = {}
        self._recent: list[str] = []
        self._load()

    def get(self, name: str) -> Any:
        """The value of a setting, or its default. Raises KeyError if there is no such setting."""
        return self._values.get(name, BY_NAME[name].default)

    def set(self, name: str, value: Any) -> None:
        """Change a setting and write the file. Raises UserError if the value does not fit."""
        value = BY_NAME[name].check(value)
        if self.get(name) != value:
            self._values[name] = value
            self._save()

    def window_state(self, name: str) -> str:
        """A saved window, splitter or header state (base64), or ""."""
        return self._window.get(name, "")

    def set_window_states(self, states: Mapping[str, str]) -> None:
        if any(self._window.get(name) != state for name, state in states.items()):
            self._window.update(states)
            self._save()

    # A project from someone else must not choose which images of this computer it imports.

    def allows_watching(self, project: Path, folders: Sequence[Path]) -> bool:
        """Whether the user of this computer agreed that a project watches exactly these folders."""
        return self._watching.get(_digest([project])) == _digest(folders)

    def allow_watching(self, project: Path, folders: Sequence[Path]) -> None:
        self._watching[_digest([project])] = _digest(folders)
        self._save()

    def recent(self) -> list[Path]:
        """Recent project folders, newest first, including missing ones."""
        return [Path(text) for text in self._recent]

    def missing_recent(self) -> list[Path]:
        """Recent projects that no longer exist or are not accessible; checks the disk."""
        return [folder for folder in self.recent() if not os.path.isdir(folder)]  # noqa: PTH112 - Path.is_dir raises

    def add_recent(self, folder: Path) -> None:
        text = str(folder)
        self._recent = [text, *(other for other in self._recent if other != text)][:RECENT_LIMIT]
        self._save()

    def remove_recent(self, folder: Path) -> None:
        self._recent = [other for other in self._recent if other != str(folder)]
        self._save()

    def _load(self) -> None:
        try:
            data = parsed_object(read_regular(self.path, MAX_FILE_BYTES))
            if data["version"] > FILE_VERSION:
                log.warning("%s is of a newer version; its known settings are used", self.path)
            values, window, recent = data["values"], data.get("window", {}), data.get("recent", [])
            self._values = {k: v for k, v in values.items() if k in BY_NAME and BY_NAME[k].accepts(v)}
            self._window = {k: v for k, v in window.items() if isinstance(v, str)}
            self._watching = {k: v for k, v in data.get("watching", {}).items() if isinstance(v, str)}
            self._recent = [text for text in recent if isinstance(text, str)][:RECENT_LIMIT]
        except (FileNotFoundError, NotADirectoryError):
            return
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            # A damaged file must not prevent the start; it is kept for inspection.
            self.trouble = tr("The settings in {path} could not be read; the defaults are used.", path=self.path)
            log.warning("%s %r", self.trouble, error)
            if self._writes:
                with suppress(OSError):
                    self.path.replace(self.path.with_suffix(".damaged.json"))

    def _save(self) -> None:
        if not self._writes:
            return
        recent = [text.encode("utf-8", "replace").decode() for text in self._recent]
        kept = {"values": self._values, "window": self._window, "watching": self._watching, "recent": recent}
        data = {"version": FILE_VERSION, **kept}
        former, self.trouble = self.trouble, ""
        try:
            with atomic_path(self.path) as temporary:
                temporary.write_text(json.dumps(data, indent=1, ensure_ascii=False), "utf-8")
        except UserError as error:
            self.trouble = str(error)
            if self.trouble != former:
                log.warning("Settings and recent projects are not kept: %s", self.trouble)
                if self.on_trouble is not None:
                    self.on_trouble(self.trouble)


def _digest(paths: Iterable[Path]) -> str:
    text = "\n".join(map(str, paths))
    return hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()[:32]
