"""What stands beside the server for those who build on its contract: its changes, and a mock of it."""
