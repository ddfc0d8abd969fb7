"""The window, a package per page. The only user of Qt.

Imports `services`, `store`, `media` and `core`, and of `engine` only what does not import torch.
"""

from __future__ import annotations

import builtins

import PySide6.QtCore  # noqa: F401 - for what it does to `import`

# PySide6 replaces `import` by one that reads the source of every imported module, in search of a switch to snake case.
# With torch that takes 0.2 s and keeps 17 MB of sources; and if two threads import at once, it misses modules and then
# looks into half imported ones, which fails for pydantic. PySide6 documents where it keeps the one before.
builtins.__import__ = getattr(builtins, "__orig_import__", builtins.__import__)
