"""Projects on disk: the database, its migrations, undo and locks. The only user of SQLAlchemy and SQLite.

Imports `core`.
"""
