"""What pages take from npm: pinned here, fetched at set-up, served from here."""
