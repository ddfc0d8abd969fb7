"""What a project should hold, in plain Python, written from what the person is promised.

Pictures are told by their names here; the ids that the project gives them change when they are removed and come again.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from mma_desktop.core.errors import UserError
from mma_desktop.core.types import ImageClass, LabelSource, Use

WEIGHT = {LabelSource.FOLDER: 0, LabelSource.SUGGESTION: 1, LabelSource.PERSON: 2}
Labels = dict[str, "Label"]


@dataclass(frozen=True)
class Label:
    """The class of a picture, who said so, and what it is pinned for."""

    class_id: int
    source: LabelSource
    use: Use | None = None


@dataclass(frozen=True)
class Step:
    """One edit: pictures that left and that came by it, labels before and after, classes before and after."""

    title: str
    left: frozenset[str]
    came: frozenset[str]
    labels: dict[str, tuple[Label | None, Label | None]]
    classes: tuple[list[ImageClass], list[ImageClass]]

    @property
    def empty(self) -> bool:
        return not self.left and not self.labels and self.classes[0] == self.classes[1]


@dataclass
class Model:
    """The state that the person has been told of."""

    classes: list[ImageClass] = field(default_factory=list)
    present: set[str] = field(default_factory=set)
    broken: set[str] = field(default_factory=set)
    labels: Labels = field(default_factory=dict)
    done: list[Step] = field(default_factory=list)
    undone: list[Step] = field(default_factory=list)

    # ------------------------------------------------------------------ edits

    def edit(self, title: str, *, labels: Labels | None = None, classes: list[ImageClass] | None = None,
             removed: set[str] | None = None) -> None:  # fmt: skip
        """Take over a new state; a step of undo unless nothing changed."""
        gone = frozenset((removed or set()) & self.present)
        after = {name: one for name, one in (self.labels if labels is None else labels).items() if name not in gone}
        ordered = self.classes if classes is None else numbered(classes)
        step = Step(title, gone, frozenset(), changed(self.labels, after), (self.classes, ordered))
        self.present -= gone
        self.labels, self.classes = after, ordered
        if not step.empty:
            self.done.append(step)
            self.undone.clear()

    def assign(self, names: list[str], class_id: int | None, source: LabelSource) -> Labels:
        """The labels after `names` were labelled, or unlabelled with None."""
        after = dict(self.labels)
        for name in names:
            if class_id is None:
                after.pop(name, None)
            else:
                before = after.get(name)
                after[name] = Label(class_id, source, before.use if before else None)
        return after

    def accept(self, pairs: list[tuple[str, int]]) -> Labels:
        """The labels after predictions were accepted: what a person said stays."""
        after = dict(self.labels)
        for name, class_id in pairs:
            before = after.get(name)
            if before is None or WEIGHT[before.source] <= WEIGHT[LabelSource.SUGGESTION]:
                after[name] = Label(class_id, LabelSource.SUGGESTION, before.use if before else None)
        return after

    def pin(self, names: list[str], use: Use | None) -> Labels:
        """The labels after a use was set; refused where none of the pictures is labelled."""
        if not any(name in self.labels for name in names):
            raise UserError("no label")
        return {name: replace(one, use=use) if name in names else one for name, one in self.labels.items()}

    def keep_one(self, kept: str, copies: list[str]) -> tuple[Labels, set[str]]:
        """The labels after copies left, and who left."""
        if kept not in self.present or kept in self.broken:
            return self.labels, set()
        there = [name for name in copies if name in self.present and name != kept]
        said = [self.labels[name] for name in (kept, *there) if name in self.labels]
        if len({one.class_id for one in said}) > 1:
            raise UserError("different labels")
        after = dict(self.labels)
        if said and kept not in after:
            after[kept] = next((one for one in said if one.source is LabelSource.PERSON), said[0])
        return after, set(there)

    # ------------------------------------------------------------------ undo

    @property
    def undo_title(self) -> str | None:
        return self.done[-1].title if self.done else None

    @property
    def redo_title(self) -> str | None:
        return self.undone[-1].title if self.undone else None

    def undo(self) -> None:
        """Take the last step back."""
        if self.done:
            self.undone.append(self._reverted(self.done.pop()))

    def redo(self) -> None:
        """Bring back what was undone last."""
        if self.undone:
            self.done.append(self._reverted(self.undone.pop()))

    def _reverted(self, step: Step) -> Step:
        """Go back by one step, as far as imports since then left room for it; returns what that really changed."""
        before, there = dict(self.labels), set(self.present)
        self.present = (self.present | step.left) - step.came
        for name, (old, _) in step.labels.items():
            if old is None:
                self.labels.pop(name, None)
            elif name not in there or name not in step.left or name not in self.labels:
                self.labels[name] = old
        self.labels = {name: one for name, one in self.labels.items() if name in self.present}
        old_classes, new_classes = step.classes
        self.classes = old_classes
        left, came = frozenset(there - self.present), frozenset(self.present - there)
        return Step(step.title, left, came, changed(before, self.labels), (new_classes, old_classes))

    def forget_steps(self) -> None:
        """The project was closed: undo ends there."""
        self.done.clear()
        self.undone.clear()


def numbered(classes: list[ImageClass]) -> list[ImageClass]:
    """Classes with their places in the list."""
    return [replace(one, position=place) for place, one in enumerate(classes)]


def changed(before: Labels, after: Labels) -> dict[str, tuple[Label | None, Label | None]]:
    """Each label that is another one, before and after."""
    names = before.keys() | after.keys()
    return {name: (before.get(name), after.get(name)) for name in names if before.get(name) != after.get(name)}
