"""The door to the chatbot: phones talk GraphQL, Rasa is asked on loopback, and its silence is answered for."""
