"""One file for each format, or for each kind of folder; the registry finds their `FORMAT`, nothing else has to.

Imports `dataset` and its neighbours in `formats`, `media` and `core`; never the registry, the importer or the exporter.
"""
