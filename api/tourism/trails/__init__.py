"""Trails: their lines, what the lines tell, and files of them."""
