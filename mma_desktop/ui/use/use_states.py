"""Placeholders of the Use page: what is missing, what is being done, and what to do next."""

from __future__ import annotations

from PySide6.QtWidgets import QStackedWidget, QWidget

from mma_desktop.core.i18n import later, tr
from mma_desktop.core.jobs import Job, JobState
from mma_desktop.services.context import ProjectContext
from mma_desktop.services.image_index import Show
from mma_desktop.ui.grid.order_box import NO_BACKBONE
from mma_desktop.ui.widgets.controls import EmptyState, button
from mma_desktop.ui.widgets.text_format import asks, without_marks

NONE_HERE = later("No unlabelled picture is predicted as this class.")
NONE_REJECTED = later("The model is sure enough of every unlabelled picture.")


class PredictStack(QStackedWidget):
    """The grid, or what stands in its place."""

    def __init__(self, grid: QWidget) -> None:
        super().__init__()
        self.label_button = button(tr("Go to labelling"), "label", primary=True)
        self.embed_button = button(tr("Look at them now"), "play")
        self.import_button = button(asks(tr("Import pictures")), "add", primary=True)
        self.watch_button = button(without_marks(tr("&Watch a folder…")), "eye")
        self.mistakes_button = button(tr("Go to Check"), "chart")
        self._more = (self.import_button, self.watch_button, self.mistakes_button)
        self.empty = EmptyState("image", "", "", (self.label_button, self.embed_button, *self._more))
        self.addWidget(grid)
        self.addWidget(self.empty)

    def finds_nothing(self, context: ProjectContext, jobs: list[Job], *, named: bool) -> bool:
        """Return whether there are no predictions, or with `named` no ranking by a name, and say why."""
        ready, tell = context.engine.ready and (named or context.guesses is not None), self.empty.show_text
        if not len(context.index.columns.ids):
            text = tr("Add pictures on the Label page, or drop them anywhere.")
            tell("image", tr("No pictures yet"), text, self.label_button)
        elif not context.classes and not named:
            text = tr(
                "Type class names on the Label page, or try any name on the right: no labels are needed for that."
            )
            tell("label", tr("No classes yet"), text, self.label_button)
        elif not ready and jobs:
            job = next((job for job in reversed(jobs) if job.state is JobState.RUNNING), jobs[0])
            doing = job.title if job.visible else tr("Predicting what the pictures show")
            tell("refresh", tr("Getting ready"), doing)
        elif not ready and context.engine.ready:
            tell("refresh", tr("No picture has been looked at yet."), "", self.embed_button)
        elif not ready:
            text = tr("Choose one under Experiments, or try to load it again.")
            tell("refresh", tr(NO_BACKBONE), text, self.embed_button)
        elif not named and not context.index.numbers()[Show.UNLABELLED]:
            text = tr("Drop more pictures anywhere, test one on the right, or see what the model gets wrong.")
            tell("check", tr("Every picture is labelled"), text, *self._more)
        else:
            return False
        self.setCurrentWidget(self.empty)
        return True
