"""Places to visit, markets, and the communes they lie in."""
