"""When a school teaches: terms, days off, bells."""
