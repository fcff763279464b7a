"""What people report: how it is taken in, kept and read."""
