"""What stands in the way on the roads for hours or days."""
