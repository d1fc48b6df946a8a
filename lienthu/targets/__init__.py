"""Copy cataloguing: outside catalogues asked over SRU and Z39.50."""
