"""Version 4: what the text encoder reads for a class."""

from __future__ import annotations

from alembic import op

from mma_desktop.store.database import raw
from mma_desktop.store.integrity import invalid_row

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

# Built anew, because ALTER TABLE would write the column into the definition in its own way.
_CLASS = """CREATE TABLE "class_new" (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL,
    name_key TEXT NOT NULL,
    reads TEXT NOT NULL,
    role TEXT NOT NULL,
    position INTEGER NOT NULL,
    colour TEXT NOT NULL,
    "key" TEXT NOT NULL,
    CHECK/**/(id BETWEEN 1 AND 9007199254740992),
    CHECK/**/(length(name) BETWEEN 1 AND 200),
    CHECK/**/(length(reads) <= 200),
    CHECK/**/(role IN ('base', 'new')),
    CHECK/**/(position BETWEEN 0 AND 9007199254740992),
    CHECK/**/(colour GLOB '#[0-9a-fA-F][0-9a-fA-F][0-9a-fA-F][0-9a-fA-F][0-9a-fA-F][0-9a-fA-F]')
) STRICT"""


def upgrade() -> None:
    """Add the column; every existing class reads its name."""
    connection = raw(op.get_bind())  # the raw connection, for unwrapped SQLite errors
    with invalid_row("class"):
        last_ids = connection.execute("SELECT seq, name FROM sqlite_sequence WHERE name = 'class'").fetchall()
        connection.execute(_CLASS)
        connection.execute(
            'INSERT INTO "class_new" SELECT id, name, name_key, \'\', role, position, colour, "key" FROM "class" '
            "ORDER BY id"
        )
        connection.execute('DROP TABLE "class"')
        connection.execute('ALTER TABLE "class_new" RENAME TO "class"')
        connection.execute("CREATE UNIQUE INDEX uq_class_name_key ON class (name_key)")
        connection.execute("DELETE FROM sqlite_sequence WHERE name = 'class'")
        connection.executemany("INSERT INTO sqlite_sequence (seq, name) VALUES (?, ?)", last_ids)
