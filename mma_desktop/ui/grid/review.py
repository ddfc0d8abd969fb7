"""What is under review on the Label page: suggestions, suspect labels, duplicates, or a plain list.

A review says what is asked about single images, which are listed, and what accepting writes. It writes nothing itself.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np

from mma_desktop.core.class_names import listed
from mma_desktop.core.events import Changes
from mma_desktop.core.i18n import one_line, tr
from mma_desktop.core.types import ImageClass, ImageRow, LabelSource, Role
from mma_desktop.services.context import ProjectContext
from mma_desktop.services.image_index import Show, looked_up
from mma_desktop.services.labels.label_errors import Suspect
from mma_desktop.services.predicting.none_of_these import label_choices
from mma_desktop.services.training.label_suggestions import Suggestions
from mma_desktop.services.training.spot_checks import NONE, Check, read, store_check, stored
from mma_desktop.ui.grid.image_model import Note
from mma_desktop.ui.grid.preview import file_size
from mma_desktop.ui.widgets import text_format
from mma_desktop.ui.widgets.text_format import alphabetical


@dataclass(frozen=True, slots=True)
class ReviewButtons:
    """Texts of a review's buttons; an empty text hides the button. `ask` shows the questions of the review."""

    accept: str = ""
    reject: str = ""
    ask: str = ""


@dataclass(frozen=True)
class Accepted:
    """What accepting writes: (image id, class id) pairs, whether they replace labels, and the source of the labels.

    `keep` has (image to keep, its copies), which go; `edit` writes something else.
    """

    pairs: Sequence[tuple[int, int]] = ()
    overwrite: bool = False
    source: LabelSource = LabelSource.SUGGESTION
    keep: Sequence[tuple[int, Sequence[int]]] = ()
    edit: Callable[[], Changes] | None = None

    def __len__(self) -> int:
        return len(self.pairs) + len(self.keep) + (self.edit is not None)


@dataclass(frozen=True, slots=True)
class Question:
    """Does it show this class? `label` is what the image is labelled as at the moment.

    `beside` is another image to compare it with, shown on its right, and `wording` words of one's own for the question.
    """

    image_id: int
    about: ImageClass
    label: ImageClass | None = None
    beside: int | None = None
    wording: str = ""

    @property
    def text(self) -> str:
        if self.wording:
            text = self.wording
        elif self.about.role is Role.NONE:
            text = tr("Does it show none of your classes?")
        else:  # in quotation marks, so that it reads rightly whatever was typed: metal, apples, 3 legs
            text = tr("Does it show '{class_name}'?", class_name=self.about.title)
        if self.label is None or self.label.id == self.about.id:
            return text
        return tr("Labelled {label}. {question}", label=self.label.title, question=text)


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
    """A plain list of an open project under a title: nothing to accept. Base class of the others."""

    can_accept = False  # whether images can be accepted or skipped, and then leave its list
    renewed = False  # whether others take its place as the model learns
    confirms = False  # whether leaving an image out says that its label is right
    list_first = False  # whether its list is shown before it asks its questions
    whole = False  # whether its images, which are few, have the page for themselves and are in sight together
    picks = ""  # the icon of an image that a click selected beside others; empty where a click selects one alone
    picked: frozenset[int] = frozenset()  # images that are selected where its list is shown

    def __init__(
        self,
        context: ProjectContext,
        ids: Iterable[int],
        title: str = "",
        notes: Mapping[int, str] | None = None,
    ) -> None:
        self.context = context
        self.ids = tuple(map(int, ids))
        self.notes = dict(notes or {})
        self.title = title
        self.dismissed: set[int] = set()

    @property
    def over(self) -> bool:
        """Whether its list is done, so that only its questions are left."""
        return False

    # ------------------------------------------------------------------ questions about single images

    def question(self, image_id: int) -> Question | None:  # noqa: ARG002
        """Return what is asked about an image, answered or not; None if nothing is, or the image or class is gone."""
        return None

    def next_question(self, pending: Mapping[int, int]) -> Question | None:
        """Return what to ask first; `pending` are answers that are still being written, class id by image id."""
        lost = self.context.index.lost
        here = (image for image in self.shown() if image not in pending and not lost.state(image))
        return next((asked for image in here if (asked := self.question(image)) is not None), None)

    def is_asked(self, image_id: int) -> bool:
        asked = self.question(image_id)
        return asked is not None and asked.label is None

    def keep_asked(self, asked: Iterable[Question]) -> None:
        """Go on asking what a former review has asked."""

    def questions_left(self) -> int:
        return 0

    @property
    def waits(self) -> bool:
        """Whether there is nothing to ask or show before more images have been looked at."""
        return False

    def beyond(self, shots: int) -> str:  # noqa: ARG002
        """Return why its questions are no more about what classes lack of their examples; empty where they are."""
        return ""

    def list_text(self) -> str:
        """Return the text of the button that shows the list instead of the questions; empty without one."""
        return ""

    def end_text(self) -> str:
        """Return what is said once nothing of it is left; empty for nothing."""
        return ""

    # ------------------------------------------------------------------ the list

    def shown(self) -> list[int]:
        """Return the images left to show; a plain list shows all, including unreadable files."""
        return (
            [image for image in labels_of(self.context, self.ids) if image not in self.dismissed]
            if self.can_accept
            else [*self.ids]
        )

    def headline(self, count: int) -> str:
        return f"{self.title} ({text_format.pictures(count)})"

    def advice(self, chosen: Sequence[int]) -> str:  # noqa: ARG002
        """Return what to do with the list, and with the selected images."""
        return ""

    @property
    def has_notes(self) -> bool:
        return bool(self.notes)

    def note(self, image_id: int, row: ImageRow | None) -> Note | None:  # noqa: ARG002
        return Note(self.notes[image_id]) if image_id in self.notes else None

    def caption(self, image_id: int, guess: ImageClass | None) -> str:  # noqa: ARG002
        """Return what stands below an image in place of its prediction, "" for that itself."""
        return ""

    def buttons(self, chosen: Sequence[int]) -> ReviewButtons:  # noqa: ARG002
        """Return the buttons while these images are selected: each says to how many it does something."""
        return ReviewButtons(ask=tr("One by one") if self.questions_left() else "")

    def choose(self, chosen: Sequence[int]) -> None:
        """Take the selection of the user."""

    def accepted(self, ids: Iterable[int]) -> Accepted:  # noqa: ARG002
        """Return what accepting these images writes, as their second lines say."""
        return Accepted()


