"""Schools of the province, as the product ships them."""
