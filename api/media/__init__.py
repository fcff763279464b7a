"""Photos and sounds that people and editors bring: taken in, checked, kept and served."""
