"""`./poe bench`: the figures of docs/benchmarks.md, each with its n and the machine it came from.

| file | measures |
|---|---|
| `environment.py` | one execution environment by itself: creation beyond INIT, round trip beyond duration |
| `service.py` | the same function through the local cloud's Lambda API |
| `table.py` | how figures are told |
"""
