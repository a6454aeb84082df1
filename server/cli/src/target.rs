use crate::error::Error;
use std::fmt;
use std::str::FromStr;

/// A dataset and, perhaps, a version of it: `acme/churn/customers@12`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Target {
    pub(crate) organization: String,
    pub(crate) project: String,
    pub(crate) dataset: String,
    /// A number, `latest` or a tag.
    version: Option<String>,
}

impl Target {
    /// The version that is meant: the newest if none was said.
    pub(crate) fn version(&self) -> &str {
        self.version.as_deref().unwrap_or("latest")
    }

    /// What is written to has no version yet.
    ///
    /// # Errors
    /// If one was given.
    pub(crate) fn unversioned(&self) -> Result<&Target, Error> {
        match &self.version {
            None => Ok(self),
            Some(version) => Err(Error::Usage(format!(
                "a push makes a new version, so leave out @{version}; --tag names the version that it makes"
            ))),
        }
    }

    /// The same dataset at another version.
    pub(crate) fn at(&self, version: impl fmt::Display) -> Target {
        Target { version: Some(version.to_string()), ..self.clone() }
    }
}

impl FromStr for Target {
    type Err = String;

    fn from_str(text: &str) -> Result<Target, String> {
        let (path, version) = match text.split_once('@') {
            Some((path, version)) => (path, Some(version.to_owned())),
            None => (text, None),
        };
        let words: Vec<&str> = path.split('/').collect();
        match words[..] {
            [organization, project, dataset] if !words.contains(&"") && version.as_deref() != Some("") => {
                Ok(Target {
                    organization: organization.to_owned(),
                    project: project.to_owned(),
                    dataset: dataset.to_owned(),
                    version,
                })
            }
            _ => Err("write it as organization/project/dataset, with @version behind it if wanted: \
                      acme/churn/customers@12"
                .to_owned()),
        }
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}/{}", self.organization, self.project, self.dataset)?;
        self.version.as_ref().map_or(Ok(()), |version| write!(f, "@{version}"))
    }
}

#[cfg(test)]
mod tests {
    use super::Target;

    #[test]
    fn targets_are_read_as_they_are_written() {
        for text in ["acme/churn/customers", "acme/churn/customers@12", "acme/churn/customers@production"] {
            let target: Target = text.parse().unwrap();
            assert_eq!(target.to_string(), text);
        }
        assert_eq!("a/b/c".parse::<Target>().unwrap().version(), "latest");
        for text in ["", "a", "a/b", "a/b/", "a//c", "a/b/c/d", "a/b/c@", "@1"] {
            assert!(text.parse::<Target>().is_err(), "{text}");
        }
    }
}
