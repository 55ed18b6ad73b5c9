"""The platform surface, `/v1`: one servicer per resource."""
