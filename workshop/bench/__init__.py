"""`./poe bench`: the figures of docs/benchmarks.md and docs/fidelity.md, each with its n and the machine it came from.

| file | measures |
|---|---|
| `environment.py`, `memory.py` | one execution environment by itself: creation, round trip, CPU share, memory |
| `service.py`, `api.py` | a function through the local cloud's Lambda API and through a REST API |
| `fidelity.py`, `fit.py` | DynamoDB's "light" workload next to what was published of AWS |
| `tls.py` | what HTTPS adds to a first call in each runtime |
| `labs/` | the labs, side by side |
| `layer.py` | what lab 04's layer costs a function of each runtime |
| `secrets.py` | what a secret from that layer's cache saves each runtime |
| `hello.py`, `packages.py`, `functions/` | the functions that are measured, and their deployment packages |
| `table.py`, `documents.py` | how figures are told, and written into the documents |
"""
