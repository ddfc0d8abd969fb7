"""What a person can do to a project, without Qt: a package a deed, over the context of the open project.

Imports `engine`, `media`, `store` and `core`; never `ui` or `cli`.
"""
