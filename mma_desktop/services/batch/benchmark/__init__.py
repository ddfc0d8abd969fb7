"""The paper's tables on your own data: data sources, a plan of cells, a runner, tables and plots.

Imports the context, `formats`, `labels`, `engine`, `media` and `core`.
"""
