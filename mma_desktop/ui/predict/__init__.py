"""The Predict page: predictions, any typed name, one tried picture.

Imports `ui.grid`, `ui.widgets`, `ui.dialogs` and the controller.
"""
