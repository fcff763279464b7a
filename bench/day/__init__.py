"""A day of the province in some minutes: every service at once, arrivals that wait for nobody, and what the product did."""
