"""What the functions share: HTTP, validation, signing in, AWS clients. The S3 work worth moving is in `s3_work`."""
