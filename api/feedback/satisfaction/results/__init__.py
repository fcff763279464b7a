"""What is published: counts by office and month, never of fewer than five."""
