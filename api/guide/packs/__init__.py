"""Offline packs: what a phone needs of an area where there is no network, signed, whole or as a change."""
