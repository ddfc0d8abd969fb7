"""The Use page: predictions, any typed class name, and testing a single picture.

Imports `ui.train`, `ui.label`, `ui.grid`, `ui.dialogs`, `ui.base` and `ui.widgets`.
"""
