"""The paper's tables on a researcher's own data: sources, a plan of cells, a runner, tables and plots.

Imports `engine`, `media` and `core`.
"""
