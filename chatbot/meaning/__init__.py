"""What a whole message means, as a vector: the multilingual encoder E5 (small), read in numpy. Without Rasa."""
