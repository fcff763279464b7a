"""How observations come in: agencies and their keys, NGSI-LD, JSON and CSV."""
