"""Where cards are scanned: gates, the keys their codes are checked with, and what an offline gate gets."""
