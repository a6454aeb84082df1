//! The environment variables of an image, and what `$NAME` stands for.

/// In the order in which they were first set.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Variables(Vec<(String, String)>);

impl Variables {
    /// From an image's `NAME=value`.
    pub(super) fn of_image(lines: &[String]) -> Variables {
        let pairs = lines.iter().filter_map(|line| line.split_once('='));
        Variables(pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).collect())
    }

    pub(super) fn is_name(word: &str) -> bool {
        !word.starts_with(|first: char| first.is_ascii_digit())
            && !word.is_empty()
            && word.chars().all(|char| char.is_ascii_alphanumeric() || char == '_')
    }

    pub(super) fn set(&mut self, name: &str, value: String) {
        match self.0.iter_mut().find(|(known, _)| known == name) {
            Some((_, old)) => *old = value,
            None => self.0.push((name.to_owned(), value)),
        }
    }

    /// `NAME=value` each.
    pub(super) fn lines(&self) -> Vec<String> {
        self.0.iter().map(|(name, value)| format!("{name}={value}")).collect()
    }

    /// As `ENV` instructions, with nothing left to expand.
    pub(super) fn instructions(&self) -> String {
        let mut text = String::new();
        for (name, value) in &self.0 {
            let value = value.replace('\\', "\\\\").replace('"', "\\\"").replace('$', "\\$");
            text.push_str(&format!("ENV {name}=\"{value}\"\n"));
        }
        text
    }

    /// Puts the values of `$NAME` and `${NAME}` in; one that is not set is empty, as in a shell.
    ///
    /// # Errors
    /// If a `$` is not followed by a name.
    pub(super) fn expand(&self, text: &str) -> Result<String, String> {
        let mut expanded = String::new();
        let mut rest = text;
        while let Some(at) = rest.find('$') {
            expanded.push_str(&rest[..at]);
            rest = &rest[at + 1..];
            let (name, after) = match rest.strip_prefix('{') {
                Some(braced) => {
                    braced.split_once('}').ok_or_else(|| format!("{text}: a brace is not closed"))?
                }
                None => {
                    let end = rest.find(|char: char| !char.is_ascii_alphanumeric() && char != '_');
                    rest.split_at(end.unwrap_or(rest.len()))
                }
            };
            if !Self::is_name(name) {
                return Err(format!("{text}: only $NAME and ${{NAME}} are supported"));
            }
            let value = self.0.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str());
            expanded.push_str(value.unwrap_or_default());
            rest = after;
        }
        expanded.push_str(rest);
        Ok(expanded)
    }
}

#[cfg(test)]
mod tests {
    use super::Variables;

    #[test]
    fn values_are_put_in() {
        let mut variables = Variables::of_image(&["PATH=/bin".into(), "A=1".into()]);
        variables.set("A", "2".into());
        for (text, expected) in
            [("/x:$PATH", "/x:/bin"), ("${A}b$A", "2b2"), ("$NONE.", "."), ("plain", "plain")]
        {
            assert_eq!(variables.expand(text).as_deref(), Ok(expected));
        }
        for text in ["$", "${A", "${A:-x}", "$(id)"] {
            assert!(variables.expand(text).is_err(), "{text}");
        }
        assert_eq!(variables.lines(), ["PATH=/bin", "A=2"]);
    }

    #[test]
    fn nothing_in_a_value_is_expanded_twice() {
        let mut variables = Variables::default();
        variables.set("A", "a \"b\" \\ $C".into());
        assert_eq!(variables.instructions(), "ENV A=\"a \\\"b\\\" \\\\ \\$C\"\n");
    }
}
