"""A workshop kit for bringing Rust into Python serverless systems."""
