"""Dialogs. None of them blocks: they are opened and tell by signal what was chosen.

Imports `ui.base` and `ui.widgets`.
"""
