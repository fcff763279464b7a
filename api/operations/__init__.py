"""How the product itself is doing, for those who run it: read from the store, told as figures and as a query."""
