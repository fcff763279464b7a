"""Cards that gates can check without a network: issued, shown, scanned, and stopped."""
