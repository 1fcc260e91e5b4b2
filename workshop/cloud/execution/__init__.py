"""How one Lambda invocation runs: from a function's configuration to its answer and log lines.

`executor` takes an invocation from MiniStack; `pool` finds or makes an execution environment;
`environment` drives one `execution-environment` process; `platform_log` writes what AWS would log.
"""
