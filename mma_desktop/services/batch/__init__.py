"""Jobs without a window: training and evaluating class folders, sharded predictions, the benchmark.

Imports the other services, `engine`, `media` and `core`.
"""
