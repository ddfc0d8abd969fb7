"""The best predictions of one image: names, bars and percentages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QGridLayout, QLabel, QSizePolicy, QWidget

from mma_desktop.core.i18n import one_line, tr
from mma_desktop.core.types import Ranked
from mma_desktop.ui.widgets import icons, number_format
from mma_desktop.ui.widgets.controls import SPACE, IconLabel, ProgressBar, bold
from mma_desktop.ui.widgets.elided import ElidedLabel, elided_hint

SHOWN = 5
CHIP = 12


class RankedBars(QWidget):
    """Predictions, best first, under a title: each bar below its name, or `beside` it after the colour of the class.

    Bars below their names keep the room of those that are not there.
    """

    def __init__(self, title: str = "", most: int = SHOWN, *, beside: bool = False) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.title = elided_hint()
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(SPACE)
        grid.setVerticalSpacing(0 if beside else 3)
        grid.setColumnStretch(1, 1)
        grid.setColumnStretch(2, int(beside))
        grid.addWidget(self.title, 0, 0, 1, 4)
        self._rows: list[tuple[IconLabel, ElidedLabel, ProgressBar, QLabel]] = []
        for row in range(1, most + 1):
            parts = chip, name, bar, percent = IconLabel(QIcon(), CHIP), ElidedLabel(), ProgressBar(), QLabel()
            percent.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            for column, part in enumerate((chip, name, bar, percent)):
                keep = part.sizePolicy()
                keep.setRetainSizeWhenHidden(not beside)
                part.setSizePolicy(keep)
                if beside:
                    grid.addWidget(part, row, column)
            if not beside:
                grid.addWidget(name, 2 * row, 0, 1, 3)
                grid.addWidget(percent, 2 * row, 3)
                grid.addWidget(bar, 2 * row + 1, 0, 1, 4)
            if not beside and row == 1:
                bold(name)
                bold(percent)
            bar.setProperty("faint", row > 1)
            self._rows.append(parts)
        self.show_ranked((), title)

    def show_ranked(
        self, ranked: Sequence[Ranked], title: str | None = None, colours: Mapping[str, str] | None = None
    ) -> None:
        """Show predictions, under another title if there is one, with the colours of classes by name."""
        self.ranked = tuple(ranked[: len(self._rows)])
        self.title.setText(self.title.text() if title is None else title)
        words = []
        for at, (chip, name, bar, percent) in enumerate(self._rows):
            guess = self.ranked[at] if at < len(self.ranked) else None
            for part in (name, bar, percent):
                part.setVisible(guess is not None)
            colour = (colours or {}).get(guess.class_name, "") if guess is not None else ""
            chip.setVisible(bool(colour))
            if guess is None:
                continue
            if colour:
                chip.show_icon(icons.chip(colour))
            name.setText(guess.class_name)
            percent.setText(number_format.whole_percent(guess.confidence))
            percent.setToolTip(tr("{percent:.2f}%", percent=100 * guess.confidence))
            bar.setAccessibleName(one_line(guess.class_name))
            bar.show_progress(round(1000 * guess.confidence), 1000)
            words.append(f"{one_line(guess.class_name)} {percent.text()}")
        self.setAccessibleName(f"{self.title.text()}: {', '.join(words)}")
