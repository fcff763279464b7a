"""The numbers to call when somebody is in danger."""
