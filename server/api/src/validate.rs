//! Rules that several requests share.

/// A name that people read: 1 to 80 characters, not only white space, nothing invisible.
pub fn name(value: &str, _: &()) -> garde::Result {
    text(value, 1, 80)
}

/// What an access token is for: as [`name`], up to 100 characters.
pub fn token_name(value: &str, _: &()) -> garde::Result {
    text(value, 1, 100)
}

/// A word to find something by: as [`name`], up to 40 characters.
pub fn label(value: &str, _: &()) -> garde::Result {
    text(value, 1, 40)
}

/// What a metric or a parameter is called: as [`name`], up to 100 characters.
pub fn fact_name(value: &str, _: &()) -> garde::Result {
    text(value, 1, 100)
}

/// The value of a parameter: up to 1,000 characters in one line; may be empty.
pub fn parameter(value: &str, _: &()) -> garde::Result {
    text(value, 0, 1000)
}

/// A hash of 32 bytes in hexadecimal digits.
pub fn hash(value: &str, _: &()) -> garde::Result {
    if value.len() == 64 && value.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b)) {
        Ok(())
    } else {
        Err(garde::Error::new("must be 64 hexadecimal digits in lower case"))
    }
}

/// A name that points to a version: letters, digits and `-_.`, at most 40, not a number and not `latest`.
pub fn tag(value: &str, _: &()) -> garde::Result {
    let fits = |c: char| c.is_alphanumeric() || "-_.".contains(c);
    let count = value.chars().count();
    if count == 0 || count > 40 || !value.chars().all(fits) {
        return Err(garde::Error::new("must be 1 to 40 letters, digits, hyphens, underscores and dots"));
    }
    if value == "latest" || value.trim_start_matches('v').bytes().all(|b| b.is_ascii_digit()) {
        return Err(garde::Error::new("must not be `latest`, nor read like a number"));
    }
    Ok(())
}

/// A longer free text of up to 2,000 characters; may be empty, may hold line breaks.
pub fn description(value: &str, _: &()) -> garde::Result {
    let length = value.chars().count();
    if length > 2000 {
        return Err(garde::Error::new("is longer than 2000 characters"));
    }
    if value.chars().any(|c| c.is_control() && c != '\n' && c != '\t' && c != '\r') {
        return Err(garde::Error::new("contains control characters"));
    }
    Ok(())
}

fn text(value: &str, min: usize, max: usize) -> garde::Result {
    if value.trim().chars().count() < min {
        return Err(garde::Error::new("must not be empty"));
    }
    if value.chars().count() > max {
        return Err(garde::Error::new(format!("is longer than {max} characters")));
    }
    if value.chars().any(char::is_control) {
        return Err(garde::Error::new("contains control characters"));
    }
    Ok(())
}

/// Longer passwords are refused before they are hashed.
pub const PASSWORD_MAX: usize = 256;

/// At least 10 characters; the strength itself is the server's check.
pub fn password(value: &str, _: &()) -> garde::Result {
    if value.chars().count() < 10 {
        return Err(garde::Error::new("must have at least 10 characters"));
    }
    if value.len() > PASSWORD_MAX {
        return Err(garde::Error::new("is longer than 256 bytes"));
    }
    Ok(())
}

/// Three capital letters, as in ISO 4217.
pub fn currency(value: &str, _: &()) -> garde::Result {
    if value.len() == 3 && value.bytes().all(|b| b.is_ascii_uppercase()) {
        Ok(())
    } else {
        Err(garde::Error::new("must be a currency code of three capital letters, as USD"))
    }
}
