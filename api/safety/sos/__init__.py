"""A call for help, from the tap to the end: who called, where, who comes."""
