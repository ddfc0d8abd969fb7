"""The job queue in the status bar: what runs, its progress, what waits."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QBoxLayout, QFrame, QLabel, QSizePolicy, QToolButton, QWidget

from mma_desktop.core.events import EpochEvent, Progress, ReportEta
from mma_desktop.core.i18n import tr
from mma_desktop.core.jobs import Job, JobState
from mma_desktop.services.inference_state import DownloadProgress
from mma_desktop.ui.base.bridge import Bridge
from mma_desktop.ui.widgets import painting, text_format
from mma_desktop.ui.widgets.controls import SPACE, ProgressBar, discard, in_column, in_row, single_shot, tool
from mma_desktop.ui.widgets.text_format import in_sentence
from mma_desktop.ui.widgets.text_labels import IconLabel, heading, hint

SHOW_AFTER_MS = 250  # what is done sooner would only flicker
LONG_SECONDS = 10.0  # after which somebody may have turned to another window


@dataclass
class ShownJob:
    job: Job
    since: float
    progress: Progress = field(default_factory=lambda: Progress(0, None))
    eta: ReportEta = field(default_factory=ReportEta)


class JobLine(QWidget):
    """A job with its progress, and buttons that pause and stop it."""

    pressed = Signal()  # one of the buttons

    def __init__(self, direction: QBoxLayout.Direction) -> None:
        super().__init__()
        self.entry: ShownJob | None = None
        self.title, self.detail, self.bar = QLabel(), hint(), ProgressBar()
        self.detail.setWordWrap(False)  # the list is as wide as its words
        self.pause_button = tool("pause", "", clicked=self._pause)
        self.stop_button = tool("stop", "", clicked=self._stop)
        words = QBoxLayout(direction)
        for part in (self.title, self.bar, self.detail):
            words.addWidget(part)
        self.row = in_row(words, self.pause_button, self.stop_button, inside=self, margins=(0, 4, 4, 4), spacing=SPACE)

    def show_entry(self, entry: ShownJob) -> None:
        self.entry, job, progress = entry, entry.job, entry.progress
        stops, waits = job.token.cancelled, job.state is JobState.WAITING
        self.title.setText(progress.message if isinstance(progress, DownloadProgress) else job.title)
        self.bar.setVisible(not waits)
        self.bar.setAccessibleName(job.title)
        self.bar.show_progress(progress.done, progress.total)
        state = tr("Stopping") if stops else tr("Paused") if job.paused else tr("Waiting") if waits else ""
        self.detail.setText(", ".join(filter(None, (text_format.how_far(progress), in_sentence(state)))))
        # A paused job that yields to another can still be told to go on.
        self.pause_button.setIcon(painting.icon("play" if job.paused else "pause"))
        self.pause_button.setEnabled((job.can_pause or job.paused) and not stops)
        self.stop_button.setEnabled(not stops)
        pause = tr("Go on with {job}", job=job.title) if job.paused else tr("Pause {job}", job=job.title)
        for control, name in ((self.pause_button, pause), (self.stop_button, tr("Stop {job}", job=job.title))):
            control.setAccessibleName(name)
            control.setToolTip(name)
        if not self.pause_button.isEnabled():
            self.pause_button.setToolTip(tr("{job} cannot be paused now, only stopped", job=job.title))

    def _pause(self) -> None:
        if self.entry is not None:
            job = self.entry.job
            job.resume() if job.paused else job.pause()
            self.entry.eta.reset()
            self.pressed.emit()

    def _stop(self) -> None:
        if self.entry is not None:
            self.entry.job.cancel()
            self.pressed.emit()


class JobsPopup(QFrame):
    pressed = Signal()  # a button of one of them

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setObjectName("card")
        self.setAccessibleName(tr("Jobs"))
        self._rows: dict[int, JobLine] = {}
        self._column = in_column(heading(tr("Jobs"), 3), inside=self, margins=(2 * SPACE, SPACE, SPACE, SPACE))
        self.setMinimumWidth(380)

    @property
    def rows(self) -> list[JobLine]:
        return list(self._rows.values())

    def show_entries(self, entries: Mapping[int, ShownJob]) -> None:
        for job_id in self._rows.keys() - entries.keys():
            row = self._rows.pop(job_id)
            self._column.removeWidget(row)
            discard(row)
        for job_id, entry in entries.items():
            if job_id not in self._rows:
                row = self._rows[job_id] = JobLine(QBoxLayout.Direction.TopToBottom)
                row.pressed.connect(self.pressed)
                self._column.addWidget(row)
                row.show()
            self._rows[job_id].show_entry(entry)
        if not entries:
            self.hide()


class JobsBar(JobLine):
    """The current job, the one running longest or else the first that waits; a button opens the list of all."""

    # A job that does not answer comes to the front, even a hidden one.

    long_job_done = Signal(str, object)  # title and `JobState` of a job of more than ten seconds that ended

    def __init__(self, bridge: Bridge) -> None:
        super().__init__(QBoxLayout.Direction.LeftToRight)
        self._entries: dict[int, ShownJob] = {}
        self._silent: dict[Job, float] = {}
        self.warning = IconLabel("warning", 16, "warn")
        self.bar.setMinimumWidth(40)  # the first to give way to the words
        self.bar.setMaximumWidth(140)
        self.list_button = tool("up", tr("Show all jobs"), clicked=self._open_list)
        self.list_button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.popup = JobsPopup(self)
        for label in (self.title, self.detail):
            label.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        self.row.setContentsMargins(0, 0, 4, 0)
        self.row.insertStretch(0, 1)
        self.row.insertWidget(1, self.warning)
        self.row.addWidget(self.list_button)
        self._show_timer = single_shot(self, SHOW_AFTER_MS, self._refresh)
        bridge.job_changed.connect(self._job_changed)
        bridge.silent.connect(self._on_silent)
        for part in (self, self.popup):
            part.pressed.connect(self._refresh)
        self.hide()

    def show_epoch(self, job: Job | None, event: EpochEvent) -> None:
        if job is not None and job.id in self._entries:
            progress = Progress(event.epoch, event.max_epochs, seconds_left=event.seconds_left)
            self._entries[job.id].progress = progress
            self._refresh()

    def _current(self) -> ShownJob | None:
        entries = list(self._entries.values())
        silent = [self._entries.get(job.id) or ShownJob(job, 0.0) for job in self._silent if not job.finished]
        running = [entry for entry in entries if entry.job.state is JobState.RUNNING]
        return next(iter(silent or running or entries), None)

    def _job_changed(self, job: Job, progress: Progress | None) -> None:
        if job.finished or not job.visible:
            entry = self._entries.pop(job.id, None)
            if entry is not None and job.finished and time.monotonic() - entry.since > LONG_SECONDS:
                self.long_job_done.emit(job.title, job.state)
        else:
            entry = self._entries.setdefault(job.id, ShownJob(job, time.monotonic()))
            if job.state is JobState.WAITING:
                entry.eta.reset()
            if progress is not None:
                entry.progress = entry.eta.fill(progress, time.monotonic())
        self._show_soon()

    def _on_silent(self, jobs: list[Job]) -> None:
        self._silent = {job: job.silent_seconds for job in jobs}
        self._show_soon()

    def _show_soon(self) -> None:
        if self.isHidden() and (self._entries or self._silent):
            self._show_timer.ensure_started()  # a very short job would only flicker
        else:
            self._refresh()

    def _refresh(self) -> None:
        entry = self._current()
        self.popup.show_entries(self._entries)
        self._place_list()
        if entry is None or (entry.job.token.cancelled and self.stop_button.isEnabled()):
            # Qt would focus any neighbour of a focused button that hides; without one, the page gets the focus.
            focus = self.window().focusWidget()
            if focus is not None and self.isAncestorOf(focus):
                focus.clearFocus()
        if entry is None:
            self.entry = None
            self.hide()
            return
        job = entry.job
        self.show_entry(entry)
        more = len(self._entries.keys() - {job.id})
        self.list_button.setText(tr("{n} more", "{n} more", more) if more else "")
        silent, hangs = job in self._silent, job in self._silent and not job.works
        self.warning.setVisible(hangs)
        for widget in (self.pause_button, self.stop_button):
            widget.setVisible(not silent)
        self.detail.setToolTip("")
        if silent:
            self.bar.hide()
            minutes = max(1, int(self._silent[job] // 60))
        if silent and not hangs:
            self.detail.setText(
                tr("at work for {n} minute on one step", "at work for {n} minutes on one step", minutes)
            )
        elif silent:
            self.detail.setText(tr("has not answered for {n} minute", "has not answered for {n} minutes", minutes))
            self.detail.setToolTip(
                tr("Every label is saved. If it does not go on, close the window and start the program again.")
            )
        self.setAccessibleName(f"{job.title}: {self.detail.text()}")
        self.show()

    def _place_list(self) -> None:
        self.popup.adjustSize()
        corner = self.mapToGlobal(QPoint(self.width(), 0))
        self.popup.move(corner - QPoint(self.popup.width(), self.popup.height() + SPACE))

    def _open_list(self) -> None:
        self._refresh()
        self.popup.show()
        first = next(iter(self.popup.findChildren(QToolButton)), None)
        if first is not None:
            first.setFocus()
