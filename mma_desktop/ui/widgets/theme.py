"""Colours and style of the controls: two sets of tokens, with one palette and one style sheet built from them."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass
from functools import cache

from PySide6.QtCore import QDir, QObject, Qt, Signal
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication, QWidget

from mma_desktop.core.paths import resources_dir

SPACE = 8  # distances are multiples or halves of it
RADIUS = 6  # of corners; larger cards have rounder ones


@dataclass(frozen=True, slots=True)
class Tokens:
    """The colours of one theme, as "#rrggbb". Text, dim and the severities keep 4.5:1 on window, surface and raised."""

    name: str
    window: str
    surface: str
    raised: str
    border: str
    text: str
    dim: str
    accent: str
    on_accent: str
    accent_soft: str
    good: str
    warn: str
    bad: str
    focus: str


# Each colour in the light and the dark theme.
_COLOURS = {
    "window": ("#f3f4f7", "#16181c"),
    "surface": ("#ffffff", "#1e2126"),
    "raised": ("#f8f9fb", "#272b31"),
    "border": ("#d3d7df", "#3c424c"),
    "text": ("#1b1f26", "#e8eaee"),
    "dim": ("#586070", "#a5adba"),
    "accent": ("#4353d6", "#93a1ff"),
    "on_accent": ("#ffffff", "#10131f"),
    "accent_soft": ("#e5e8fc", "#2c3152"),
    "good": ("#19713f", "#62cc91"),
    "warn": ("#855400", "#e3b054"),
    "bad": ("#b3262f", "#ff8b88"),
    "focus": ("#4353d6", "#93a1ff"),
}
# Of base and of new classes in every chart, light and dark.
BASE_COLOUR, NEW_COLOUR = ("#0b62c4", "#74b3ff"), ("#b4510a", "#f5a65b")
LIGHT, DARK = (
    Tokens(name, **{key: both[at] for key, both in _COLOURS.items()}) for at, name in enumerate(("light", "dark"))
)


class ThemeWatcher(QObject):
    changed = Signal()  # `tokens()` returns another set


class _State:
    """The theme in use. One per process, like the application's palette."""

    tokens = LIGHT
    wanted = "system"
    following = False


def tokens() -> Tokens:
    return _State.tokens


@cache
def watcher() -> ThemeWatcher:
    return ThemeWatcher()


def apply_theme(app: QApplication, name: str) -> None:
    """Apply the theme "light", "dark", or "system" (followed while the program runs)."""
    _State.wanted = name
    hints = app.styleHints()
    if not _State.following:
        _State.following = True
        QDir.addSearchPath("controls", str(resources_dir() / "icons" / "controls"))
        # A scheme that is set below comes back as the signal, too: by then there is nothing to change.
        hints.colorSchemeChanged.connect(lambda _scheme: apply_theme(app, _State.wanted))
    schemes = {"light": Qt.ColorScheme.Light, "dark": Qt.ColorScheme.Dark}
    hints.setColorScheme(schemes.get(name, Qt.ColorScheme.Unknown))
    if name == "system":
        name = "dark" if hints.colorScheme() == Qt.ColorScheme.Dark else "light"
    _use(app, DARK if name == "dark" else LIGHT)


def _use(app: QApplication, new: Tokens) -> None:
    if app.property("mmaTheme") == new.name:
        return
    _State.tokens = new
    app.setProperty("mmaTheme", new.name)
    app.setStyle("Fusion")
    app.setPalette(palette(new))
    app.setStyleSheet(style_sheet(new))
    watcher().changed.emit()


def palette(t: Tokens) -> QPalette:
    role = QPalette.ColorRole
    colours = (
        (t.window, (role.Window,)),
        (t.surface, (role.Base,)),
        (t.raised, (role.AlternateBase, role.Button, role.ToolTipBase, role.Light)),
        (t.text, (role.WindowText, role.Text, role.ButtonText, role.ToolTipText)),
        (t.bad, (role.BrightText,)),
        (t.accent, (role.Highlight, role.Link, role.LinkVisited, role.Accent)),
        (t.on_accent, (role.HighlightedText,)),
        (t.dim, (role.PlaceholderText,)),
        (t.border, (role.Mid, role.Midlight, role.Dark, role.Shadow)),
    )
    result = QPalette()
    for colour, roles in colours:
        for which in roles:
            result.setColor(which, QColor(colour))
    for which in (role.WindowText, role.Text, role.ButtonText, role.HighlightedText):
        result.setColor(QPalette.ColorGroup.Disabled, which, QColor(disabled(t)))
    result.setColor(QPalette.ColorGroup.Disabled, role.Highlight, QColor(t.border))
    return result


