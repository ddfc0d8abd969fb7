"""Navigation bar on the left with one tab per page, and which widget of a page has the keyboard."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject, QPoint, QRect, QRectF, QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import QAction, QIcon, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QFrame, QSizePolicy, QTabBar, QToolButton, QWidget
from shiboken6 import Shiboken

from mma_desktop.core.i18n import tr
from mma_desktop.ui.base.page import Page
from mma_desktop.ui.widgets import painting, theme
from mma_desktop.ui.widgets.controls import SPACE, in_column, restyle, single_shot
from mma_desktop.ui.widgets.painting import CENTRE, paint_box, paint_words
from mma_desktop.ui.widgets.text_format import with_keys


@dataclass(frozen=True, slots=True)
class PageEntry:
    """A page: its name, icon and title, where its class is, and for one without a tab the page that leads to it."""

    name: str
    icon: str
    title: Callable[[], str]
    module: str
    kind: str
    below: str = ""


ENTRIES = (
    PageEntry("home", "home", lambda: tr("Home", "page"), "mma_desktop.ui.home.home_page", "WelcomePage"),
    PageEntry("label", "label", lambda: tr("Label", "page"), "mma_desktop.ui.label.label_page", "LabelPage"),
    PageEntry("train", "train", lambda: tr("Train", "page"), "mma_desktop.ui.train.train_page", "TrainPage"),
    PageEntry(
        "experiments",
        "chart",
        lambda: tr("Compare methods"),
        "mma_desktop.ui.experiments.experiments_page",
        "ExperimentsPage",
        below="train",
    ),
    PageEntry("check", "check", lambda: tr("Check", "page"), "mma_desktop.ui.check.check_page", "CheckPage"),
    PageEntry("use", "use", lambda: tr("Use", "page"), "mma_desktop.ui.use.use_page", "UsePage"),
)
TABS = tuple(entry for entry in ENTRIES if not entry.below)
PAGES = tuple(entry.name for entry in TABS)
# Pages without a tab, by the page that leads to them.
BELOW = {entry.name: entry.below for entry in ENTRIES if entry.below}
WIDTH, ICON = 84, 24


class PageTabs(QTabBar):
    def __init__(self) -> None:
        super().__init__()
        self.least = WIDTH - 10
        self.setShape(QTabBar.Shape.RoundedWest)
        self.setDrawBase(False)
        self.setExpanding(False)
        self.setUsesScrollButtons(False)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        for entry in TABS:
            self.addTab(painting.icon(entry.icon), entry.title())

    def tabSizeHint(self, index: int) -> QSize:
        # As wide as the title, which is longer in some languages.
        metrics = self.fontMetrics()
        wide = metrics.horizontalAdvance(self.tabText(index)) + 2 * SPACE
        return QSize(max(wide, self.least), ICON + metrics.height() + 3 * SPACE)

    minimumTabSizeHint = tabSizeHint  # noqa: N815 - Qt's name

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Step with the arrows up and down, as the tabs stand."""
        step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()), 0)
        target = self.currentIndex() + step
        if step and 0 <= target < self.count() and self.isTabEnabled(target):
            self.setCurrentIndex(target)
            self.setFocus()  # the page that is shown takes it
        elif not step:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        colours, painter = theme.tokens(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        under = self.tabAt(self.mapFromGlobal(self.cursor().pos())) if self.underMouse() else -1
        for index in range(self.count()):
            area, chosen, can = self.tabRect(index), index == self.currentIndex(), self.isTabEnabled(index)
            if can and (chosen or index == under):
                edge = colours.focus if chosen and theme.has_ring(self) else ""
                fill = colours.accent_soft if chosen else theme.mix(colours.raised, colours.text, 0.06)
                paint_box(painter, QRectF(area).adjusted(1, 1, -1, -3), 8, fill, edge or fill, 2)
            mode = QIcon.Mode.Normal if can else QIcon.Mode.Disabled
            corner = QPoint(area.center().x() - ICON // 2, area.y() + SPACE)
            self.tabIcon(index).paint(painter, QRect(corner, QSize(ICON, ICON)), mode=mode)
            words, colour = area.adjusted(0, SPACE + ICON, 0, -SPACE), colours.dim if can else theme.disabled(colours)
            paint_words(painter, words, self.tabText(index), colours.text if chosen else colour, flags=CENTRE)


class Rail(QFrame):
    chosen = Signal(str)  # the name of a page

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("rail")
        self.setAccessibleName(tr("Pages"))
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
        self.tabs = PageTabs()
        self.tabs.currentChanged.connect(lambda index: self.chosen.emit(PAGES[index]))
        self.tabs.tabBarClicked.connect(self._clicked)
        self._column = in_column(self.tabs, None, inside=self, margins=(5, SPACE, 5, SPACE), spacing=4)
        self.set_project_open(False)

    def sizeHint(self) -> QSize:
        hint = super().sizeHint()
        return QSize(max(WIDTH, hint.width()), hint.height())

    def add_action(self, action: QAction) -> None:
        button = QToolButton()
        button.setDefaultAction(action)
        button.setIconSize(QSize(ICON, ICON))
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextUnderIcon)
        button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        button.setToolTip(with_keys(button.text(), action.shortcut().toString()))
        self._column.addWidget(button)
        self.tabs.least = max(self.tabs.least, button.sizeHint().width())
        self.tabs.setIconSize(self.tabs.iconSize())  # measures the tabs again

    def _clicked(self, index: int) -> None:
        # The tab that is shown already leads back to its page from the one below it.
        if index == self.tabs.currentIndex() and self.tabs.isTabEnabled(index):
            self.chosen.emit(PAGES[index])

    def show_page(self, name: str) -> None:
        with QSignalBlocker(self.tabs):
            self.tabs.setCurrentIndex(PAGES.index(BELOW.get(name, name)))

    def set_project_open(self, is_open: bool) -> None:
        for index, entry in enumerate(TABS):
            can, title = is_open or entry.name == "home", entry.title()
            self.tabs.setTabEnabled(index, can)
            closed = tr("{page}: open a project first", page=title)
            self.tabs.setTabToolTip(index, with_keys(title, f"Ctrl+{index + 1}") if can else closed)


BY_KEYS = Qt.WidgetAttribute.WA_KeyboardFocusChange


def takes_keys(widget: QWidget) -> bool:
    # Tab would stop there now.
    return bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus) and widget.isVisible() and widget.isEnabled()