def nothing_more(context: ProjectContext, suggestions: Suggestions, shots: int) -> str:
    """Why nothing gives a class more of the examples that it is to have."""
    names = listed([item.name for item in context.classes if item.id in suggestions.lacking])
    if not suggestions.lacking:
        text = tr("Every class has its example.", "Every class has its {n} examples.", shots)
    elif not context.index.numbers()[Show.UNLABELLED]:
        return tr("No unlabelled picture is left. Add pictures for more examples of {class_names}.", class_names=names)
    else:
        text = tr("No other unlabelled picture looks like {class_names}.", class_names=names)
    if not suggestions.lost:
        return text
    lost = tr(
        "{n} is left out, as its file is missing or was changed.",
        "{n} are left out, as their files are missing or were changed.",
        suggestions.lost,
    )
    return f"{text} {lost}"


class Proposals(Review):
    """What to label next: questions about single images, and a list of images that the model is sure of."""

    can_accept = renewed = True

    def __init__(self, context: ProjectContext, suggestions: Suggestions, dismissed: Iterable[int] = ()) -> None:
        super().__init__(context, (image for image, _ in suggestions.confident))
        self._classes = dict((*suggestions.confident, *suggestions.questions))
        self._asked: dict[int, int] = {}
        self._suggestions = suggestions
        self.dismissed.update(dismissed)

    def question(self, image_id: int) -> Question | None:
        label = labels_of(self.context, [image_id]).get(image_id)
        about = self.context.class_by_id(self._asked.get(image_id, self._classes.get(image_id)))
        if label is None or about is None:
            return None
        return Question(
            image_id, about, next((choice for choice in self.context.every_class if choice.id == label), None)
        )

    def keep_asked(self, asked: Iterable[Question]) -> None:
        self._asked.update((question.image_id, question.about.id) for question in asked)

    def _open(self, pending: Collection[int]) -> list[tuple[int, int]]:
        known = {choice.id for choice in self.context.classes}
        labels = labels_of(self.context, (image for image, _ in self._suggestions.questions))
        done, lost = self.dismissed.union(pending), self.context.index.lost
        return [
            (image, about)
            for image, about in self._suggestions.questions
            if labels.get(image, 0) < 0 and image not in done and about in known and not lost.state(image)
        ]

    def next_question(self, pending: Mapping[int, int]) -> Question | None:
        return next((self.question(image) for image, _ in self._open(pending)), None)

    def questions_left(self) -> int:
        return len(self._open(()))

    @property
    def waits(self) -> bool:
        return self._suggestions.waiting > 0 and not len(self._suggestions)

    def beyond(self, shots: int) -> str:
        made = self._suggestions
        return nothing_more(self.context, made, shots) if made.beyond and not made.waiting else ""

    def list_text(self) -> str:
        count = len(self.shown())
        return tr("Look over {n} sure one", "Look over {n} sure ones", count) if count else ""

    def shown(self) -> list[int]:
        # A class may have been deleted, or the image labelled, since it was suggested.
        known = {choice.id for choice in self.context.classes}
        return [
            image
            for image, label in labels_of(self.context, self.ids).items()
            if label < 0 and image not in self.dismissed and self._classes[image] in known
        ]

    def buttons(self, chosen: Sequence[int]) -> ReviewButtons:
        here, asked = len(set(chosen).intersection(self.shown())), self.questions_left()
        return ReviewButtons(
            accept=tr("Accept {n}", "Accept {n}", here),
            reject=tr("Leave {n} out", "Leave {n} out", here),
            ask=tr("Answer {n} question", "Answer {n} questions", asked) if asked else "",
        )

    def headline(self, count: int) -> str:
        if not count:
            return tr("Learning from your labels")
        return tr("1 picture that is almost certain", "{n} pictures that are almost certain", count)

    def advice(self, chosen: Sequence[int]) -> str:  # noqa: ARG002
        if not self.shown():
            return ""
        text = tr(
            "Look at it: the key of another class corrects it.",
            "Look them through: the key of another class corrects the selected ones.",
            len(self.shown()),
        )
        if not self._suggestions.waiting:
            return text
        waiting = tr(
            "{n} picture is still to be looked at.",
            "{n} pictures are still to be looked at.",
            self._suggestions.waiting,
        )
        return f"{text} {waiting}"

    def caption(self, image_id: int, guess: ImageClass | None) -> str:
        # Only where the prediction by now names another class than accepting gives.
        choice = self.context.class_by_id(self._classes.get(image_id))
        return "" if choice is None or choice == guess else f"{one_line(choice.name)}?"

    def accepted(self, ids: Iterable[int]) -> Accepted:
        wanted = set(ids)
        return Accepted([(image, self._classes[image]) for image in self.shown() if image in wanted])


