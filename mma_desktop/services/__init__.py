"""Everything a user can do with a project, without Qt: one package per kind of action, over the project context.

Imports `engine`, `media`, `store` and `core`; never `ui` or `cli`.
"""
