//! What a Dockerfile says, as far as environments need it.

use super::variables::Variables;
use parse_dockerfile::{
    Command, CopyInstruction, EnvInstruction, Flag, FromInstruction, Instruction, Source,
};
use std::fmt;

/// A Dockerfile that can be built here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recipe {
    pub(super) stages: Vec<Stage>,
}

/// From a `FROM` to the next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Stage {
    /// An image, the name of an earlier stage, or [`SCRATCH`].
    pub(super) base: String,
    pub(super) name: Option<String>,
    pub(super) steps: Vec<Step>,
}

/// An instruction and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Step {
    pub(super) place: Place,
    pub(super) action: Action,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Action {
    Run(Vec<String>),
    Copy {
        /// An earlier stage or an image; `None` is the context.
        from: Option<String>,
        sources: Vec<String>,
        target: String,
    },
    Env(Vec<(String, String)>),
    User(String),
    Workdir(String),
}

/// A line of the Dockerfile and the instruction that begins there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    pub line: usize,
    /// As it is written, on one line.
    pub text: String,
}

/// Why a Dockerfile cannot be built here.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{place}: {cause}")]
pub struct RecipeError {
    pub place: Place,
    pub cause: String,
}

/// The base of an image that begins empty.
pub(super) const SCRATCH: &str = "scratch";

/// How much of an instruction is shown.
const SHOWN: usize = 100;

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}, {}", self.line, self.text)
    }
}

impl Recipe {
    /// # Errors
    /// Names the line and the instruction that is wrong or not supported.
    pub fn parse(text: &str) -> Result<Recipe, RecipeError> {
        let file = parse_dockerfile::parse(text).map_err(|error| RecipeError {
            place: place(
                text,
                error.line(),
                text.lines().nth(error.line().saturating_sub(1)).unwrap_or_default(),
            ),
            cause: error.to_string(),
        })?;
        let mut stages: Vec<Stage> = Vec::new();
        for instruction in &file.instructions {
            let start = span(instruction);
            let line = text[..start].matches('\n').count() + 1;
            let place = place(text, line, &text[start..]);
            let wrong = |cause: String| RecipeError { place: place.clone(), cause };
            match (instruction, stages.last_mut()) {
                (Instruction::From(from), _) => stages.push(stage(from).map_err(wrong)?),
                (other, Some(stage)) => {
                    let action = action(other).map_err(wrong)?;
                    stage.steps.push(Step { place, action });
                }
                (_, None) => return Err(wrong("only FROM may come first".to_owned())),
            }
        }
        Ok(Recipe { stages })
    }

    /// The images that it begins from and copies from: they must be on the host.
    pub fn bases(&self) -> Vec<&str> {
        let mut bases: Vec<&str> = Vec::new();
        for (index, stage) in self.stages.iter().enumerate() {
            let copied = stage.steps.iter().filter_map(|step| match &step.action {
                Action::Copy { from, .. } => from.as_deref(),
                _ => None,
            });
            for image in std::iter::once(stage.base.as_str()).chain(copied) {
                if image != SCRATCH && self.stage_before(index, image).is_none() && !bases.contains(&image) {
                    bases.push(image);
                }
            }
        }
        bases
    }

    /// The stage before number `index` that has this name or number.
    pub(super) fn stage_before(&self, index: usize, name: &str) -> Option<usize> {
        let earlier = self.stages.get(..index).unwrap_or_default();
        let named = earlier.iter().rposition(|stage| stage.name.as_deref() == Some(name));
        named.or_else(|| name.parse().ok().filter(|number| *number < index))
    }

    pub(super) fn steps(&self) -> usize {
        self.stages.iter().map(|stage| stage.steps.len()).sum()
    }
}

fn place(text: &str, line: usize, from: &str) -> Place {
    let whole = from.split_inclusive('\n').scan(true, |goes_on, part| {
        let now = *goes_on;
        *goes_on = part.trim_end().ends_with('\\');
        now.then(|| part.trim().trim_end_matches('\\'))
    });
    let shown = whole.collect::<Vec<_>>().join(" ").split_whitespace().collect::<Vec<_>>().join(" ");
    let end = shown.floor_char_boundary(SHOWN);
    let more = if end < shown.len() { "…" } else { "" };
    debug_assert!(line <= text.lines().count() + 1);
    Place { line, text: format!("{}{more}", &shown[..end]) }
}

fn stage(from: &FromInstruction<'_>) -> Result<Stage, String> {
    no_options(&from.options, &[])?;
    let base = from.image.value.to_string();
    if base.contains('$') {
        return Err("variables are not supported here: write the image's name".to_owned());
    }
    let name = from.as_.as_ref().map(|(_, name)| name.value.to_string());
    Ok(Stage { base, name, steps: Vec::new() })
}

