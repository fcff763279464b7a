"""Where people say that they will be, so that warnings for there reach them before and while they are."""
