"""Surface 000, the platform: one servicer file per resource."""
