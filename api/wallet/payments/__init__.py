"""Paying in through a payment provider: orders, signed callbacks, and money that fits nowhere."""
