//! Building images in the same cage as sessions. Each step runs in a container of its own, is committed, and
//! is found again by what led to it; the last stage becomes an image of one layer.

mod cache;
mod cage;
mod container;
mod copy;
mod flatten;
mod recipe;
mod renamed;
mod variables;

pub use cage::StepLimits;
pub use recipe::{Place, Recipe, RecipeError};

use crate::{Context, Docker, Error, Identity, ImageId, Result, context::Found, docker::ask};
use cache::Chain;
use cage::StepSpec;
use container::{Ended, StepContainer};
use copy::Target;
use recipe::{Action, SCRATCH, Stage, Step};
use std::collections::HashSet;
use variables::Variables;

/// How an image is built.
#[derive(Clone, Debug)]
pub struct Build {
    /// Of the containers. Steps are found again by the same installation.
    pub identity: Identity,
    pub recipe: Recipe,
    pub context: Context,
    /// `name:tag` to give the image.
    pub tag: String,
    /// Of each step.
    pub limits: StepLimits,
    /// The network that the steps may use, with the same firewall as a project's; `None` for none.
    pub network: Option<String>,
}

/// Why an image was not built.
#[derive(Debug, thiserror::Error)]
pub enum BuildError {
    #[error(transparent)]
    Docker(#[from] Error),
    /// The words after the place are the cause.
    #[error("{place}: {cause}")]
    Step { place: Place, cause: String },
}

/// What a stage has come to.
#[derive(Clone)]
struct State {
    image: ImageId,
    chain: Chain,
    variables: Variables,
    user: String,
    folder: String,
}

impl Docker {
    /// Builds the image, telling each line of the log as it comes. Takes as long as the steps do; dropping
    /// the future ends the build and removes its containers.
    pub async fn build(
        &self,
        build: Build,
        mut on_log: impl FnMut(&str) + Send,
    ) -> Result<ImageId, BuildError> {
        let mut builder = Builder {
            docker: self,
            build: &build,
            tell: &mut on_log,
            stages: Vec::new(),
            steps: 0,
            containers: 0,
            used: HashSet::new(),
        };
        for stage in &build.recipe.stages {
            builder.stage(stage).await?;
        }
        let image = builder.finish().await?;
        // What is not forgotten now is forgotten after the next build.
        self.forget_steps_except(&build.identity, &builder.used).await.ok();
        Ok(image)
    }
}

struct Builder<'a> {
    docker: &'a Docker,
    build: &'a Build,
    tell: &'a mut (dyn FnMut(&str) + Send),
    /// Those that are done.
    stages: Vec<State>,
    /// Steps begun and containers made so far.
    steps: usize,
    containers: usize,
    used: HashSet<String>,
}

