"""Lists under review on the Label page: suggested examples, suspect labels, duplicates, or a plain list.

A review knows its groups, which one is shown, and which images are left in it. It only reads memory and writes nothing;
`ui.label.review_controller` acts on it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mma_desktop.core.i18n import later, one_line, tr
from mma_desktop.core.types import ImageRow, LabelSource
from mma_desktop.services.context import ProjectContext
from mma_desktop.services.labels.label_errors import SURE, Suspect
from mma_desktop.services.training.label_suggestions import Suggestions
from mma_desktop.ui.grid.image_model import Note
from mma_desktop.ui.grid.preview import file_size
from mma_desktop.ui.widgets import number_format
from mma_desktop.ui.widgets.text_format import alphabetical

Ids = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class ReviewButtons:
    """Texts of a review's buttons; an empty text hides the button. `usual`: most users will accept all.

    `none`: whether there is a button that labels with "None of these".
    """

    accept: str = ""
    reject: str = ""
    every: str = ""
    accept_tip: str = ""
    usual: bool = True
    none: bool = False


def labels_of(context: ProjectContext, ids: Iterable[int]) -> dict[int, int]:
    """Map each of these images to its class id, -1 if unlabelled; leave out removed and unreadable ones."""
    wanted = np.fromiter(ids, np.int64)
    columns = context.index.columns
    where = columns.positions(wanted)
    return {
        int(image): int(columns.class_ids[at])
        for image, at in zip(wanted.tolist(), where.tolist(), strict=True)
        if at >= 0 and not columns.problems[at]
    }


class Review:
    """A plain list under a title: one group, nothing to accept. Base class of the other reviews.

    Args:
        groups: Image ids by group.
        title: The title of the list.
        notes: Second lines of a plain list, by image id.
    """

    buttons = ReviewButtons()
    overwrites = False  # whether accepting replaces labels set by the user

    def __init__(
        self, groups: Sequence[Sequence[int]], title: str = "", notes: Mapping[int, str] | None = None
    ) -> None:
        self.groups = [tuple(map(int, one)) for one in groups]
        self.notes = dict(notes or {})
        self.at = 0
        self.title = title
        self.dismissed: set[int] = set()

    @property
    def ids(self) -> tuple[int, ...]:
        return self.groups[self.at] if self.groups else ()

    def shown(self, context: ProjectContext) -> list[int]:
        """Return the images left to show; a plain list shows all, including unreadable files."""
        return [one for one in labels_of(context, self.ids) if one not in self.dismissed] if self.acts else [*self.ids]

    def headline(self, context: ProjectContext, count: int) -> str:  # noqa: ARG002
        return f"{self.title} ({number_format.pictures(count)})"

    def advice(self, context: ProjectContext) -> str:  # noqa: ARG002
        """Return what the user can do next; may be empty."""
        return ""

    def note(self, context: ProjectContext, image_id: int, row: ImageRow | None) -> Note | None:  # noqa: ARG002
        """Return the second line below an image."""
        return Note(self.notes[image_id]) if image_id in self.notes else None

    @property
    def acts(self) -> bool:
        """Whether images can be accepted and have a second line; False for a plain list."""
        return type(self) is not Review

    def buttons_for(self, context: ProjectContext) -> ReviewButtons:  # noqa: ARG002
        return self.buttons

    def pairs(self, context: ProjectContext, ids: Iterable[int]) -> list[tuple[int, int]]:  # noqa: ARG002
        """Return the (image id, class id) pairs that accepting these images writes, as their second lines say."""
        return []

    def all_pairs(self, context: ProjectContext) -> list[tuple[int, int]]:
        """Return what the button accepts."""
        return self.pairs(context, self.shown(context))

    def source(self, ids: Iterable[int]) -> LabelSource:  # noqa: ARG002
        """Return the source of the labels when these images are accepted."""
        return LabelSource.SUGGESTION

    def is_open(self, context: ProjectContext, at: int) -> bool:  # noqa: ARG002
        """Return whether anything is left to do in a group."""
        return bool(self.shown(context))

    def next_open(self, context: ProjectContext) -> int:
        """Return the next group with something left to do, wrapping around; -1 for none."""
        count = len(self.groups)
        order = (*range(self.at + 1, count), *range(self.at + 1))
        return next((at for at in order if self.is_open(context, at)), -1)


class Proposals(Review):
    """What to label next: images the model is sure of, to accept together, then questions about single images.

    A labelled image leaves the list. Dismissed images stay out of the next suggestions.

    Args:
        found: The suggestions.
        dismissed: Images dismissed before.
    """

    def __init__(self, found: Suggestions, dismissed: Iterable[int] = ()) -> None:
        pairs = (*found.sure, *found.questions)
        super().__init__([[image for image, _ in pairs]])
        self._classes = dict(pairs)
        self._questions = frozenset(image for image, _ in found.questions)
        self._found = found
        self.dismissed.update(dismissed)

    def shown(self, context: ProjectContext) -> list[int]:
        """Return the unlabelled images whose class still exists."""
        known = {one.id for one in context.classes}
        labels = labels_of(context, self.ids)
        return [
            image
            for image, label in labels.items()
            if label < 0 and image not in self.dismissed and self._classes[image] in known
        ]

    def _numbers(self, context: ProjectContext) -> tuple[int, int]:
        here = self.shown(context)
        questions = sum(image in self._questions for image in here)
        return len(here) - questions, questions

    def buttons_for(self, context: ProjectContext) -> ReviewButtons:
        sure, questions = self._numbers(context)
        accept = tr("Accept the sure one", "Accept the {n} sure ones", sure) if sure else ""
        some = bool(sure or questions)
        return ReviewButtons(accept, tr("Skip") if some else "", none=some)

    def headline(self, context: ProjectContext, count: int) -> str:
        sure, questions = self._numbers(context)
        if not count:
            return tr("Learning from your labels")
        parts = [tr("1 sure picture", "{n} sure pictures", sure)] if sure else []
        parts += [tr("1 question", "{n} questions", questions)] if questions else []
        return ", ".join(parts)

    def advice(self, context: ProjectContext) -> str:
        """Return what to do, and what has not been looked at yet."""
        sure, questions = self._numbers(context)
        if not sure and not questions:
            return ""
        text = tr("Look through them: the key of another class corrects one.") if sure and not questions else ""
        if questions:
            text = tr(
                "Is each picture what it says? Enter for yes, the key of the right class for no, or None of these if "
                "it shows none of your classes."
            )
        if not self._found.waiting:
            return text
        waiting = tr(
            "{n} picture is still to be looked at.", "{n} pictures are still to be looked at.", self._found.waiting
        )
        return f"{text} {waiting}"

    def note(self, context: ProjectContext, image_id: int, row: ImageRow | None) -> Note | None:  # noqa: ARG002
        """Return the proposed class, as a question if the model is not sure."""
        one = context.class_by_id(self._classes.get(image_id))
        if one is None or labels_of(context, [image_id]).get(image_id, 0) >= 0:
            return None
        if image_id in self._questions:
            return Note(f"{one_line(one.name)}?", one)
        return Note(f"\u2192 {one_line(one.name)}", one, tr("suggested for {class_name}", class_name=one.name))

    def pairs(self, context: ProjectContext, ids: Iterable[int]) -> list[tuple[int, int]]:
        wanted = set(ids)
        return [(image, self._classes[image]) for image in self.shown(context) if image in wanted]

    def all_pairs(self, context: ProjectContext) -> list[tuple[int, int]]:
        """Return only the sure ones."""
        return [(image, one) for image, one in self.pairs(context, self.ids) if image not in self._questions]

    def source(self, ids: Iterable[int]) -> LabelSource:
        """Return `PERSON` for questions: the user answered about this very image."""
        return LabelSource.PERSON if set(ids) <= self._questions else LabelSource.SUGGESTION


class SuspectedLabels(Review):
    """Labels that look wrong, in one list, the surest first. A relabelled image leaves the list."""

    buttons = ReviewButtons(later("Relabel all"), later("Label is right"), usual=False)
    overwrites = True

    def __init__(self, found: Sequence[Suspect]) -> None:
        super().__init__([[one.image_id for one in found]])
        self._by_id = {one.image_id: one for one in found}

    def shown(self, context: ProjectContext) -> list[int]:
        """Return the images that still have the label that looks wrong."""
        labels = labels_of(context, self.ids)
        return [
            image
            for image, label in labels.items()
            if label == self._by_id[image].class_id and image not in self.dismissed
        ]

    def headline(self, context: ProjectContext, count: int) -> str:
        if not count:
            return tr("No label of this list looks wrong any more")
        sure = sum(self._by_id[image].sure for image in self.shown(context))
        if not 0 < sure < count:
            return tr(
                "{n} label that looks wrong, the surest first", "{n} labels that look wrong, the surest first", count
            )
        return tr(
            "{n} label that looks wrong, the surest first ({sure:,} of them {least} sure or more)",
            "{n} labels that look wrong, the surest first ({sure:,} of them {least} sure or more)",
            count,
            sure=sure,
            least=number_format.whole_percent(SURE),
        )

    def advice(self, context: ProjectContext) -> str:
        if not self.shown(context):
            return ""
        return tr(
            "The second line is what the other labels say. Enter relabels the selected ones, a class "
            "key corrects them, U unlabels."
        )

    def note(self, context: ProjectContext, image_id: int, row: ImageRow | None) -> Note | None:  # noqa: ARG002
        """Return the class that the image looks like."""
        suspect = self._by_id.get(image_id)
        one = context.class_by_id(suspect.looks_like) if suspect is not None else None
        if suspect is None or one is None:
            return None
        sure = number_format.whole_percent(suspect.other)
        spoken = tr("looks like {class_name}, {sure}", class_name=one.title, sure=sure)
        return Note(f"\u2192 {one_line(one.title)}", one, spoken)

    def pairs(self, context: ProjectContext, ids: Iterable[int]) -> list[tuple[int, int]]:
        """Return the class that each image looks like."""
        wanted = set(ids)
        known = {one.id for one in context.classes}
        chosen = ((image, self._by_id[image].looks_like) for image in self.shown(context) if image in wanted)
        return [(image, class_id) for image, class_id in chosen if class_id in known]


class Copies(Review):
    """Groups of near-duplicates, the largest image first.

    `keeper` is the image to keep, 0 for the largest.
    """

    buttons = ReviewButtons(
        later("Keep one"),
        every=later("Keep one in all groups"),
        accept_tip=later(
            "Keep the marked picture with the label; the other copies leave the project, their files stay"
        ),
    )

    def __init__(self, groups: Sequence[Sequence[int]], leaking: frozenset[int] = frozenset()) -> None:
        leaks = [not leaking.isdisjoint(one) for one in groups]
        order = sorted(range(len(groups)), key=lambda at: not leaks[at])  # groups that inflate the accuracy first
        super().__init__([groups[at] for at in order])
        self._leaks = [leaks[at] for at in order]
        self.keeper = 0

    def kept(self, context: ProjectContext) -> int:
        """Return the image to keep in the current group; 0 if there is nothing to choose."""
        here = self.shown(context)
        return self.keeper if self.keeper in here else here[0] if here else 0

    def torn(self, context: ProjectContext) -> list[str]:
        """Return the class names in the current group if the duplicates differ in their labels."""
        found = _classes_of(labels_of(context, self.ids).values())
        return alphabetical(one.name for one in context.classes if one.id in found) if len(found) > 1 else []

    def headline(self, context: ProjectContext, count: int) -> str:  # noqa: ARG002
        return tr(
            "Copies of one picture, {at} of {count}: {pictures}",
            at=self.at + 1,
            count=len(self.groups),
            pictures=number_format.pictures(count),
        )

    def advice(self, context: ProjectContext) -> str:
        """Return what prevents keeping one, or which one is kept."""
        torn = self.torn(context)
        if torn:
            return tr(
                "They carry different labels: {class_names}. Press the key of the right class, then keep one.",
                class_names=", ".join(torn),
            )
        if not self.is_open(context, self.at):
            return tr("One is kept.")
        choose = tr("Select the one to keep, or keep the largest.")
        leak = tr("One is trained on and another tested with.")
        return f"{leak} {choose}" if self._leaks[self.at] else choose

    def note(self, context: ProjectContext, image_id: int, row: ImageRow | None) -> Note | None:
        """Return the image's size and whether it is the one to keep."""
        if row is None:
            return None
        size = f"{row.width} \u00d7 {row.height}, {file_size(row.size)}"
        keep = image_id == self.kept(context) and self.is_open(context, self.at)
        return Note(tr("Keep: {size}", size=size) if keep else size)

    def is_open(self, context: ProjectContext, at: int) -> bool:
        """Return whether at least two are left."""
        return len(labels_of(context, self.groups[at])) > 1

    def choice(self, context: ProjectContext) -> list[tuple[int, list[int]]]:
        """Return what keeping one image of the current group writes; nothing while labels differ."""
        kept = self.kept(context)
        if not kept or not self.is_open(context, self.at) or self.torn(context):
            return []
        return [(kept, [one for one in self.shown(context) if one != kept])]

    def choices(self, context: ProjectContext) -> tuple[list[tuple[int, list[int]]], int]:
        """Return what keeping one image in every group writes, and how many groups differ in labels and are skipped."""
        chosen, left_out = [], 0
        labels = labels_of(context, (image for group in self.groups for image in group))
        for at, group in enumerate(self.groups):
            here = [image for image in group if image in labels]
            if len(here) < 2:
                continue
            if len(_classes_of(labels[image] for image in here)) > 1:
                left_out += 1
            else:
                kept = self.kept(context) if at == self.at else here[0]
                chosen.append((kept, [one for one in here if one != kept]))
        return chosen, left_out


def _classes_of(labels: Iterable[int]) -> set[int]:
    return {label for label in labels if label >= 0}
