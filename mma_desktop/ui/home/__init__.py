"""The Home page, and opening, closing and backing up projects.

Imports `ui.widgets`, `ui.dialogs` and the controller.
"""
