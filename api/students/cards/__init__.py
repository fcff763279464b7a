"""The card of each pupil: issued, printed, lost, replaced, and what a scan of it does."""
