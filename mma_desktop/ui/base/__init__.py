"""What the pages stand on: the open project, the bridge to the worker threads, messages, clipboard and drops.

Imports `ui.widgets`.
"""
