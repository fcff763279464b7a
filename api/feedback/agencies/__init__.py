"""Who answers for what is reported: departments of the province, owners of roads and nets, communes."""
