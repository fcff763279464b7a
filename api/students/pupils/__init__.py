"""Classes and pupils, and who may see them."""
