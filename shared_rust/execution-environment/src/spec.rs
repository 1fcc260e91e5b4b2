//! What one execution environment is made of: the `create` message.

use std::collections::BTreeMap;
use std::net::{SocketAddr, SocketAddrV4};
use std::path::{Component, Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::error::{Context, Error, Result};

/// Where the Runtime, Extensions and Telemetry APIs listen inside the sandbox, as on AWS.
pub const API_ADDRESS: &str = "127.0.0.1:9001";
/// The variables and arguments travel to pid 1 in one packet.
const MAX_PROGRAM_BYTES: usize = 128 * 1024;

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Spec {
    pub function_name: String,
    #[serde(default = "latest")]
    pub function_version: String,
    pub function_arn: String,
    pub handler: String,
    /// Only told to extensions and telemetry, as `python3.11`.
    #[serde(default)]
    pub runtime: String,
    /// The runtime's command; the first word is an absolute path inside the sandbox.
    pub argv: Vec<String>,
    #[serde(default)]
    pub env: BTreeMap<String, String>,
    /// The unpacked deployment package, mounted read-only at `/var/task`.
    pub code: PathBuf,
    /// Unpacked layers, merged read-only at `/opt`; the later wins.
    #[serde(default)]
    pub layers: Vec<PathBuf>,
    #[serde(default)]
    pub mounts: Vec<Mount>,
    pub memory_mb: u64,
    pub timeout_ms: u64,
    #[serde(default = "ten_seconds")]
    pub init_timeout_ms: u64,
    #[serde(default = "default_tmp_mb")]
    pub tmp_mb: u64,
    #[serde(default)]
    pub forward: Vec<Forward>,
    /// Names at and under these are 127.0.0.1 inside, and no others exist; empty: no name server.
    #[serde(default)]
    pub dns: Vec<String>,
    #[serde(default)]
    pub cgroup_parent: Option<String>,
    #[serde(default = "yes")]
    pub freeze: bool,
    #[serde(default = "sandbox_uid")]
    pub uid: u32,
    #[serde(default = "sandbox_gid")]
    pub gid: u32,
    #[serde(default)]
    pub log_format: LogFormat,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mount {
    pub source: PathBuf,
    pub target: PathBuf,
    #[serde(default = "yes")]
    pub read_only: bool,
}

/// A port inside the sandbox whose connections are carried to an address outside.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Forward {
    pub listen: SocketAddrV4,
    pub connect: SocketAddr,
    /// What a round trip to there costs beyond the loopback's.
    #[serde(default)]
    pub round_trip_us: u64,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum LogFormat {
    #[default]
    #[serde(alias = "text")]
    Text,
    #[serde(rename = "JSON", alias = "json", alias = "Json")]
    Json,
}

fn latest() -> String {
    "$LATEST".into()
}
fn ten_seconds() -> u64 {
    10_000
}
fn default_tmp_mb() -> u64 {
    512
}
fn yes() -> bool {
    true
}
fn sandbox_uid() -> u32 {
    993
}
fn sandbox_gid() -> u32 {
    990
}

impl Spec {
    /// Checks what can be checked from outside and resolves symbolic links in sources, because
    /// links would mean something else once the sandbox has a root of its own.
    ///
    /// # Errors
    /// A sentence that names the field and what it should be.
    pub fn validated(mut self) -> Result<Self> {
        self.check_command()?;
        self.check_numbers()?;
        self.dns = self
            .dns
            .iter()
            .map(|name| suffix(name))
            .collect::<Result<_>>()?;
        self.code = directory("code", &self.code)?;
        for layer in &mut self.layers {
            *layer = directory("layers", layer)?;
        }
        for mount in &mut self.mounts {
            check_target(&mount.target)?;
            mount.source = canonical("mounts.source", &mount.source)?;
        }
        if self
            .forward
            .iter()
            .any(|forward| forward.listen.port() == 9001)
        {
            return Err(Error::Spec(
                "forward.listen: port 9001 is the Runtime API's".into(),
            ));
        }
        Ok(self)
    }

    fn check_command(&self) -> Result<()> {
        let Some(program) = self.argv.first() else {
            return Err(Error::Spec(
                "argv is empty: it needs the runtime's command".into(),
            ));
        };
        if !program.starts_with('/') {
            return Err(Error::Spec(format!(
                "argv[0] is {program:?}: it must be an absolute path"
            )));
        }
        let words = self
            .argv
            .iter()
            .chain(self.env.keys())
            .chain(self.env.values());
        if words.clone().any(|word| word.contains('\0')) {
            return Err(Error::Spec(
                "argv and env must not contain NUL bytes".into(),
            ));
        }
        if self
            .env
            .keys()
            .any(|key| key.is_empty() || key.contains('='))
        {
            return Err(Error::Spec(
                "env: a name must not be empty or contain '='".into(),
            ));
        }
        let bytes: usize = words.map(|word| word.len() + 2).sum();
        if bytes > MAX_PROGRAM_BYTES {
            return Err(Error::Spec(format!(
                "argv and env take {bytes} bytes: at most {MAX_PROGRAM_BYTES} fit"
            )));
        }
        Ok(())
    }

    fn check_numbers(&self) -> Result<()> {
        let within = |name: &str, value: u64, low: u64, high: u64| {
            if (low..=high).contains(&value) {
                Ok(())
            } else {
                Err(Error::Spec(format!(
                    "{name} is {value}: it must be from {low} to {high}"
                )))
            }
        };
        within("memory_mb", self.memory_mb, 32, 10_240)?;
        within("timeout_ms", self.timeout_ms, 1, 900_000)?;
        within("init_timeout_ms", self.init_timeout_ms, 1, 900_000)?;
        for forward in &self.forward {
            within(
                "forward.round_trip_us",
                forward.round_trip_us,
                0,
                10_000_000,
            )?;
        }
        within("tmp_mb", self.tmp_mb, 1, 10_240)
    }
}

fn canonical(field: &str, path: &Path) -> Result<PathBuf> {
    if !path.is_absolute() {
        return Err(Error::Spec(format!(
            "{field}: {} must be an absolute path",
            path.display()
        )));
    }
    path.canonicalize()
        .context(|| format!("{field}: {}", path.display()))
}

fn directory(field: &str, path: &Path) -> Result<PathBuf> {
    let path = canonical(field, path)?;
    if path.is_dir() {
        Ok(path)
    } else {
        Err(Error::Spec(format!(
            "{field}: {} must be a directory",
            path.display()
        )))
    }
}

/// A domain name as the resolver compares it.
fn suffix(name: &str) -> Result<String> {
    let plain = |label: &str| {
        (1..=63).contains(&label.len())
            && label
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    if name.split('.').all(plain) {
        Ok(name.to_ascii_lowercase())
    } else {
        Err(Error::Spec(format!(
            "dns: {name:?} must be a domain name such as \"example.com\", without a leading dot"
        )))
    }
}

fn check_target(target: &Path) -> Result<()> {
    let plain = target
        .components()
        .all(|part| matches!(part, Component::RootDir | Component::Normal(_)));
    if target.is_absolute() && plain && target != Path::new("/") {
        Ok(())
    } else {
        Err(Error::Spec(format!(
            "mounts.target: {} must be an absolute path without '..'",
            target.display()
        )))
    }
}

#[cfg(test)]
pub mod tests {
    use super::*;

    pub fn minimal() -> Spec {
        serde_json::from_value(serde_json::json!({
            "function_name": "f", "function_arn": "arn:aws:lambda:us-east-1:000000000000:function:f",
            "handler": "app.handler", "argv": ["/var/task/bootstrap"], "code": "/usr",
            "memory_mb": 128, "timeout_ms": 3000
        }))
        .unwrap()
    }

    #[test]
    fn defaults_are_those_of_the_readme() {
        let spec = minimal().validated().unwrap();
        assert_eq!(spec.function_version, "$LATEST");
        assert_eq!((spec.init_timeout_ms, spec.tmp_mb), (10_000, 512));
        assert!(spec.freeze && spec.cgroup_parent.is_none());
        assert_eq!(spec.log_format, LogFormat::Text);
    }

    #[test]
    fn what_cannot_be_is_refused_by_name() {
        type Spoil = fn(&mut Spec);
        let cases: [(Spoil, &str); 9] = [
            (|s| s.argv.clear(), "argv"),
            (|s| s.argv[0] = "bootstrap".into(), "absolute"),
            (|s| s.memory_mb = 0, "memory_mb"),
            (|s| s.timeout_ms = 900_001, "timeout_ms"),
            (|s| s.code = "/nowhere/at/all".into(), "code"),
            (|s| s.code = "relative".into(), "absolute"),
            (|s| s.dns = vec![".example.com".into()], "domain name"),
            (
                |s| {
                    s.env.insert("A=B".into(), "c".into());
                },
                "env",
            ),
            (
                |s| {
                    s.env.insert("A".into(), "x".repeat(200_000));
                },
                "bytes",
            ),
        ];
        for (spoil, word) in cases {
            let mut spec = minimal();
            spoil(&mut spec);
            let message = spec.validated().unwrap_err().to_string();
            assert!(message.contains(word), "{message}");
        }
    }

    #[test]
    fn a_mount_target_may_not_climb_out() {
        for target in ["../etc", "/var/../etc", "relative", "/"] {
            assert!(check_target(Path::new(target)).is_err(), "{target}");
        }
        assert!(check_target(Path::new("/var/lang/lib")).is_ok());
    }

    #[test]
    fn an_unknown_field_is_named() {
        let mut json = serde_json::to_value(minimal()).unwrap();
        json["memory"] = 5.into();
        let message = serde_json::from_value::<Spec>(json)
            .unwrap_err()
            .to_string();
        assert!(message.contains("memory"), "{message}");
    }
}
