"""The Train page: the form, its findings, the live curves.

Imports `ui.results`, `ui.widgets`, `ui.dialogs` and the controller.
"""
