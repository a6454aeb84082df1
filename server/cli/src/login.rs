use crate::api::Api;
use crate::error::Error;
use crate::servers::{Kept, Servers, address};
use atelier_api::calls;
use clap::Args;
use console::Term;
use std::io::{IsTerminal, stdin};

/// Options of `atelier login`.
#[derive(Args, Debug)]
#[command(
    after_help = "The token is asked for, or read from ATELIER_TOKEN or from standard input if that is no terminal. \
    One is made on the page under Profile, Access tokens."
)]
pub struct Login {
    /// The server's address, as https://atelier.example.org
    url: String,
}

impl Login {
    pub(crate) async fn run(&self) -> Result<(), Error> {
        let server = address(&self.url)?;
        if is_readable_on_the_way(&server) {
            eprintln!("Warning: {server} is not encrypted; whoever is on the way reads the token.");
        }
        let token = self.token(&server)?;
        let me = Api::new(&server, Some(token.clone()))?.call(calls::me_get()).await?;
        let mut servers = Servers::load()?;
        servers.servers.insert(server.clone(), Kept { token });
        servers.default = Some(server.clone());
        let file = servers.save()?;
        eprintln!("{} at {server}. The token is in {}.", me.name, file.display());
        Ok(())
    }

    fn token(&self, server: &str) -> Result<String, Error> {
        let given = std::env::var("ATELIER_TOKEN").ok().filter(|token| !token.is_empty());
        let token = match given {
            Some(token) => Ok(token),
            None if stdin().is_terminal() => {
                eprint!("Access token for {server} ({server}/profile): ");
                Term::stderr().read_secure_line()
            }
            None => {
                let mut line = String::new();
                stdin().read_line(&mut line).map(|_| line)
            }
        };
        let token = token.map_err(Error::here("the token cannot be read"))?.trim().to_owned();
        let is_one = token.starts_with("atl_") && token.bytes().all(|byte| byte.is_ascii_graphic());
        if is_one { Ok(token) } else { Err(Error::Usage("an access token begins with atl_".to_owned())) }
    }
}

fn is_readable_on_the_way(server: &str) -> bool {
    let Some(rest) = server.strip_prefix("http://") else { return false };
    let host = rest.rsplit_once(':').map_or(rest, |(host, _)| host);
    !(host == "localhost" || host.ends_with(".localhost") || host.starts_with("127.") || host == "[::1]")
}
