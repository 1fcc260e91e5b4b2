"""`./poe test`: everything that CI runs, as named steps in stages, cheap ones first.

| file | what |
|---|---|
| `steps.py` | the steps: which commands, in which stage |
| `runner.py` | runs them: a stage with a failure ends the run, the clean-up stage always runs |
| `leftovers.py` | the last step: shows that no process of this checkout outlives the run |
"""
