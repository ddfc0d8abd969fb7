"""The page Train: what will be trained, live base and new accuracy, names without labels, and what came of it.

Imports the packages below it (`grid`, `base`, `widgets`), and no other page.
"""
