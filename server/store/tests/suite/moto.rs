//! moto: S3 with signatures checked, started by the test. `ATELIER_TEST_S3` is its program.

use atelier_store::Backend;
use reqwest::{Client, Response};
use std::process::Stdio;
use std::time::Duration;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};

/// Requests that need no signature: the user, its key, its rights and the bucket.
const UNSIGNED: &str = "4";

pub struct Moto {
    /// Killed when dropped.
    _process: Child,
    address: String,
    key: (String, String),
}

impl Moto {
    pub async fn start() -> Self {
        let program =
            std::env::var_os("ATELIER_TEST_S3").expect("ATELIER_TEST_S3 is the program moto_server");
        let mut command = Command::new(program);
        command.args(["--host", "127.0.0.1", "--port", "0"]).env("INITIAL_NO_AUTH_ACTION_COUNT", UNSIGNED);
        command.stdout(Stdio::null()).stderr(Stdio::piped()).kill_on_drop(true);
        let mut process = command.spawn().unwrap();
        let mut lines = BufReader::new(process.stderr.take().unwrap()).lines();
        let address = tokio::time::timeout(Duration::from_secs(60), async {
            loop {
                let line = lines.next_line().await.unwrap().expect("moto ended");
                if let Some((_, address)) = line.split_once("Running on ") {
                    return address.trim().to_owned();
                }
            }
        });
        let address = address.await.unwrap();
        // Nobody reads what it logs from now on, and a full pipe would stop it.
        tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
        let key = key(&address).await;
        Self { _process: process, address, key }
    }

    /// The object store with this secret, or the right one.
    pub fn backend(&self, secret: Option<&str>) -> Backend {
        let options = [
            ("aws_access_key_id", self.key.0.as_str()),
            ("aws_secret_access_key", secret.unwrap_or(&self.key.1)),
            ("aws_endpoint", &self.address),
            ("aws_region", "us-east-1"),
            ("aws_allow_http", "true"),
        ];
        Backend::url("s3://bucket/here", options.map(|(key, value)| (key.to_owned(), value.to_owned())))
            .unwrap()
    }
}

async fn key(address: &str) -> (String, String) {
    let policy = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}"#;
    iam(address, &[("Action", "CreateUser"), ("UserName", "u")]).await;
    let made = iam(address, &[("Action", "CreateAccessKey"), ("UserName", "u")]).await;
    let rights =
        [("Action", "PutUserPolicy"), ("UserName", "u"), ("PolicyName", "p"), ("PolicyDocument", policy)];
    iam(address, &rights).await;
    let bucket =
        Client::new().put(format!("{address}/bucket")).header("Authorization", scope("s3")).send().await;
    assert!(bucket.unwrap().status().is_success());
    let tag = |name: &str| {
        let (_, rest) = made.split_once(&format!("<{name}>")).unwrap();
        rest.split_once('<').unwrap().0.to_owned()
    };
    (tag("AccessKeyId"), tag("SecretAccessKey"))
}

async fn iam(address: &str, form: &[(&str, &str)]) -> String {
    let body =
        form.iter().map(|(name, value)| format!("{name}={}", encoded(value))).collect::<Vec<_>>().join("&");
    let request = Client::new().post(address).header("Authorization", scope("iam"));
    let request = request.header("Content-Type", "application/x-www-form-urlencoded").body(body);
    let answer: Response = request.send().await.unwrap();
    assert!(answer.status().is_success(), "{}", answer.text().await.unwrap());
    answer.text().await.unwrap()
}

fn encoded(value: &str) -> String {
    url::form_urlencoded::byte_serialize(value.as_bytes()).collect()
}

/// moto tells from this which service is meant.
fn scope(service: &str) -> String {
    format!(
        "AWS4-HMAC-SHA256 Credential=x/20260101/us-east-1/{service}/aws4_request, SignedHeaders=host, Signature=x"
    )
}
