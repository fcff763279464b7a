"""Where care is given and by whom: facilities, practitioners and the services they offer."""
