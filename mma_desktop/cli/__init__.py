"""The command line: a file a command, over the same services as the window.

Imports `services` and `core`; the commands that need a window import `ui` when they run.
"""
