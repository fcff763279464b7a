"""Documents brought to the shape of today's code, while the product runs on both shapes."""
