"""Who may act for an agency, a facility, a school or the province: grants and invitations."""
