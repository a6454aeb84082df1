//! What the tests share: a real server as a process of its own on data of its own, clients that speak its
//! API, and people with every role.
//!
//! A test that finds something else than it expects panics with what came instead.

mod answer;
mod client;
mod damage;
mod data;
mod database;
mod depot;
pub mod docker;
mod events;
mod files;
mod gate;
mod inside;
pub mod ledger;
pub mod leftovers;
mod moto;
pub mod namespace;
mod own_host;
mod own_postgres;
pub mod program;
mod rows;
pub mod secure;
mod server;
pub mod smuggling;
mod socket;
pub mod strace;
pub mod studio;
mod wait;
mod world;

pub use answer::Answer;
pub use client::{Client, PASSWORD};
pub use damage::damage;
pub use data::ArtifactPlace;
pub use database::{Database, TestDatabase};
pub use depot::{Depot, chunk, frames};
pub use events::Events;
pub use files::TreePlace;
pub use gate::Fault;
pub use moto::Moto;
pub use own_host::OwnHost;
pub use own_postgres::OwnPostgres;
pub use server::{NO_DOCKER, Settings, TestServer, signal};
pub use socket::Socket;
pub use wait::{eventually, until};
pub use world::{Person, Tenant, World, token_of};

/// As [`on_both_databases`], for what takes most of a minute: on PostgreSQL it is in the long form.
#[macro_export]
macro_rules! on_sqlite_and_in_the_long_form_on_postgres {
    ($($name:ident),+ $(,)?) => {
        mod sqlite_first {
            $(
                #[tokio::test]
                async fn $name() -> anyhow::Result<()> {
                    super::$name($crate::Database::Sqlite).await
                }
            )+
            paste::paste! {
                $(
                    #[tokio::test]
                    async fn [<long_ $name _on_postgres>]() -> anyhow::Result<()> {
                        super::$name($crate::Database::Postgres).await
                    }
                )+
            }
        }
    };
}

/// Makes two tests of each function, one per database. The functions take the [`Database`].
#[macro_export]
macro_rules! on_both_databases {
    ($($name:ident),+ $(,)?) => {
        mod sqlite {
            $(
                #[tokio::test]
                async fn $name() -> anyhow::Result<()> {
                    super::$name($crate::Database::Sqlite).await
                }
            )+
        }
        mod postgres {
            $(
                #[tokio::test]
                async fn $name() -> anyhow::Result<()> {
                    super::$name($crate::Database::Postgres).await
                }
            )+
        }
    };
}