fn action(instruction: &Instruction<'_>) -> Result<Action, String> {
    match instruction {
        Instruction::Run(run) => {
            no_options(&run.options, &[])?;
            if !run.here_docs.is_empty() {
                return Err("here-documents are not supported: end the lines with a backslash".to_owned());
            }
            Ok(Action::Run(match &run.arguments {
                Command::Exec(words) => words.value.iter().map(|word| word.value.to_string()).collect(),
                Command::Shell(script) => {
                    vec!["/bin/sh".to_owned(), "-c".to_owned(), joined(script.value)]
                }
                _ => return Err("this form is not supported".to_owned()),
            }))
        }
        Instruction::Copy(copy) => copied(copy),
        Instruction::Env(env) => variables(env),
        Instruction::User(user) => Ok(Action::User(user.arguments.value.to_string())),
        Instruction::Workdir(folder) => Ok(Action::Workdir(folder.arguments.value.to_string())),
        Instruction::Arg(_) => {
            Err("ARG is not supported: nobody gives a value, so write it where it is used, or as ENV"
                .to_owned())
        }
        Instruction::Add(_) => Err("ADD is not supported: use COPY, or curl in a RUN".to_owned()),
        Instruction::Cmd(_) | Instruction::Entrypoint(_) => {
            Err("it is not supported: what a session runs is said in environment.toml".to_owned())
        }
        _ => Err("it is not supported: an environment has FROM, COPY, RUN, ENV, USER and WORKDIR".to_owned()),
    }
}

fn copied(copy: &CopyInstruction<'_>) -> Result<Action, String> {
    no_options(&copy.options, &["from"])?;
    let sources = copy.src.iter().map(|source| match source {
        Source::Path(path) if path.value.contains(['*', '?', '[']) => {
            Err(format!("{}: patterns are not supported: name the files or their folder", path.value))
        }
        Source::Path(path) => Ok(path.value.to_string()),
        _ => Err("here-documents are not supported: put the file beside the Dockerfile".to_owned()),
    });
    let from = copy.options.iter().find_map(|option| Some(option.value.as_ref()?.value.to_string()));
    let target = copy.dest.value.to_string();
    Ok(Action::Copy { from, sources: sources.collect::<Result<_, _>>()?, target })
}

fn variables(env: &EnvInstruction<'_>) -> Result<Action, String> {
    let words = shlex::split(&env.arguments.value).ok_or("a quote is not closed")?;
    let pair = |word: &String| {
        let (name, value) = word.split_once('=').ok_or_else(|| format!("{word}: write it as NAME=value"))?;
        if !Variables::is_name(name) {
            return Err(format!("{name} is no name of a variable"));
        }
        match value.contains('\n') {
            true => Err(format!("{name}: a value has one line")),
            false => Ok((name.to_owned(), value.to_owned())),
        }
    };
    Ok(Action::Env(words.iter().map(pair).collect::<Result<_, _>>()?))
}

fn no_options(options: &[Flag<'_>], known: &[&str]) -> Result<(), String> {
    match options.iter().find(|option| !known.contains(&&*option.name.value)) {
        Some(option) => Err(format!("--{} is not supported", option.name.value)),
        None => Ok(()),
    }
}

/// A script on one line, without the comments between its lines, as Docker's own builder has it.
fn joined(script: &str) -> String {
    let lines = script.lines().filter(|line| !line.trim_start().starts_with('#'));
    let mut whole = String::new();
    for line in lines {
        match line.trim_end().strip_suffix('\\') {
            Some(part) => whole.push_str(part),
            None => {
                whole.push_str(line);
                whole.push('\n');
            }
        }
    }
    whole.trim_end().to_owned()
}

fn span(instruction: &Instruction<'_>) -> usize {
    match instruction {
        Instruction::Add(it) => it.add.span.start,
        Instruction::Arg(it) => it.arg.span.start,
        Instruction::Cmd(it) => it.cmd.span.start,
        Instruction::Copy(it) => it.copy.span.start,
        Instruction::Entrypoint(it) => it.entrypoint.span.start,
        Instruction::Env(it) => it.env.span.start,
        Instruction::Expose(it) => it.expose.span.start,
        Instruction::From(it) => it.from.span.start,
        Instruction::Healthcheck(it) => it.healthcheck.span.start,
        Instruction::Label(it) => it.label.span.start,
        Instruction::Maintainer(it) => it.maintainer.span.start,
        Instruction::Onbuild(it) => it.onbuild.span.start,
        Instruction::Run(it) => it.run.span.start,
        Instruction::Shell(it) => it.shell.span.start,
        Instruction::Stopsignal(it) => it.stopsignal.span.start,
        Instruction::User(it) => it.user.span.start,
        Instruction::Volume(it) => it.volume.span.start,
        Instruction::Workdir(it) => it.workdir.span.start,
        _ => 0,
    }
}

#[cfg(test)]
mod tests;
