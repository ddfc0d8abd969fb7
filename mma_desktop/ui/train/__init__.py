"""The page Check: the model at a glance, what it gets wrong, its versions.

Imports the search for wrong labels of `ui.label`, `ui.grid`, `ui.dialogs`, `ui.base` and `ui.widgets`.
"""
