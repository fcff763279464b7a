"""An agency that warns, and an editor who closes roads."""

from tests.alerts.conftest import door
from tests.tourism.closures.conftest import editor

__all__ = ["door", "editor"]
