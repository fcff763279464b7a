"""Help for people in danger: SOS, plans of trips that alarm when nobody comes back, and who is safe."""
