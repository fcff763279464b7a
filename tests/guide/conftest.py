"""The content that the product ships, for these tests too."""

from tests.tourism.conftest import province

__all__ = ["province"]
