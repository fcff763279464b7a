"""Where requests come in: GraphQL over HTTP and WebSocket, health, and what frames every request."""
