"""Pupils who go to another school of the province."""
