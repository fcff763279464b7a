"""What a card bears: the signed token, the code of the moment, and both as a QR code."""
