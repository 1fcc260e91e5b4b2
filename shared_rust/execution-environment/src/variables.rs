//! The environment variables of a runtime or an extension.

use std::collections::BTreeMap;

use crate::init::Role;
use crate::spec::{API_ADDRESS, Spec};

/// What a managed environment has when the function does not set it.
const DEFAULTS: [(&str, &str); 4] = [
    (
        "PATH",
        "/var/lang/bin:/usr/local/bin:/usr/bin/:/bin:/opt/bin",
    ),
    (
        "LD_LIBRARY_PATH",
        "/var/lang/lib:/lib64:/usr/lib64:/var/runtime:/var/runtime/lib:/var/task:/var/task/lib:/opt/lib",
    ),
    ("LANG", "en_US.UTF-8"),
    ("TZ", ":UTC"),
];

/// `NAME=value` for each variable. What the spec gives wins over the defaults, and what this process
/// alone can know wins over the spec.
pub fn for_program(spec: &Spec, role: &Role) -> Vec<String> {
    let mut all: BTreeMap<&str, String> = DEFAULTS
        .iter()
        .map(|(name, value)| (*name, (*value).to_owned()))
        .collect();
    all.insert("AWS_LAMBDA_FUNCTION_NAME", spec.function_name.clone());
    all.insert("AWS_LAMBDA_FUNCTION_VERSION", spec.function_version.clone());
    all.insert(
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
        spec.memory_mb.to_string(),
    );
    all.insert("AWS_LAMBDA_INITIALIZATION_TYPE", "on-demand".into());
    for (name, value) in &spec.env {
        all.insert(name, value.clone());
    }
    all.insert("AWS_LAMBDA_RUNTIME_API", API_ADDRESS.into());
    all.insert("LAMBDA_TASK_ROOT", "/var/task".into());
    all.insert("LAMBDA_RUNTIME_DIR", "/var/runtime".into());
    if *role == Role::Runtime {
        all.insert("_HANDLER", spec.handler.clone());
    }
    all.into_iter()
        .map(|(name, value)| format!("{name}={value}"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::tests::minimal;

    #[test]
    fn the_function_may_set_the_defaults_but_not_the_address_of_the_api() {
        let mut spec = minimal();
        spec.env.insert("LANG".into(), "C".into());
        spec.env
            .insert("AWS_LAMBDA_RUNTIME_API".into(), "elsewhere".into());
        let all = for_program(&spec, &Role::Runtime);
        for expected in [
            "LANG=C",
            "AWS_LAMBDA_RUNTIME_API=127.0.0.1:9001",
            "_HANDLER=app.handler",
            "TZ=:UTC",
        ] {
            assert!(
                all.iter().any(|variable| variable == expected),
                "{expected} in {all:?}"
            );
        }
        assert!(
            !for_program(&spec, &Role::Extension("x".into()))
                .iter()
                .any(|v| v.starts_with("_HANDLER"))
        );
    }
}
