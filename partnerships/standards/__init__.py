"""Records in the words of others: citations, linked data, the catalogue. Pages and API both show them."""
