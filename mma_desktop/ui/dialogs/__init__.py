"""Dialogs. None of them blocks: they are opened, and signals report the user's choice.

Imports `ui.base` and `ui.widgets`.
"""
