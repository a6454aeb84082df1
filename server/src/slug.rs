//! The word in an address, made from a name.

/// Words that a page or the API uses where a slug could stand.
const TAKEN: &[&str] = &[
    "admin",
    "api",
    "cost",
    "healthz",
    "invitation",
    "new",
    "password-reset",
    "profile",
    "readyz",
    "set-up",
    "settings",
    "sign-in",
    "assets",
    "fonts",
    "metrics",
];

/// Lower-case letters, digits and single dashes, at most 48; `fallback` if nothing of the name is left.
/// With `attempt` > 0 a number is put behind it.
pub(crate) fn slug(name: &str, fallback: &str, attempt: u32) -> String {
    let mut word = String::new();
    for c in name.chars().flat_map(char::to_lowercase).map(plain) {
        match c {
            'a'..='z' | '0'..='9' if word.len() < 48 => word.push(c),
            _ if !word.is_empty() && !word.ends_with('-') && word.len() < 48 => word.push('-'),
            _ => {}
        }
    }
    let mut word = word.trim_end_matches('-').to_owned();
    if word.is_empty() || TAKEN.contains(&word.as_str()) {
        word = if word.is_empty() { fallback.to_owned() } else { format!("{fallback}-{word}") };
    }
    if attempt > 0 { format!("{word}-{}", attempt + 1) } else { word }
}

/// The letters of western European languages without their marks.
fn plain(c: char) -> char {
    match c {
        'à' | 'á' | 'â' | 'ã' | 'ä' | 'å' => 'a',
        'ç' => 'c',
        'è' | 'é' | 'ê' | 'ë' => 'e',
        'ì' | 'í' | 'î' | 'ï' => 'i',
        'ñ' => 'n',
        'ò' | 'ó' | 'ô' | 'õ' | 'ö' => 'o',
        'ù' | 'ú' | 'û' | 'ü' => 'u',
        'ý' | 'ÿ' => 'y',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::slug;

    #[test]
    fn names_become_words() {
        assert_eq!(slug("Churn 2026!", "project", 0), "churn-2026");
        assert_eq!(slug("  Étude  de marché ", "project", 0), "etude-de-marche");
        assert_eq!(slug("客户", "project", 0), "project");
        assert_eq!(slug("Admin", "project", 0), "project-admin");
        assert_eq!(slug("Churn", "project", 2), "churn-3");
    }
}
