//! Models: what was trained, with what it scored and what made it.

pub use crate::artifact::{
    Artifact as Model, ArtifactFilter as ModelFilter, CreateArtifact as CreateModel,
    UpdateArtifact as UpdateModel,
};
