"""Projects on disk: the database, migrations, undo, backups and locks. The only user of SQLAlchemy and SQLite.

Imports `core`.
"""
