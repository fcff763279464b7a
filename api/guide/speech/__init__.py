"""Stories to listen to: recordings that a speech synthesiser made of tours' texts."""
