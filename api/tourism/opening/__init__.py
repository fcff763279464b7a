"""When places are open: OpenStreetMap's syntax, with the public holidays of Vietnam."""
