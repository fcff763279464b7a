"""The stations, and what each kind of them measures."""
