"""The S3 work that lab 02 moves to Rust: this package is what the two labs differ in.

Functions here take and give plain values, and raise `ServiceError`.
"""
