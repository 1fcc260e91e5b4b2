//! The extension as a process.

use super::{Client, Platform, eventually};
use std::fs::File;
use std::path::Path;
use std::process::{Child, Command};
use std::sync::Mutex;
use tempfile::TempDir;

pub const TOKEN: &str = "session-token-5b1f";
pub const SECRET_KEY: &str = "secret-key-77c2";

/// Variables of the process beside Lambda's own.
pub type Settings<'a> = &'a [(&'a str, &'a str)];

pub struct Extension {
    process: Mutex<Child>,
    pub port: u16,
    pub secrets_port: u16,
    folder: TempDir,
}

impl Extension {
    /// Starts it and waits for the end of its INIT.
    pub async fn start(platform: &Platform, settings: Settings<'_>) -> Self {
        Self::start_in(tempfile::tempdir().unwrap(), platform, settings).await
    }

    /// Starts it where another has been, as after a crash of a function.
    pub async fn start_in(folder: TempDir, platform: &Platform, settings: Settings<'_>) -> Self {
        let [port, secrets_port] = free_ports();
        let process = Command::new(env!("CARGO_BIN_EXE_analytics"))
            .env_clear()
            .env("AWS_LAMBDA_RUNTIME_API", &platform.address)
            .env("AWS_LAMBDA_FUNCTION_NAME", "buckets")
            .env("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST")
            .env("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "128")
            .env("AWS_REGION", "eu-west-1")
            .env("AWS_ACCESS_KEY_ID", "AKID")
            .env("AWS_SECRET_ACCESS_KEY", SECRET_KEY)
            .env("AWS_SESSION_TOKEN", TOKEN)
            .env("AWS_ENDPOINT_URL", format!("http://{}", platform.address))
            .env(
                "ANALYTICS_QUEUE_URL",
                "https://sqs.eu-west-1.amazonaws.com/123456789012/events",
            )
            .env("ANALYTICS_PORT", port.to_string())
            .env(
                "PARAMETERS_SECRETS_EXTENSION_HTTP_PORT",
                secrets_port.to_string(),
            )
            .env("ANALYTICS_SPILL_FOLDER", folder.path().join("spill"))
            .envs(settings.iter().copied())
            .stdout(
                File::options()
                    .create(true)
                    .append(true)
                    .open(log(&folder))
                    .unwrap(),
            )
            .spawn()
            .unwrap();
        let extension = Self {
            process: Mutex::new(process),
            port,
            secrets_port,
            folder,
        };
        platform.asked(1).await;
        extension
    }

    pub async fn client(&self) -> Client {
        Client::connect(self.port).await
    }

    /// Waits for its end; whether that was a success.
    pub async fn ended(&self) -> bool {
        eventually("the extension ends", || {
            self.process.lock().unwrap().try_wait().unwrap().is_some()
        })
        .await;
        self.process.lock().unwrap().wait().unwrap().success()
    }

    /// As the kernel does it; what is left is for another to find.
    pub async fn kill(self) -> TempDir {
        self.process.lock().unwrap().kill().unwrap();
        self.ended().await;
        let mut this = std::mem::ManuallyDrop::new(self);
        std::mem::replace(&mut this.folder, tempfile::tempdir().unwrap())
    }

    pub fn logs(&self) -> String {
        std::fs::read_to_string(log(&self.folder)).unwrap()
    }

    pub fn said(&self, words: &str) -> usize {
        self.logs().matches(words).count()
    }

    pub fn spilled(&self) -> usize {
        count(&self.folder.path().join("spill"))
    }

    /// The most memory that it ever had, in KiB.
    pub fn peak_memory_kib(&self) -> u64 {
        let id = self.process.lock().unwrap().id();
        let status = std::fs::read_to_string(format!("/proc/{id}/status")).unwrap();
        let line = status
            .lines()
            .find_map(|line| line.strip_prefix("VmHWM:"))
            .unwrap();
        line.trim().trim_end_matches(" kB").parse().unwrap()
    }
}

impl Drop for Extension {
    fn drop(&mut self) {
        let process = self.process.get_mut().unwrap();
        let _ = process.kill();
        let _ = process.wait();
    }
}

fn log(folder: &TempDir) -> std::path::PathBuf {
    folder.path().join("log")
}

fn count(folder: &Path) -> usize {
    std::fs::read_dir(folder).map_or(0, Iterator::count)
}

fn free_ports() -> [u16; 2] {
    // Both at once, so that they are not the same.
    let listeners = [(); 2].map(|()| std::net::TcpListener::bind("127.0.0.1:0").unwrap());
    listeners.map(|listener| listener.local_addr().unwrap().port())
}
