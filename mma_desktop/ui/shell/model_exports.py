"""Exports for other programs: the whole classifier, and the features of every image."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from mma_desktop.core.i18n import tr
from mma_desktop.core.jobs import LaneName
from mma_desktop.core.types import RunRecord, TrainRequest
from mma_desktop.services.formats import python_snippets
from mma_desktop.services.formats.dataset import Written
from mma_desktop.services.formats.feature_export import export_features
from mma_desktop.services.predicting.classifier import export_project_model
from mma_desktop.services.training.snapshot import newest_request
from mma_desktop.ui.base.controller import Controller
from mma_desktop.ui.dialogs.export_formats import ExportModelDialog
from mma_desktop.ui.shell.menus import Menus
from mma_desktop.ui.widgets import number_format
from mma_desktop.ui.widgets.windows import ask_where, open_once

if TYPE_CHECKING:
    from mma_desktop.engine.export.model_writer import ExportedModel


class WholeExports(QObject):
    """Both exports run on the engine lane, as they encode.

    Args:
        menus: Provides the two actions.
        with_run: Continues with the model in use as a run, or else the newest run.
        offered: Returns a suggested path, named after the project.
        tell: Reports what was written, with code that uses it.
    """

    def __init__(
        self,
        controller: Controller,
        menus: Menus,
        with_run: Callable[[int | None, Callable[[RunRecord], None]], None],
        offered: Callable[[str], Path],
        tell: Callable[[Path, str, str], None],
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._controller, self._with_run, self._window = controller, with_run, window
        self._offered, self._tell = offered, tell
        menus.export["whole_model"].triggered.connect(self.model)
        menus.export["features"].triggered.connect(self.features)

    def model(self) -> None:
        """Export the whole classifier of the model in use, or else of the newest training."""
        self._with_run(None, lambda run: self._ask(run.id))

    def _ask(self, run_id: int) -> None:
        offered = self._offered("")
        dialog = ExportModelDialog(offered.name, offered.parent, self._window)
        dialog.chosen.connect(partial(self._write, run_id))
        open_once(dialog)

    def _write(self, run_id: int, form: str, out: Path) -> None:
        def done(written: ExportedModel) -> None:
            self._tell(
                out,
                tr(
                    "The classifier of {classes} is in {file}. Its probabilities of {pictures} "
                    "are the same there, to within {difference:.1g}.",
                    classes=number_format.classes(len(written.metadata["class_names"])),
                    file=out,
                    pictures=number_format.pictures(written.pictures),
                    difference=written.largest_difference,
                ),
                python_snippets.of_model(out, form, written.metadata),
            )

        self._controller.ask(
            LaneName.ENGINE,
            lambda context, token: export_project_model(context, run_id, form, out, token),
            done,
            title=tr("Exporting the classifier"),
            outlives=True,
        )

    def features(self) -> None:
        """Export features and labels of every image, split as in the newest training."""

        def answer(runs: list[RunRecord]) -> None:
            request = newest_request(runs)
            ask_where(
                self._window,
                tr("Labels and features"),
                self._offered(" features.safetensors"),
                lambda file: self._write_features(request, Path(file)),
            )

        self._controller.ask(LaneName.STORE, lambda context, _t: context.project.runs(), answer)

    def _write_features(self, request: TrainRequest, out: Path) -> None:
        def done(written: Written) -> None:
            self._tell(out, written.sentence, python_snippets.of_features(out))

        self._controller.ask(
            LaneName.ENGINE,
            lambda context, token: export_features(context, out, request, token),
            done,
            title=tr("Exporting features"),
            outlives=True,
        )
