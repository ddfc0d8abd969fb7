"""The Train page: the form, its findings, the comparison of methods.

Imports `ui.results`, what finds images in `ui.label`, `ui.dialogs`, `ui.base` and `ui.widgets`.
"""
