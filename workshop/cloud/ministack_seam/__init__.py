"""Everything that touches MiniStack's private names, and nothing else does.

| file | what it holds on to |
|---|---|
| `executor.py` | puts our Lambda executor in the place of MiniStack's |
| `logs.py` | writes log events without a client |
| `storage.py` | sets what S3's API cannot |
| `request_limit.py` | refuses payloads above Lambda's limit |
| `corrections.py` | mends faults that IAM enforcement meets |
| `self_test.py` | says at start-up whether this version of MiniStack still has these names |
"""
