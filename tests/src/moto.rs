//! moto: S3 with signatures checked, behind a gate that the test can close or make faulty. `ATELIER_TEST_S3` is its
//! program.

use crate::gate::{Fault, Gate};
use anyhow::Context;
use std::process::Stdio;
use std::time::Duration;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};

/// Requests that need no signature: the user, its key, its rights and the bucket.
const UNSIGNED: &str = "4";

/// Killed when dropped.
pub struct Moto {
    _process: Child,
    key: (String, String),
    gate: Gate,
}

impl Moto {
    /// # Errors
    /// If the program is not there or does not come up.
    pub async fn start() -> anyhow::Result<Moto> {
        let program = std::env::var_os("ATELIER_TEST_S3").context("set ATELIER_TEST_S3 to moto_server")?;
        let mut command = Command::new(program);
        command.args(["--host", "127.0.0.1", "--port", "0"]).env("INITIAL_NO_AUTH_ACTION_COUNT", UNSIGNED);
        command.stdout(Stdio::null()).stderr(Stdio::piped()).kill_on_drop(true);
        let mut process = command.spawn()?;
        let mut lines = BufReader::new(process.stderr.take().context("moto has no standard error")?).lines();
        let address = tokio::time::timeout(Duration::from_secs(60), async {
            loop {
                let line = lines.next_line().await?.context("moto ended")?;
                if let Some((_, address)) = line.split_once("Running on http://") {
                    return anyhow::Ok(address.trim().to_owned());
                }
            }
        });
        let address = address.await.context("moto does not come up")??;
        // Nobody reads what it logs from now on, and a full pipe would stop it.
        tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
        let key = key(&address).await?;
        let gate = Gate::before(address).await?;
        Ok(Moto { _process: process, key, gate })
    }

    /// While it is closed, who comes is turned away.
    pub fn set_open(&self, open: bool) {
        self.gate.set_open(open);
    }

    /// Each request of so many, or none, meets this fault from now on.
    pub fn set_fault(&self, fault: Option<(Fault, u64)>) {
        self.gate.set_fault(fault);
    }

    /// The setting `storage_url`.
    pub fn url(&self) -> String {
        "s3://bucket/atelier".to_owned()
    }

    /// What `env` is to set for the server, with this secret instead of the right one if any.
    pub fn environment(&self, secret: Option<&str>) -> Vec<String> {
        let secret = secret.unwrap_or(&self.key.1);
        vec![
            "env".to_owned(),
            format!("AWS_ACCESS_KEY_ID={}", self.key.0),
            format!("AWS_SECRET_ACCESS_KEY={secret}"),
            format!("AWS_ENDPOINT_URL=http://{}", self.gate.address()),
            "AWS_REGION=us-east-1".to_owned(),
            "AWS_ALLOW_HTTP=true".to_owned(),
        ]
    }
}

async fn key(address: &str) -> anyhow::Result<(String, String)> {
    let policy = "%7B%22Version%22%3A%222012-10-17%22%2C%22Statement%22%3A%5B%7B%22Effect%22%3A%22Allow%22%2C\
                  %22Action%22%3A%22%2A%22%2C%22Resource%22%3A%22%2A%22%7D%5D%7D";
    iam(address, "Action=CreateUser&UserName=u").await?;
    let made = iam(address, "Action=CreateAccessKey&UserName=u").await?;
    iam(address, &format!("Action=PutUserPolicy&UserName=u&PolicyName=p&PolicyDocument={policy}")).await?;
    let bucket = client()?.put(format!("http://{address}/bucket")).header("Authorization", scope("s3"));
    anyhow::ensure!(bucket.send().await?.status().is_success(), "no bucket");
    let tag = |name: &str| {
        let rest = made.split_once(&format!("<{name}>")).map(|(_, rest)| rest);
        rest.and_then(|rest| rest.split_once('<')).map(|(value, _)| value.to_owned()).context("no key")
    };
    Ok((tag("AccessKeyId")?, tag("SecretAccessKey")?))
}

async fn iam(address: &str, form: &str) -> anyhow::Result<String> {
    let request = client()?.post(format!("http://{address}")).header("Authorization", scope("iam"));
    let request = request.header("Content-Type", "application/x-www-form-urlencoded");
    let answer = request.body(form.to_owned()).send().await?.error_for_status()?;
    Ok(answer.text().await?)
}

fn client() -> reqwest::Result<reqwest::Client> {
    reqwest::Client::builder().no_proxy().build()
}

/// moto tells from this which service is meant.
fn scope(service: &str) -> String {
    format!(
        "AWS4-HMAC-SHA256 Credential=x/20260101/us-east-1/{service}/aws4_request, SignedHeaders=host, Signature=x"
    )
}
