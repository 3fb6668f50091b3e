"""The simulated Graph API: HTTP, paths, versions, fields, paging, operations."""
