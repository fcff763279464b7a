"""Scans are facts: checked and let in online, or told days later by a gate that was offline."""
