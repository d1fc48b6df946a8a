"""Every write of the cataloguing desk."""
