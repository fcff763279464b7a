"""Which cards do not hold any more: versioned, signed lists for gates, and what changed in them."""
