"""Extreme warnings by SMS, to people who asked for it and opened nothing on a device of theirs."""
