"""Pictures of agreements, each answering the same questions as the list."""
