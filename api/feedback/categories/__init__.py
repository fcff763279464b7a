"""What can be reported, what is asked of each, and which category a text seems to be of."""
