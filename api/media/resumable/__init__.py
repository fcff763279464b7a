"""Uploads that go on where they broke off: tus 1.0.0 at our own door, parts in a bucket."""
