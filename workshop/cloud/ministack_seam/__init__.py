"""Everything that touches MiniStack's private names, and nothing else does.

| file | what it holds on to |
|---|---|
| `executor.py` | puts our Lambda executor in the place of MiniStack's |
| `threads.py` | runs invocations on threads that are kept |
| `shortcuts.py` | leads calls of the Lambda API past what other services ask |
| `transitions.py` | makes a changed function ready when the change is answered |
| `caller.py` | notes what `Invoke` tells of its caller |
| `afterwards.py` | does what an answer must not wait for |
| `logs.py` | writes log events without a client |
| `metrics.py` | records what CloudWatch tells of a function |
| `log_limit.py` | bounds what the log store keeps |
| `insights.py` | puts our Logs Insights in the place of MiniStack's |
| `insights_queries.py` | keeps, lists and stops its queries |
| `storage.py` | sets what S3's API cannot |
| `request_limit.py` | refuses payloads above Lambda's limit |
| `corrections.py` | mends faults that a deployed lab meets |
| `s3_corrections.py` | mends those of S3 |
| `concurrency.py` | reserved concurrency and the account's limit, as AWS counts them |
| `self_test.py` | says at start-up whether this version of MiniStack still has these names |
"""