def _ring(widget: QWidget, shown: bool) -> None:
    if bool(widget.property("ring")) != shown:
        restyle(widget, "ring", shown)


class KeyboardKeeper(QObject):
    """Moves the keyboard focus to the current page when no widget has it; marks what has it if keys moved it there."""

    def __init__(self, window: QWidget, page: Callable[[], Page | None]) -> None:
        super().__init__(window)
        self._window = window
        self._page = page
        self._by_keys = False
        self._timer = single_shot(self, 0, self.keep)
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._changed)

    def enter(self, page: Page) -> None:
        # Whatever Qt focused meanwhile.
        focused = self._window.focusWidget()
        if focused is None or not page.isAncestorOf(focused) or not takes_keys(focused):
            self._focus(page)
        self.keep_soon()

    def keep_soon(self) -> None:
        # After the current event: the focus may be about to be set.
        self._timer.start()

    def _changed(self, former: QWidget | None, focused: QWidget | None) -> None:
        """Ring what has the keyboard now, in a window that just opened if what had it before was ringed."""
        if former is not None and Shiboken.isValid(former):
            self._by_keys = former.window().testAttribute(BY_KEYS)
            _ring(former, False)
        if focused is None:
            self.keep_soon()
            return
        if former is None or former.window() is not focused.window():
            focused.window().setAttribute(BY_KEYS, self._by_keys)
        _ring(focused, theme.has_ring(focused))

    def keep(self) -> None:
        page = self._page()
        if page is None or QApplication.focusWidget() is not None or not self._window.isActiveWindow():
            return
        self._focus(page)

    @staticmethod
    def _focus(page: Page) -> None:
        target = next((widget for widget in page.keyboard_places() if takes_keys(widget)), None)
        if target is not None:
            target.setFocus(Qt.FocusReason.OtherFocusReason)
