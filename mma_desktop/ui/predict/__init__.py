"""The Predict page: predictions, any typed name, one tried picture.

Imports `ui.train`, `ui.label`, `ui.results`, `ui.grid`, `ui.dialogs`, `ui.base` and `ui.widgets`.
"""
