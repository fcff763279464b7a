"""The phones and browsers that warnings reach, and who may change what is kept of them."""
