"""Helpers for user-visible messages and titles of the store."""

from __future__ import annotations

from sqlalchemy import Connection

from mma_desktop.core.i18n import tr
from mma_desktop.store.database import raw


def shown_path(connection: Connection, image_id: int) -> str:
    """The path of an image for display; undecodable bytes as U+FFFD."""
    row = (
        raw(connection)
        .execute("SELECT path FROM place WHERE image_id = ? ORDER BY seen_at DESC, id LIMIT 1", (image_id,))
        .fetchone()
    )
    return bytes(row[0]).decode("utf-8", "replace") if row else tr("Image {image_id}", image_id=image_id)
