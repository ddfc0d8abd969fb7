"""The Home page, and opening, closing and backing up projects.

Imports `ui.dialogs`, `ui.base` and `ui.widgets`.
"""
