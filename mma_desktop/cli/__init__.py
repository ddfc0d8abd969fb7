"""The command line: one file per command, over the same services as the window.

Imports `services`, `engine`, `media`, `store` and `core`; only `__main__` opens the window.
"""
