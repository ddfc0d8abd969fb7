"""The session layer: what the window and the command line do to a project, without Qt."""

from mma_desktop.session.catalogue import Catalogue, Columns, Filter, Guesses, Order, Show
from mma_desktop.session.opening import create_session, open_session, scratch_session
from mma_desktop.session.project_session import ProjectSession
from mma_desktop.session.training import TrainOutcome

__all__ = [
    "Catalogue",
    "Columns",
    "Filter",
    "Guesses",
    "Order",
    "ProjectSession",
    "Show",
    "TrainOutcome",
    "create_session",
    "open_session",
    "scratch_session",
]