impl Builder<'_> {
    async fn stage(&mut self, stage: &Stage) -> Result<(), BuildError> {
        let mut state = self.begin(stage).await?;
        for step in &stage.steps {
            self.step(&mut state, step).await.map_err(|error| match error {
                BuildError::Docker(Error::Refused(cause) | Error::NotFound(cause)) => {
                    BuildError::Step { place: step.place.clone(), cause }
                }
                other => other,
            })?;
        }
        self.stages.push(state);
        Ok(())
    }

    async fn begin(&mut self, stage: &Stage) -> Result<State, BuildError> {
        if let Some(number) = self.build.recipe.stage_before(self.stages.len(), &stage.base)
            && let Some(earlier) = self.stages.get(number)
        {
            return Ok(earlier.clone());
        }
        let image = match stage.base.as_str() {
            SCRATCH => self.docker.empty_image().await?,
            name => self.local(name).await?,
        };
        let config = ask(self.docker.api().await?.inspect_image(&image.0)).await?.config.unwrap_or_default();
        let folder = config.working_dir.filter(|folder| !folder.is_empty());
        Ok(State {
            chain: Chain::begin(&image.0),
            image,
            variables: Variables::of_image(&config.env.unwrap_or_default()),
            user: config.user.unwrap_or_default(),
            folder: folder.unwrap_or_else(|| "/".to_owned()),
        })
    }

    async fn local(&mut self, name: &str) -> Result<ImageId> {
        let image = self.docker.image(name).await?;
        image.ok_or_else(|| Error::NotFound(format!("the image {name} is not on this host")))
    }

    async fn step(&mut self, state: &mut State, step: &Step) -> Result<(), BuildError> {
        self.steps += 1;
        let (number, steps) = (self.steps, self.build.recipe.steps());
        (self.tell)(&format!("Step {number}/{steps}: {}", step.place.text));
        let wrong = |cause: String| BuildError::Step { place: step.place.clone(), cause };
        match &step.action {
            Action::Env(pairs) => {
                let before = state.variables.clone();
                for (name, value) in pairs {
                    state.variables.set(name, before.expand(value).map_err(wrong)?);
                }
                state.chain = state.chain.then(state.variables.lines().iter().map(String::as_bytes));
            }
            Action::User(user) => {
                state.user = state.variables.expand(user).map_err(wrong)?;
                state.chain = state.chain.then([&b"user"[..], state.user.as_bytes()]);
            }
            Action::Workdir(folder) => {
                let folder = state.variables.expand(folder).map_err(wrong)?;
                state.folder = Target::new(&folder, &state.folder, false).path().to_owned();
                state.chain = state.chain.then([&b"workdir"[..], state.folder.as_bytes()]);
            }
            Action::Run(argv) => {
                let words = std::iter::once(&b"run"[..]).chain(argv.iter().map(|word| word.as_bytes()));
                state.chain = state.chain.then(words);
                self.changed(state, step, argv).await?;
            }
            Action::Copy { from, sources, target } => {
                let target = state.variables.expand(target).map_err(wrong)?;
                let mut read = vec![b"copy".to_vec(), target.clone().into_bytes()];
                match from {
                    Some(from) => read.push(self.other(from).await?.1.into_bytes()),
                    None => sources.iter().for_each(|source| self.contents(source, &mut read)),
                }
                read.extend(sources.iter().map(|source| source.clone().into_bytes()));
                state.chain = state.chain.then(read.iter().map(Vec::as_slice));
                self.changed(state, step, &[]).await?;
            }
        }
        Ok(())
    }

    /// All that a source of the context holds, for the chain.
    fn contents(&self, source: &str, read: &mut Vec<Vec<u8>>) {
        match self.build.context.find(source) {
            Some(Found::File(contents)) => read.push(contents.to_vec()),
            Some(Found::Folder(files)) => {
                for (name, contents) in files {
                    read.extend([name.as_bytes().to_vec(), contents.to_vec()]);
                }
            }
            None => {}
        }
    }

    /// Image and content of an earlier stage, or of an image of this host.
    async fn other(&mut self, from: &str) -> Result<(ImageId, String)> {
        let number = self.build.recipe.stage_before(self.stages.len(), from);
        match number.and_then(|number| self.stages.get(number)) {
            Some(stage) => Ok((stage.image.clone(), stage.chain.name())),
            None => {
                let image = self.local(from).await?;
                Ok((image.clone(), image.0))
            }
        }
    }

    /// Goes on from what the step made earlier, or does it.
    async fn changed(&mut self, state: &mut State, step: &Step, argv: &[String]) -> Result<(), BuildError> {
        self.used.insert(state.chain.name());
        if let Some(image) = self.docker.step_done(&self.build.identity, &state.chain).await? {
            (self.tell)("  done before");
            state.image = image;
            return Ok(());
        }
        let container = self.container(state, argv).await?;
        match &step.action {
            Action::Copy { from, sources, target } => {
                let text = state.variables.expand(target).map_err(Error::Refused)?;
                let target = || Target::new(&text, &state.folder, sources.len() > 1);
                match from {
                    Some(from) => {
                        let image = self.other(from).await?.0;
                        let other = self.container(&State { image, ..state.clone() }, &[]).await?;
                        for source in sources {
                            container.copy_stage(self.docker, &other, source, target()).await?;
                        }
                        other.remove().await;
                    }
                    None => {
                        let context = &self.build.context;
                        container.copy_context(self.docker, context, sources, target()).await?;
                    }
                }
            }
            _ => match container.run(self.build.limits, self.tell).await? {
                Ended::Well => {}
                Ended::Badly(cause) => {
                    container.remove().await;
                    return Err(BuildError::Step { place: step.place.clone(), cause });
                }
            },
        }
        state.image = self.docker.commit(&container.name, &state.chain).await?;
        container.remove().await;
        Ok(())
    }

    async fn container(&mut self, state: &State, argv: &[String]) -> Result<StepContainer> {
        // A container that is only copied from or into needs a command, too.
        let idle = ["/".to_owned()];
        let spec = StepSpec {
            identity: &self.build.identity,
            image: &state.image,
            limits: self.build.limits,
            network: self.build.network.as_deref(),
            user: &state.user,
            folder: &state.folder,
            variables: state.variables.lines(),
            argv: if argv.is_empty() { &idle } else { argv },
        };
        self.containers += 1;
        StepContainer::create(self.docker, self.containers, &spec).await
    }

    async fn finish(&mut self) -> Result<ImageId, BuildError> {
        let Some(state) = self.stages.pop() else {
            return Err(Error::Refused("the Dockerfile has no FROM".to_owned()).into());
        };
        (self.tell)(&format!("Making the image {}", self.build.tag));
        let container = self.container(&state, &[]).await?;
        let settings = (&state.variables, state.user.as_str(), state.folder.as_str());
        let image = self.docker.flatten(&container, &self.build.tag, settings).await?;
        container.remove().await;
        Ok(image)
    }
}
