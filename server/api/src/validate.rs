//! Rules that several requests share.

/// A name that people read: 1 to 80 characters, not only white space, nothing invisible.
pub fn name(value: &str, _: &()) -> garde::Result {
    text(value, 1, 80)
}

/// What an access token is for: as [`name`], up to 100 characters.
pub fn token_name(value: &str, _: &()) -> garde::Result {
    text(value, 1, 100)
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
