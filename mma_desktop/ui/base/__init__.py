"""Foundation of the pages: the open project, the bridge to the worker threads, messages, clipboard and drops.

Imports `ui.widgets`.
"""
