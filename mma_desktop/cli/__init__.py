"""The command line: one file per command, over the same services as the window.

Imports `services`, `store` and `core`; commands that open a window import `ui` when they run.
"""
