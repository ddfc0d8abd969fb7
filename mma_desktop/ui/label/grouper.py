"""Names the groups that pictures fall into, one by one: which comes next, what a name writes, and the way back.

The next group is there at once, before the name is written and the model has learned from it. A group that is shown
stays, whatever arrives meanwhile.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Protocol

from PySide6.QtCore import QObject, Signal

from mma_desktop.core.class_names import NONE_OF_THESE, is_none_of_these, name_key
from mma_desktop.core.events import CancelToken, Changes
from mma_desktop.core.i18n import one_line, tr
from mma_desktop.core.jobs import LaneName
from mma_desktop.services.context import ProjectContext
from mma_desktop.services.image_index import Filter, Show
from mma_desktop.services.training import groups
from mma_desktop.services.training.groups import Group
from mma_desktop.services.training.learning import current, learn
from mma_desktop.ui.base.controller import Controller
from mma_desktop.ui.grid.grid_query import MANY
from mma_desktop.ui.label.group_view import GroupView
from mma_desktop.ui.widgets.text_format import as_title

Found = tuple[tuple[Group, ...], bool]
"""The open groups, and whether the pictures fall into groups."""


class GroupsPage(Protocol):
    """What groups need of their page."""

    controller: Controller
    group_view: GroupView

    def show_groups(self, shown: bool) -> None: ...
    def shows_groups(self) -> bool: ...
    def awaits_names(self) -> bool: ...
    def looking_text(self) -> str: ...
    def doing_text(self) -> str: ...
    def focus_images(self) -> None: ...


class Grouper(QObject):
    """The groups of the open project, on its Label page or offered there."""

    changed = Signal()  # what can be offered
    questions_requested = Signal()

    def __init__(self, page: GroupsPage, parent: QObject) -> None:
        super().__init__(parent)
        self._page = page
        self._controller = page.controller
        self._view = view = page.group_view
        self._forget()
        view.take_button.clicked.connect(self.take)
        view.none_button.clicked.connect(partial(self._write, ""))
        view.later_button.clicked.connect(self.leave)
        view.split_button.clicked.connect(self.split)
        view.list.chosen.connect(self.go_to)
        view.close_button.clicked.connect(self.close)
        view.questions_button.clicked.connect(self.questions_requested)
        view.anyway_button.clicked.connect(self._show_anyway)
        view.undo_requested.connect(self._undo)
        self._controller.opened.connect(self._opened)
        self._controller.changed.connect(self._changed)
        self._controller.guesses_changed.connect(self._learned)

    def _forget(self) -> None:
        self._groups: tuple[Group, ...] | None = None
        self._names: Mapping[int, str] = {}
        self.clear = True
        self._anyway = False
        self._offered = False
        self._key = -1
        self._later: list[int] = []
        self._done: set[int] = set()
        self._taken: set[int] = set()  # those that are still being written
        self._writes = 0
        self._finishes = False
        self._wanted: set[int] = set()  # pictures whose group is shown next
        self._steps: list[Callable[[], None]] = []
        self._gave, self._answered = "", False  # the class of the last step, whether the model has learned from it

    def _opened(self) -> None:
        self._forget()
        self._view.pictures.clear_cache()
        self._view.tell("star", "", "")
        self._view.list.show_entries(())
        self._page.show_groups(False)

    # ------------------------------------------------------------------ coming and going

    @property
    def open(self) -> list[Group]:
        """The open groups as they come: the clearest first, at the end those that were left for later."""
        left = [one for one in self._groups or () if one.key not in self._taken]
        return sorted(left, key=lambda one: self._later.index(one.key) + 1 if one.key in self._later else 0)

    def begin(self) -> None:
        """Show the groups, once every picture has been looked at."""
        self._page.show_groups(True)
        self._show()
        self._page.focus_images()
        self._controller.embed()

    def close(self) -> None:
        self._page.show_groups(False)
        self._page.focus_images()
        self.changed.emit()

    def look(self) -> None:
        """Find the groups again where they are shown, or could be offered."""
        context = self._controller.context
        if context is None:
            return
        known, columns = groups.clusters.is_current(context), context.index.columns
        begins = len(columns.ids) <= MANY and not columns.labelled.any()
        if not (self._page.shows_groups() or begins or (known and self._groups is not None)):
            self._groups = None  # they are of other pictures
            return
        if not known and self._looks:
            self.show_looking()
            return
        title = "" if known else tr("Finding groups of pictures")
        question = (self, "groups")
        self._controller.ask(LaneName.ENGINE, _find, self._found, title=title, quick=known, question=question)

    @property
    def _looks(self) -> bool:
        """Whether pictures are still being looked at, or the model that looks at them is being loaded."""
        controller = self._controller
        jobs = (job for job in controller.bridge.busy() if job.lane is LaneName.ENGINE and not job.finished)
        return controller.is_importing or controller.preparing is not None or any(job.background for job in jobs)

    def _found(self, found: Found | None) -> None:
        if found is None:
            if self._page.shows_groups():
                self._view.tell("warning", tr("The image model is not loaded"), self._controller.engine_trouble)
            return
        self._groups, self.clear = found
        if not self._writes:
            self._taken.clear()
        wanted, self._wanted = self._wanted, set()
        inside = {one.key: len(wanted.intersection((*one.typical.tolist(), *one.others.tolist()))) for one in self.open}
        self._done.difference_update(inside)
        if any(inside.values()):
            self._key = max(inside, key=lambda key: inside[key])
        if not self._offered and self.clear and inside and self._page.awaits_names():
            self._offered = True
            self._page.show_groups(True)
        self._show()
        self._ask_names()
        self.changed.emit()

    def _ask_names(self) -> None:
        if self._page.shows_groups() and self._groups:
            title, question = "" if self._names else tr("Finding names for the groups"), (self, "names")
            self._controller.ask(LaneName.ENGINE, groups.proposals, self._take_names, title=title, question=question)

    def _take_names(self, names: Mapping[int, str]) -> None:
        self._names = names
        self._show()

    def _changed(self, changes: Changes) -> None:
        if changes.labels or changes.images_added or changes.images_removed or changes.classes:
            self.look()

    def _learned(self) -> None:
        context = self._controller.context
        if context is not None and self._page.shows_groups():
            learned = current(context)
            taught = learned is not None and not learned.run.names_alone and learn.is_current(context)
            self._answered = self._answered or taught
            self._show()
            self._ask_names()

    def show_turned(self, images: Sequence[int]) -> None:
        """Show the group of pictures that were undone."""
        self._wanted, self._gave = set(images), ""
        self._steps.clear()
        self.look()

    # ------------------------------------------------------------------ what is shown

    def _show(self) -> None:
        context = self._controller.context
        if context is None or not self._page.shows_groups():
            return
        order, view = self.open, self._view
        view.undoes = bool(self._steps)
        if self._groups is None:
            self.show_looking()
        elif not order:
            self._show_end(context)
        elif not self.clear and not self._anyway and not self._done:
            view.tell(
                "help",
                tr("These pictures do not fall into groups"),
                tr("Questions are the better way. The groups are mixed."),
                self._questions(context),
                anyway=True,
            )
        else:
            shown = next((one for one in order if one.key == self._key), order[0])
            self._key = shown.key
            first = view.group is None
            names, known = self._names, [one.name for one in context.classes]
            view.show_group(shown, names.get(shown.key, ""), known)
            view.show_others([(one, names.get(one.key, "")) for one in order if one is not shown])
            self._show_progress(context, len(order))
            if first and view.isVisible():
                view.focus()

    def _show_progress(self, context: ProjectContext, left: int) -> None:
        done = len(self._done)
        parts = [tr("{at} of {n} group", "{at} of {n} groups", done + left, at=done + 1)]
        if found := next((one for one in context.every_class if name_key(one.name) == name_key(self._gave)), None):
            gave = tr("{n} example", "{n} examples", context.index.counts().get(found.id, 0))
            if self._answered and found in context.classes:
                free = len(context.index.select(Filter(Show.PREDICTED, found.id), context.guesses))
                gave += ", " + tr("{n} more predicted", "{n} more predicted", free)
            parts.append(f"{one_line(found.title)}: {gave}")
        self._view.progress.setText("    ".join(filter(None, (*parts, self._page.looking_text()))))

    def show_looking(self) -> None:
        """Say how far looking at the pictures is."""
        if not self._page.shows_groups():
            return
        if self._groups is None:
            self._view.tell("star", tr("Looking at the pictures"), self._page.doing_text())
        elif self._view.group is not None:
            self._show_progress(self._controller.open_context, len(self.open))

    def _show_end(self, context: ProjectContext) -> None:
        """Go on to questions after the last group, or say what is left."""
        left = context.index.numbers()[Show.UNLABELLED] if not self._writes else 0
        text = tr("{n} picture has no label.", "{n} pictures have no label.", left) if left else ""
        self._view.tell("check", tr("All groups are done"), text, self._questions(context) if left else "")
        self._view.focus()
        if self._finishes and left and context.classes:
            self._finishes = False
            self.questions_requested.emit()

    @staticmethod
    def _questions(context: ProjectContext) -> str:
        return as_title(tr("&Suggest examples")) if context.classes else tr("Name classes")

    def _show_anyway(self) -> None:
        self._anyway = True
        self._show()
        self._page.focus_images()

    # ------------------------------------------------------------------ steps

    def go_to(self, key: int) -> None:
        self._key = key
        self._show()
        self._view.focus()

    def take(self) -> None:
        """Label what is shown of the group with the name in the line."""
        name = " ".join(self._view.name.text().split())
        if not name:
            self._view.advice.setText(tr("Type a name first, or press 0 for None of these."))
        else:
            none = is_none_of_these(name) or name_key(name) == name_key(tr(NONE_OF_THESE))
            self._write("" if none else name)

    def _write(self, name: str) -> None:
        """Label it with a class, or as None of these for ""."""
        group, images, context = self._view.group, self._view.chosen(), self._controller.open_context
        if group is None:
            return
        if not images:
            self._view.advice.setText(tr("Every picture is taken out. Click one to take it back in."))
            return

        def written(_changes: Changes) -> None:
            self._writes -= 1
            self._gave = name or NONE_OF_THESE
            self._show()

        def failed(sentence: str) -> None:
            self._writes -= 1
            self._taken.discard(group.key)
            self._done.discard(group.key)
            self.go_to(group.key)
            self._view.advice.setText(sentence)

        self._writes += 1
        self._taken.add(group.key)
        self._done.add(group.key)
        self._finishes, self._answered = True, False
        self._steps.clear()
        self._controller.edit(lambda _project: groups.take(context, images, name), written, failed)
        self._show()
        self._view.focus()

    def leave(self) -> None:
        """Leave the group for later."""
        if (group := self._view.group) is not None:
            self._steps.append(partial(self._order, [*self._later], group.key))
            self._order([one for one in self._later if one != group.key] + [group.key], -1)

    def _order(self, later: list[int], key: int) -> None:
        self._later = later
        self.go_to(key)

    def split(self) -> None:
        """Split the group in two."""
        if (group := self._view.group) is not None:
            former = groups.splits(self._controller.open_context)
            self._steps.append(partial(self._split, former, group.key))
            self._split((*former, group.key), group.key)

    def _split(self, pictures: tuple[int, ...], key: int) -> None:
        groups.set_splits(self._controller.open_context, pictures)
        self._wanted = {key}
        self.look()
        self._view.focus()

    def _undo(self) -> None:
        if self._steps:
            self._steps.pop()()


def _find(context: ProjectContext, token: CancelToken) -> Found | None:
    if not context.engine.ready:
        return None
    return groups.open_groups(context, token), groups.clusters(context, token).grouping.clear
