"""XML signatures of agencies: whose certificates are trusted, and whether a message is signed by one."""
