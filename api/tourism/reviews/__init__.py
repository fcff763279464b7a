"""Reviews of places by those who were there, shown once a moderator has read them."""
