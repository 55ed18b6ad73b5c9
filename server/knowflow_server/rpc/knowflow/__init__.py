"""The core surface, `/api/v1`: one servicer per resource."""
