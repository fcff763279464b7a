"""How whoever booked is reached: by push, else by SMS, else by e-mail, each thing once."""
