"""Pupils at school: rosters, guardians, and the student card (design, section 7)."""
