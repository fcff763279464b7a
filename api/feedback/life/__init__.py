"""The states of a report, and who moves it from one to the next."""
