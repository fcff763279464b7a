"""What the stations around a place say, in words."""