def disabled(t: Tokens) -> str:
    return mix(t.dim, t.surface, 0.45)


def mix(first: str, second: str, share: float) -> str:
    """Mix two colours: `share` 0 is the first, 1 the second."""
    a, b = QColor(first), QColor(second)
    parts = ((a.red(), b.red()), (a.green(), b.green()), (a.blue(), b.blue()))
    return QColor(*(round(x + (y - x) * share) for x, y in parts)).name()


def has_ring(widget: QWidget) -> bool:
    """Return whether a widget has the keyboard, and Qt knows that keys moved it there and no click of the mouse."""
    return widget.hasFocus() and widget.window().testAttribute(Qt.WidgetAttribute.WA_KeyboardFocusChange)


def readable_on(ground: str) -> str:
    """Return black or white, whichever has the higher contrast to a colour: at least 4.5:1 (WCAG 2.2)."""
    colour = QColor(ground)
    parts = (colour.redF(), colour.greenF(), colour.blueF())
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return "#000000" if 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.179 else "#ffffff"


def style_sheet(t: Tokens) -> str:
    values = {
        **asdict(t),
        "hover": mix(t.raised, t.text, 0.06),
        "pressed": mix(t.raised, t.text, 0.12),
        "accent_hover": mix(t.accent, t.text, 0.14),
        "accent_faint": mix(t.accent, t.surface, 0.35),  # bars of all but the best prediction
        "disabled": disabled(t),
        "field": mix(t.dim, t.surface, 0.2),
        "radius": f"{RADIUS}px",
    }
    return re.sub(r"@(\w+)", lambda match: values[match[1]], _SHEET)


