"""What is said of the province in the press and on social networks: taken in, understood by local rules, grouped, watched."""
