"""Dictionary definitions of class names, fetched in the background, and prompts as sent to the model."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject, Signal

from mma_desktop.core.class_names import DEFINITION, fill_prompt
from mma_desktop.core.i18n import one_line, tr
from mma_desktop.core.jobs import LaneName
from mma_desktop.engine.backbones.wordnet import definitions
from mma_desktop.ui.base.controller import Controller

LONGEST = 90


class Meanings(QObject):
    """Cached definitions of names; unknown ones are fetched once a backbone is loaded.

    The dictionary is part of timm, whose import takes seconds; the engine lane has imported it by then.
    """

    known = Signal()  # the definitions of another name arrived

    def __init__(self, controller: Controller, parent: QObject) -> None:
        super().__init__(parent)
        self._controller = controller
        self._found: dict[str, tuple[str, ...]] = {}
        self._asked: set[str] = set()
        controller.engine_ready.connect(self.known)

    def of(self, name: str) -> tuple[str, ...] | None:
        """Return the definitions of a name, or None until `known` is emitted."""
        context = self._controller.context
        if name not in self._found and name not in self._asked and context is not None and context.engine.ready:
            self._asked.add(name)

            def answer(found: tuple[str, ...]) -> None:
                self._found[name] = found
                self.known.emit()

            # Independent of the project: the definitions are the same for all.
            self._controller.bridge.run(LaneName.ENGINE, "", lambda _token: definitions(name), done=answer, quick=True)
        return self._found.get(name)


def has_place(template: str) -> bool:
    """Return whether a template contains a placeholder for the class name or its definition."""
    return "{}" in template or DEFINITION in template


def no_place(template: str) -> str:
    return tr(
        "Put {{}} where the class name goes, or {{definition}} where its meaning goes: '{template}' has neither.",
        template=template,
    )


def shown_prompt(template: str, name: str, meanings: Sequence[str] | None) -> str:
    """Return a template's prompt for a name in quotation marks; of several, the first and the number of others."""
    if DEFINITION not in template or meanings is None:
        return _quoted(fill_prompt(template, name))
    if not meanings:
        return tr("nothing: the dictionary does not know '{name}'", name=name)
    first, more = _quoted(fill_prompt(template, name, meanings[0])), len(meanings) - 1
    return tr("{prompt} and {n} more meaning", "{prompt} and {n} more meanings", more, prompt=first) if more else first


def _quoted(prompt: str) -> str:
    shown = prompt if len(prompt) <= LONGEST else f"{prompt[: LONGEST - 1].rstrip()}\u2026"
    return tr("\u201c{prompt}\u201d", prompt=shown)


def sent_prompts(templates: Sequence[str], name: str, meanings: Sequence[str] | None) -> str:
    """Return every prompt of an ensemble for a name, one per line, for a tooltip."""
    lines = []
    for template in templates:
        if DEFINITION in template and meanings:
            lines += [fill_prompt(template, name, meaning) for meaning in meanings]
        elif DEFINITION not in template or meanings is None:
            lines.append(fill_prompt(template, name))
    return "\n".join(map(one_line, lines))
