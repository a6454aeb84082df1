//! The tree of a project that is open, and its versions.

use crate::contexts::project::Proj;
use crate::data::Listed;
use crate::text::tr;
use atelier_api::call::escape;
use atelier_api::data::DataVersion;
use atelier_api::event::Event;
use atelier_api::page::Page;
use atelier_api::role::{Action, Object};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

/// Which tree of a project it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Files,
    Results,
}

/// The call of this name about a tree: `call!(tree, version_list(cursor))`.
macro_rules! call {
    ($of:expr, $name:ident($($arg:expr),* $(,)?)) => {
        paste::paste! {{
            let (org, project) = $of.names();
            match $of.kind {
                $crate::pages::project::trees::context::Kind::Files => {
                    atelier_api::calls::[<files_ $name>](&org, &project $(, $arg)*)
                }
                $crate::pages::project::trees::context::Kind::Results => {
                    atelier_api::calls::[<results_ $name>](&org, &project $(, $arg)*)
                }
            }
        }}
    };
}
pub(super) use call;

impl Kind {
    fn object(self) -> Object {
        match self {
            Kind::Files => Object::File,
            Kind::Results => Object::Result,
        }
    }

    /// Where it is, below the project's address.
    fn place(self) -> &'static str {
        match self {
            Kind::Files => "/files",
            Kind::Results => "/results",
        }
    }

    pub(super) fn title(self) -> &'static str {
        match self {
            Kind::Files => tr!(files.title),
            Kind::Results => tr!(results.title),
        }
    }

    /// Says that there is no version, and how there comes to be one.
    pub(super) fn none(self, may_commit: bool) -> (&'static str, &'static str) {
        match (self, may_commit) {
            (Kind::Files, true) => (tr!(files.none), tr!(files.none_text)),
            (Kind::Files, false) => (tr!(files.none), tr!(files.none_text_reader)),
            (Kind::Results, true) => (tr!(results.none), tr!(results.none_text)),
            (Kind::Results, false) => (tr!(results.none), tr!(results.none_text_reader)),
        }
    }

    /// Says of each event whether there may be a new version.
    pub(super) fn moved(self, project: Proj) -> impl Fn(&Event) -> bool {
        let slug = project.slug();
        move |event| match (self, event) {
            (Kind::Files, Event::FilesChanged { project })
            | (Kind::Results, Event::ResultsChanged { project }) => *project == slug,
            _ => false,
        }
    }
}

#[derive(Clone, Copy)]
pub(super) struct Tree {
    pub(super) kind: Kind,
    pub(super) project: Proj,
    pub(super) list: Listed<DataVersion>,
    first: RwSignal<Page<DataVersion>>,
}

impl Tree {
    pub(super) fn provide(kind: Kind, list: Listed<DataVersion>, first: RwSignal<Page<DataVersion>>) -> Tree {
        let tree = Tree { kind, project: Proj::expect(), list, first };
        provide_context(tree);
        tree
    }

    pub(super) fn expect() -> Tree {
        expect_context()
    }

    /// What calls name them by: organization, project.
    pub(super) fn names(self) -> (String, String) {
        (self.project.org.slug(), self.project.slug())
    }

    /// The newest first, as far as they were asked for.
    pub(super) fn versions(self) -> Vec<DataVersion> {
        self.first.with(|first| self.list.items(first))
    }

    /// That is not in the trash.
    pub(super) fn newest(self) -> Option<DataVersion> {
        self.first.with(|first| newest(first).cloned())
    }

    pub(super) fn newest_number(self) -> i64 {
        self.first.with(|first| newest(first).map_or(0, |version| version.number))
    }

    pub(super) fn may_commit(self) -> bool {
        self.project.may(self.kind.object(), Action::Commit) && !self.project.archived()
    }

    /// Whether the caller says who may read which of the files.
    pub(super) fn may_restrict(self) -> bool {
        self.kind == Kind::Files && self.project.may(Object::File, Action::Update) && !self.project.archived()
    }

    /// The files of a project stay.
    pub(super) fn may_delete(self) -> bool {
        self.kind == Kind::Results && self.project.may(Object::Result, Action::Delete)
    }

    /// An address below theirs, `at("/versions")`.
    pub(super) fn at(self, rest: &str) -> String {
        self.project.at(&format!("{}{rest}", self.kind.place()))
    }

    /// The address of a folder in a version; of the newest without one.
    pub(super) fn folder_at(self, path: &str, version: Option<i64>) -> String {
        self.at(&with(&[("path", path.to_owned()), ("v", number(version))]))
    }

    pub(super) fn file_at(self, path: &str, version: Option<i64>) -> String {
        self.at(&format!("/file{}", with(&[("path", path.to_owned()), ("v", number(version))])))
    }

    /// Who may read which files; a path is to be restricted there.
    pub(super) fn readers_at(self, path: &str) -> String {
        self.at(&format!("/readers{}", with(&[("path", path.to_owned())])))
    }

    pub(super) fn history_at(self, path: &str) -> String {
        self.at(&format!("/history{}", with(&[("path", path.to_owned())])))
    }

    /// What changed in one file from one version to another.
    pub(super) fn changes_at(self, path: &str, older: i64, newer: i64) -> String {
        let pairs = [("from", older.to_string()), ("to", newer.to_string()), ("path", path.to_owned())];
        self.at(&format!("/compare{}", with(&pairs)))
    }
}

fn newest(first: &Page<DataVersion>) -> Option<&DataVersion> {
    first.items.iter().find(|version| version.trashed_at.is_none())
}

/// `?path=raw&v=3`, of what is not empty.
fn with(pairs: &[(&str, String)]) -> String {
    let given = pairs.iter().filter(|(_, value)| !value.is_empty());
    let query: Vec<_> = given.map(|(key, value)| format!("{key}={}", escape(value))).collect();
    if query.is_empty() { String::new() } else { format!("?{}", query.join("&")) }
}

fn number(version: Option<i64>) -> String {
    version.map(|number| number.to_string()).unwrap_or_default()
}

/// Where in the files the address leads.
#[derive(Clone, Copy)]
pub(super) struct Place {
    pub(super) path: Memo<String>,
    /// The version that it names; none for the newest, whichever that is.
    pub(super) asked: Memo<Option<i64>>,
    /// The version that is looked at.
    pub(super) number: Memo<i64>,
}

impl Place {
    pub(super) fn of(tree: Tree) -> Place {
        let query = use_query_map();
        let path =
            Memo::new(move |_| query.read().get("path").unwrap_or_default().trim_matches('/').to_owned());
        let asked = Memo::new(move |_| {
            let word = query.read().get("v")?;
            word.trim_start_matches('v').parse().ok()
        });
        let number = Memo::new(move |_| asked.get().unwrap_or_else(|| tree.newest_number()));
        Place { path, asked, number }
    }
}

/// The folder that a file is in.
pub(super) fn folder_of(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

pub(super) fn name_of(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}
