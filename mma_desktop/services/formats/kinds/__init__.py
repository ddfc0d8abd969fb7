"""One file for each format, which the registry finds by its `FORMAT`; nothing else has to name a new one.

Imports `dataset` and its neighbours in `formats`, `media` and `core`; never the registry, the importer or the exporter.
"""
