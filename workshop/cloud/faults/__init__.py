"""Faults on demand: calls of an AWS operation that fail, are late, or never come to an end.

`fault.py` says what a fault is, `operations.py` and `recogniser.py` which call a request is, `answers.py` what an AWS
service answers when it fails, `layer.py` does it in the server, and `client.py` is what tests and notebooks use.
"""
