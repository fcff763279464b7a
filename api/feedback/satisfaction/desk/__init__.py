"""What the clerks of an office do: its codes, and what was said to it."""