class Nearest(Review):
    """Images of None of these that are nearest to a class: those that show it are clicked."""

    can_accept = list_first = True
    picks = "check"
    over = False

    def __init__(self, context: ProjectContext, about: ImageClass, ids: Iterable[int]) -> None:
        super().__init__(context, ids)
        self.about = about
        self.found = 0  # how many of them show it, once the list is done

    def shown(self) -> list[int]:
        return [image for image, label in labels_of(self.context, self.ids).items() if label < 0]

    def headline(self, count: int) -> str:
        return more_may_be(count, self.about)

    def advice(self, chosen: Sequence[int]) -> str:  # noqa: ARG002
        return tr("Click those that are, or press Space on them, then Enter.") if self.shown() else ""

    def caption(self, image_id: int, guess: ImageClass | None) -> str:  # noqa: ARG002
        return f"{one_line(self.about.title)}?"

    def buttons(self, chosen: Sequence[int]) -> ReviewButtons:
        count = len(chosen)
        text = tr("Label {n} as {class_name}", "Label {n} as {class_name}", count, class_name=self.about.title)
        return ReviewButtons(accept=text if count else tr("None of them is"))

    def accepted(self, ids: Iterable[int]) -> Accepted:
        pairs = [(image, self.about.id) for image in set(self.shown()).intersection(ids)]

        def edit() -> Changes:
            changes = self.context.project.assign_many(pairs) if pairs else Changes()
            self.over, self.found = True, len(pairs)
            return changes

        return Accepted(edit=edit)


def more_may_be(count: int, about: ImageClass) -> str:
    """That so many more images may show a class."""
    return tr("{n} more may be '{class_name}'", "{n} more may be '{class_name}'", count, class_name=about.title)


