"""Content editors change places: drafts, previews, published versions, and what survives the next load."""