# Fields for text show whenever they have the keyboard, all else only where keys moved it: see `has_ring`.
# Names, paths and messages come from untrusted sources: no text may be markup, neither in our labels nor in those that
# Qt creates for tooltips, message boxes and its own dialogs. Qt sets this before a label is first measured or painted.
_SHEET = """
QLabel, QToolTip { qproperty-textFormat: PlainText; }
QWidget { outline: 0; }
QToolTip { background: @raised; color: @text; border: 1px solid @border; padding: 4px 6px; }
QMainWindow, QDialog { background: @window; }

QLabel#hint { color: @dim; }
QLabel#heading { color: @text; }
QFrame#card { background: @surface; border: 1px solid @border; border-radius: 8px; }
QFrame#card QLabel { background: transparent; }
QListView#findings, QListView#findings[ring="true"]:focus { background: transparent; border: 0; padding: 0; }
QListView#findings::item, QListView#findings::item:selected { color: transparent; }
QListView#findings::item { padding: 0; border: 2px solid transparent; border-radius: @radius; }
QListView#findings::item:hover { background: @hover; }
QListView#findings::item:selected { background: transparent; }
QListView#findings[ring="true"]::item:focus { border-color: @focus; }
QListWidget#recent { border-color: transparent; }
QListWidget#recent::item, QListWidget#recent::item:selected { color: transparent; }
QListWidget#recent::item:hover:!selected { background: @raised; }
QGraphicsView#canvas { background: @raised; border: 1px solid @border; border-radius: @radius; }
QFrame#drop { background: @surface; border: 2px dashed @dim; border-radius: 10px; }
QFrame#drop:hover { background: @accent_soft; }
QLabel#drop:hover { background: @surface; }
QFrame#drop[hot="true"] { background: @accent_soft; }
QFrame#drop[ring="true"]:focus, QFrame#drop[hot="true"] { border: 2px solid @accent; }
QFrame#drop QLabel { background: transparent; }
QLabel#drop { color: @dim; padding: 4px; }

QPushButton { background: @raised; color: @text; border: 1px solid @border; border-radius: @radius;
  padding: 5px 12px; min-height: 20px; }
QPushButton:hover { background: @hover; }
QPushButton:pressed, QPushButton:checked { background: @pressed; }
QPushButton:checked { border-color: @accent; }
QPushButton:disabled { color: @disabled; background: @window; }
QPushButton[ring="true"]:focus { border: 2px solid @focus; padding: 4px 11px; }
QPushButton[primary="true"] { background: @accent; color: @on_accent; border-color: @accent; font-weight: 600; }
QPushButton[primary="true"]:hover { background: @accent_hover; border-color: @accent_hover; }
QPushButton[primary="true"]:disabled { background: @border; border-color: @border; color: @disabled; }
QPushButton[primary="true"][ring="true"]:focus { border: 2px solid @text; }
QPushButton::menu-indicator { image: url(controls:down-@name.svg); width: 16px; height: 16px;
  subcontrol-position: right center;
  right: 6px; }

QMessageBox { messagebox-question-icon: url(controls:question-@name.svg); }
QDialogButtonBox { button-layout: 3; }
QDialogButtonBox QPushButton:default { background: @accent; color: @on_accent; border-color: @accent; }
QDialogButtonBox QPushButton:default:hover { background: @accent_hover; }
QDialogButtonBox QPushButton[ring="true"]:default:focus { border: 2px solid @text; }

QToolButton, QRadioButton { background: transparent; color: @text; border: 1px solid transparent;
  border-radius: @radius; padding: 4px; }
QRadioButton { padding: 4px 8px; spacing: 0; min-height: 20px; }
QRadioButton::indicator { width: 0; height: 0; }
QToolButton:hover, QRadioButton:hover { background: @hover; }
QToolButton:pressed, QToolButton:checked, QRadioButton:pressed, QRadioButton:checked { background: @accent_soft;
  border-color: @accent; }
QToolButton[ring="true"]:focus { border: 2px solid @focus; padding: 3px; }
QRadioButton[ring="true"]:focus { border: 2px solid @focus; padding: 3px 7px; }
QToolButton:disabled { color: @disabled; }
QToolButton::menu-indicator { image: none; }

QLineEdit, QPlainTextEdit, QTextEdit, QAbstractSpinBox, QComboBox { background: @surface; color: @text;
  border: 1px solid @field; border-radius: @radius; padding: 4px 7px; selection-background-color: @accent;
  selection-color: @on_accent; }
QLineEdit, QPlainTextEdit, QTextEdit, QComboBox { placeholder-text-color: @dim; }
QLineEdit, QAbstractSpinBox, QComboBox { min-height: 20px; }
QLineEdit:focus, QPlainTextEdit:focus, QTextEdit:focus, QAbstractSpinBox:focus,
QComboBox[ring="true"]:focus {
  border: 2px solid @focus; padding: 3px 6px; }
QLineEdit:disabled, QPlainTextEdit:disabled, QTextEdit:disabled, QAbstractSpinBox:disabled, QComboBox:disabled {
  color: @disabled; background: @window; border-color: @border; }
QLineEdit:read-only { background: @window; }
QComboBox QLineEdit, QAbstractSpinBox QLineEdit, QAbstractItemView QLineEdit { border: 0; padding: 0; min-height: 0; }
QComboBox { padding-right: 22px; combobox-popup: 0; }
QComboBox[ring="true"]:focus { padding-right: 21px; }
QComboBox::drop-down { border: 0; width: 24px; subcontrol-position: right center; }
QComboBox::down-arrow { image: url(controls:down-@name.svg); width: 16px; height: 16px; }
QComboBox QAbstractItemView { background: @surface; color: @text; border: 1px solid @border; padding: 2px;
  selection-background-color: @accent_soft; selection-color: @text; }
QComboBox QAbstractItemView, QComboBox QAbstractItemView[ring="true"]:focus { padding: 0; border: 1px solid @border;
  border-radius: 0; }
QComboBox QAbstractItemView::item { padding: 5px 8px; }
QComboBox QAbstractItemView::item:disabled { color: @disabled; }
QAbstractSpinBox { padding-right: 20px; }
QAbstractSpinBox:focus { padding-right: 19px; }
QAbstractSpinBox::up-button { border: 0; width: 20px; subcontrol-origin: border; subcontrol-position: top right; }
QAbstractSpinBox::down-button { border: 0; width: 20px; subcontrol-origin: border; subcontrol-position: bottom right; }
QAbstractSpinBox::up-button:hover, QAbstractSpinBox::down-button:hover { background: @hover; }
QAbstractSpinBox::up-arrow { image: url(controls:up-@name.svg); width: 12px; height: 12px; }
QAbstractSpinBox::down-arrow { image: url(controls:down-@name.svg); width: 12px; height: 12px; }

QCheckBox { spacing: 8px; padding: 2px; border: 2px solid transparent; border-radius: @radius; }
QCheckBox[ring="true"]:focus { border-color: @focus; }
QCheckBox:disabled { color: @disabled; }
QCheckBox::indicator, QListView::indicator { width: 16px; height: 16px; border: 1px solid @field; border-radius: 4px;
  background: @surface; }
QCheckBox::indicator:checked, QListView::indicator:checked { background: @accent; border-color: @accent;
  image: url(controls:check-@name.svg); }
QCheckBox::indicator:disabled, QListView::indicator:disabled { background: @border; border-color: @border; }

QAbstractItemView { background: @surface; color: @text; border: 1px solid @border; padding: 1px;
  border-radius: @radius;
  alternate-background-color: @raised; selection-background-color: @accent_soft; selection-color: @text; }
QAbstractItemView[ring="true"]:focus { border: 2px solid @focus; padding: 0; }
QAbstractItemView::item:selected { background: @accent_soft; color: @text; }
QTableView::item { padding: 2px 5px; }
QListWidget::item { padding: 4px 8px; }
QHeaderView { background: @raised; border: 0; }
QHeaderView::section { background: @raised; color: @dim; border: 0; border-bottom: 1px solid @border;
  padding: 5px 8px; }
QTableCornerButton::section { background: @raised; border: 0; }

QMenuBar { background: @window; color: @text; border-bottom: 1px solid @border; padding: 1px 4px; }
QMenuBar::item { background: transparent; padding: 5px 9px; border-radius: @radius; }
QMenuBar::item:selected, QMenuBar::item:pressed { background: @accent_soft; color: @text; }
QMenu { background: @surface; color: @text; border: 1px solid @border; padding: 5px; }
QMenu::item { padding: 5px 26px 5px 10px; border-radius: 4px; }
QMenu::item:selected { background: @accent_soft; color: @text; }
QMenu::item:disabled { color: @disabled; }
QMenu::icon { padding-left: 8px; }
QMenu::separator { height: 1px; background: @border; margin: 5px 8px; }
QMenu::right-arrow { image: url(controls:right-@name.svg); width: 16px; height: 16px; }

QStatusBar { background: @window; color: @dim; border-top: 1px solid @border; }
QStatusBar::item { border: 0; }

QTabWidget::pane { border: 1px solid @border; border-radius: 8px; background: @surface; top: -1px; }
QTabBar { background: transparent; }
QTabBar::tab { background: transparent; color: @dim; padding: 7px 14px; border: 0;
  border-bottom: 2px solid transparent; }
QTabBar::tab:hover { color: @text; }
QTabBar::tab:disabled { color: @disabled; }
QTabBar::tab:selected { color: @text; border-bottom: 2px solid @accent; font-weight: 600; }
QTabBar[ring="true"]::tab:selected:focus { background: @accent_soft; }

QProgressBar { background: @border; border: 0; border-radius: 3px; max-height: 6px; min-height: 6px; text-align: center;
  color: transparent; }
QProgressBar::chunk { background: @accent; border-radius: 3px; }
QProgressBar[faint="true"]::chunk { background: @accent_faint; }

QSlider:horizontal { min-height: 22px; }
QSlider::groove:horizontal { height: 4px; background: @field; border-radius: 2px; }
QSlider::sub-page:horizontal { background: @accent; border-radius: 2px; }
QSlider::handle:horizontal { width: 14px; height: 14px; margin: -7px 0; border-radius: 9px; background: @surface;
  border: 2px solid @accent; }
QSlider[ring="true"]::handle:horizontal:focus { background: @accent; border-color: @text; }
QSlider::handle:horizontal:hover { background: @accent_soft; }

QScrollBar:vertical { background: transparent; width: 12px; margin: 0; }
QScrollBar:horizontal { background: transparent; height: 12px; margin: 0; }
QScrollBar::handle { background: @disabled; border-radius: 4px; }
QScrollBar::handle:vertical { min-height: 32px; margin: 2px; }
QScrollBar::handle:horizontal { min-width: 32px; margin: 2px; }
QScrollBar::handle:hover { background: @dim; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
QScrollArea { background: transparent; border: 0; }
QScrollArea > QWidget > QWidget#page { background: transparent; }

QSplitter::handle { background: @border; }
QSplitter::handle:horizontal { width: 1px; }
QSplitter::handle:vertical { height: 1px; }
QSplitter::handle:hover { background: @accent; }

QFrame#rail { background: @surface; border: 0; border-right: 1px solid @border; }
QFrame#rail QToolButton { padding: 8px 4px; border: 2px solid transparent; border-radius: 8px; color: @dim; }
QFrame#rail QToolButton:hover { background: @hover; color: @text; }
QFrame#rail QToolButton[ring="true"]:focus { border-color: @focus; }
QFrame#rail QToolButton:disabled { color: @disabled; }

QFrame#infobar { background: @surface; border: 1px solid @border; border-left: 4px solid @border; border-radius: 4px; }
QFrame#infobar[severity="info"] { border-left: 4px solid @accent; }
QFrame#infobar[severity="good"] { border-left: 4px solid @good; }
QFrame#infobar[severity="warn"] { border-left: 4px solid @warn; }
QFrame#infobar[severity="bad"] { border-left: 4px solid @bad; }
QFrame#infobar QLabel { background: transparent; color: @text; }
"""