class SpotCheck(Review):
    """Random images and what the folder says of them: the wrong ones are clicked, and then asked about."""

    can_accept = list_first = whole = True
    picks = "close"

    def __init__(self, context: ProjectContext, check: Check) -> None:
        super().__init__(context, (item.image for item in check.pictures))
        self.check = check
        self._named = {item.image: item.class_id for item in check.pictures}
        self._kept = ""

    @property
    def over(self) -> bool:
        # Undo takes it from what is stored, and so begins it again.
        return self._kept == stored(self.context)

    def _class(self, class_id: int) -> ImageClass | None:
        every = label_choices(self.context)
        return next(
            (kind for kind in every if (kind.role is Role.NONE if class_id == NONE else kind.id == class_id)), None
        )

    def question(self, image_id: int) -> Question | None:
        label, predictions = labels_of(self.context, [image_id]).get(image_id), self.context.predictions
        if label is None or image_id not in self.picked:
            return None
        # A wrong name is most often none of the classes; where that was said, it is the nearest one.
        asked_class = NONE
        if self._named[image_id] == NONE and predictions is not None:
            where = predictions.positions(np.array([image_id]))
            asked_class = int(looked_up(predictions.best_class, where, NONE)[0])
        about = self._class(asked_class)
        if about is None:
            return None
        return Question(image_id, about, self._class(label) if label >= 0 else None)

    def shown(self) -> list[int]:
        images = [image for image in super().shown() if self._class(self._named[image]) is not None]
        return [image for image in images if self.is_asked(image)] if self.over else images

    def questions_left(self) -> int:
        return len(self.shown()) if self.over else 0

    def end_text(self) -> str:
        pictures = read(self._kept)[-1].pictures  # some may have been removed meanwhile, or their class
        wrong, count = sum(not item.right for item in pictures), len(pictures)
        if not wrong:
            return tr("Spot check done: it is right.", "Spot check done: all {n} are right.", count)
        return tr(
            "Spot check done: {n} of {count} was wrong.",
            "Spot check done: {n} of {count} were wrong.",
            wrong,
            count=count,
        )

    def headline(self, count: int) -> str:
        return tr("Is this one wrong?", "Which of these {n} are wrong?", count)

    def advice(self, chosen: Sequence[int]) -> str:  # noqa: ARG002
        return tr("Click those whose name is wrong, or press Space, then Enter. They tell how many of all are right.")

    def caption(self, image_id: int, guess: ImageClass | None) -> str:  # noqa: ARG002
        named = self._class(self._named[image_id])
        return "" if named is None else one_line(named.title)

    def buttons(self, chosen: Sequence[int]) -> ReviewButtons:
        wrong = len(self._found_wrong(chosen))
        some = tr("{n} is wrong, the others are right", "{n} are wrong, the others are right", wrong)
        every = tr("It is right", "All {n} are right", len(self.shown()))
        return ReviewButtons(accept=some if wrong else every)

    def _found_wrong(self, chosen: Iterable[int]) -> frozenset[int]:
        wrong = set(chosen).intersection(self._named)
        # A label by hand that differs also says that it was wrong.
        for image, label in labels_of(self.context, self.ids).items():
            named = self._class(self._named[image])
            if label >= 0 and (named is None or named.id != label):
                wrong.add(image)
        return frozenset(wrong)

    def accepted(self, ids: Iterable[int]) -> Accepted:
        wrong = self._found_wrong(ids)

        def edit() -> Changes:
            changes = Changes() if self.over else store_check(self.context, self.check, wrong)
            self._kept, self.picked = stored(self.context), wrong
            return changes

        return Accepted(edit=edit if self.shown() and not self.over else None)


class SuspectedLabels(Review):
    """Labels that look wrong, the surest first: each is a question, and all are a list."""

    can_accept = confirms = has_notes = True

    def __init__(self, context: ProjectContext, suspects: Sequence[Suspect]) -> None:
        super().__init__(context, (suspect.image_id for suspect in suspects))
        self._by_id = {suspect.image_id: suspect for suspect in suspects}

    def question(self, image_id: int) -> Question | None:
        label, suspect = labels_of(self.context, [image_id]).get(image_id), self._by_id.get(image_id)
        every = {choice.id: choice for choice in label_choices(self.context)}
        if label is None or suspect is None or suspect.looks_like not in every:
            return None
        return Question(image_id, every[suspect.looks_like], every.get(label))

    def is_asked(self, image_id: int) -> bool:
        return image_id in self.shown()

    def questions_left(self) -> int:
        return len(self.shown())

    def list_text(self) -> str:
        count = len(self.shown())
        return tr("All {n} in a list", "All {n} in a list", count) if count > 1 else ""

    def shown(self) -> list[int]:
        # A relabelled image is no suspect any more.
        return [
            image
            for image, label in labels_of(self.context, self.ids).items()
            if label == self._by_id[image].class_id and image not in self.dismissed
        ]

    def buttons(self, chosen: Sequence[int]) -> ReviewButtons:
        here = len(set(chosen).intersection(self.shown()))
        return ReviewButtons(
            accept=tr("Relabel {n}", "Relabel {n}", here),
            reject=tr("Keep {n} label", "Keep {n} labels", here),
            ask=tr("One by one"),
        )

    def headline(self, count: int) -> str:
        if not count:
            return tr("No label of this list looks wrong any more")
        return tr("{n} label that looks wrong, the surest first", "{n} labels that look wrong, the surest first", count)

    def advice(self, chosen: Sequence[int]) -> str:  # noqa: ARG002
        if not self.shown():
            return ""
        return tr("The second line is what the other labels say. The key of a class corrects the selected ones.")

    def note(self, image_id: int, row: ImageRow | None) -> Note | None:  # noqa: ARG002
        suspect = self._by_id.get(image_id)
        choice = self.context.class_by_id(suspect.looks_like) if suspect is not None else None
        if suspect is None or choice is None:
            return None
        sure = text_format.whole_percent(suspect.other_probability)
        spoken = tr("looks like {class_name}, {sure}", class_name=choice.title, sure=sure)
        return Note(f"\u2192 {one_line(choice.title)}", choice, spoken)

    def accepted(self, ids: Iterable[int]) -> Accepted:
        wanted = set(ids)
        known = {choice.id for choice in self.context.every_class}
        chosen = ((image, self._by_id[image].looks_like) for image in self.shown() if image in wanted)
        return Accepted([(image, class_id) for image, class_id in chosen if class_id in known], overwrite=True)


