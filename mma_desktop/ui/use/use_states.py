"""Placeholders of the Use page: what is missing, what is being done, and what to do next."""

from __future__ import annotations

from PySide6.QtWidgets import QPushButton, QStackedWidget, QWidget

from mma_desktop.core.i18n import later, tr
from mma_desktop.core.jobs import Job
from mma_desktop.services.context import ProjectContext
from mma_desktop.ui.grid.order_box import NO_BACKBONE
from mma_desktop.ui.use import camera_source
from mma_desktop.ui.widgets.controls import EmptyState, button
from mma_desktop.ui.widgets.text_format import asks, without_marks

NONE_HERE = later("No unlabelled picture is predicted as this class.")
NONE_REJECTED = later("The model is sure enough of every unlabelled picture.")


class PredictStack(QStackedWidget):
    def __init__(self, grid: QWidget) -> None:
        super().__init__()
        self.addWidget(grid)
        self.to_images, self.to_classes = (button(tr("Go to labelling"), "label", primary=True) for _ in range(2))
        self.no_images = EmptyState(
            "image",
            tr("No pictures yet"),
            tr("Add pictures on the Label page, or drop them anywhere."),
            (self.to_images,),
        )
        self.no_classes = EmptyState(
            "label",
            tr("No classes yet"),
            tr("Type class names on the Label page, or try any name on the right: no labels are needed for that."),
            (self.to_classes,),
        )
        self.embed_button = button(tr("Look at them now"), "play")
        self.no_features = EmptyState("refresh", tr("Getting ready"), "", (self.embed_button,))
        self.import_button = button(asks(tr("Import pictures")), "add", primary=True)
        self.watch_button = button(without_marks(tr("&Watch a folder…")), "eye")
        self.camera_button = camera_button()
        self.mistakes_button = button(tr("Go to Check"), "chart")
        self.all_labelled = EmptyState(
            "check",
            tr("Every picture is labelled"),
            tr("Drop more pictures anywhere, test one on the right, or see what the model gets wrong."),
            (self.import_button, self.watch_button, self.camera_button, self.mistakes_button),
        )
        self.none_here = EmptyState("search", tr(NONE_HERE), "")
        for page in (self.no_images, self.no_classes, self.no_features, self.all_labelled, self.none_here):
            self.addWidget(page)

    def wait_for(self, context: ProjectContext, jobs: list[Job]) -> None:
        self.embed_button.setVisible(not jobs)
        if jobs:
            self.no_features.set_texts(tr("Getting ready"), jobs[0].title)
        elif context.engine.ready:
            self.no_features.set_texts(tr("No picture has been looked at yet."), "")
        else:
            self.no_features.set_texts(tr(NO_BACKBONE), tr("Choose one under Experiments, or try to load it again."))


def camera_button() -> QPushButton:
    """Return a button for the camera; disabled, with the reason, where there can be none."""
    made = button(without_marks(tr("C&amera…")), "camera")
    if reason := camera_source.why_not():
        made.setEnabled(False)
        made.setToolTip(reason)
    return made
