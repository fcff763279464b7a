"""Tours on foot: stops that tell their story where they stand, and the way between them."""
