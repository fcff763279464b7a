"""The reference verifier: decides from a file, without a store and without a network."""
