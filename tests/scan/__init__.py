"""Reading everything that the backend left behind, raw and unsealed, and looking for marks in it."""

from tests.scan.marks import Mark, found, mark
from tests.scan.scan import Scan, Unopened
from tests.scan.sight import Sight
from tests.scan.wire import Wire

__all__ = ["Mark", "Scan", "Sight", "Unopened", "Wire", "found", "mark"]
