"""Types, errors, events and helpers that every layer may use: settings, paths, files, translations, worker lanes.

Imports nothing but the standard library, platformdirs and pydantic.
"""
