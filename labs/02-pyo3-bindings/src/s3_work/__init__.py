"""The S3 work of lab 01's `s3_work`, done by the Rust module `s3_admin`: this package is what the two labs differ in.

Functions here take and give the same plain values, and raise `ServiceError`. Nothing in it imports botocore.
"""

from __future__ import annotations

import s3_admin

# The client is made in INIT, which runs at full CPU whatever the memory.
s3_admin.warm_up()