class Copies(Review):
    """Near-duplicates group by group, the largest image of each first; those that inflate the accuracy come first."""

    can_accept = has_notes = True

    def __init__(
        self, context: ProjectContext, groups: Sequence[Sequence[int]], leaking: frozenset[int] = frozenset()
    ) -> None:
        self._groups = [list(map(int, group)) for group in groups]
        self._groups.sort(key=leaking.isdisjoint)
        self._leaking = leaking
        super().__init__(context, chain.from_iterable(self._groups))
        self._number = {image: at for at, group in enumerate(self._groups) for image in group}
        self._chosen: set[int] = set()

    def _left(self, at: int) -> list[int]:
        here = list(labels_of(self.context, self._groups[at]))
        return here if len(here) > 1 else []

    def _selected(self, chosen: Iterable[int]) -> list[list[int]]:
        numbers = sorted({self._number[image] for image in chosen if image in self._number})
        return list(filter(None, map(self._left, numbers)))

    def shown(self) -> list[int]:
        there = labels_of(self.context, self.ids)
        left = Counter(self._number[image] for image in there)
        return [image for image in there if left[self._number[image]] > 1]

    def choose(self, chosen: Sequence[int]) -> None:
        self._chosen = set(chosen)

    def _kept(self, group: Sequence[int]) -> int:
        here = self._chosen.intersection(group)
        # One that is selected alone, else the first, which is the largest.
        return here.pop() if len(here) == 1 else group[0]

    def _torn(self, group: Sequence[int]) -> set[int]:
        """Return the class ids of a group whose labels differ."""
        labels = {label for label in labels_of(self.context, group).values() if label >= 0}
        return labels if len(labels) > 1 else set()

    def buttons(self, chosen: Sequence[int]) -> ReviewButtons:
        gone = sum(len(copies) for _, copies in self.accepted(chosen).keep)
        return ReviewButtons(accept=tr("Take {n} copy out", "Take {n} copies out", gone))

    def headline(self, count: int) -> str:
        if not count:
            return tr("No picture of this list is here twice any more")
        groups = len({self._number[image] for image in self.shown()})
        return tr("{n} picture with copies", "{n} pictures with copies", groups)

    def advice(self, chosen: Sequence[int]) -> str:
        groups = self._selected(chosen)
        if torn := next(filter(None, map(self._torn, groups)), None):
            return tr(
                "The copies have different labels: {class_names}. Select them, and press the key of the right class.",
                class_names=", ".join(
                    alphabetical(choice.name for choice in self.context.every_class if choice.id in torn)
                ),
            )
        text = tr("One stays, with the label: the one that you select, or the largest. The files stay, too.")
        if not any(self._leaking.intersection(group) for group in groups):
            return text if self.shown() else ""
        leak = tr("One is trained on and another tested with.")
        return f"{leak} {text}"

    def note(self, image_id: int, row: ImageRow | None) -> Note | None:
        at = self._number.get(image_id, -1)
        group = self._left(at) if at >= 0 else []
        if row is None or not group:
            return None
        text = f"{row.width} \u00d7 {row.height}, {file_size(row.size)}"
        if image_id == self._kept(group):
            text = tr("Keep: {size}", size=text)
        return Note(f"{at + 1}: {text}")

    def accepted(self, ids: Iterable[int]) -> Accepted:
        # Nobody but the user knows which of two labels is right.
        groups = [group for group in self._selected(ids) if not self._torn(group)]
        return Accepted(
            keep=[(kept := self._kept(group), [image for image in group if image != kept]) for group in groups]
        )
