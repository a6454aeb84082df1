//! Passwords: how strong they must be, and their hashes.

use crate::error::{Error, Result};
use argon2::Argon2;
use argon2::password_hash::{self, PasswordHasher, PasswordVerifier};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Semaphore;
use zxcvbn::{Score, zxcvbn};

/// How long a request waits for its turn to hash before it is told that the server is busy.
const WAIT: Duration = Duration::from_secs(5);

/// Hashes with Argon2id (19 MiB, 2 passes, 1 lane: the crate's defaults, which OWASP recommends), off the
/// async threads and never more at once than there are processors.
pub struct Passwords {
    turns: Arc<Semaphore>,
    /// Hash of a password that nobody has.
    nobody: String,
}

impl Passwords {
    /// # Errors
    /// If the operating system has no random bytes.
    pub fn new() -> anyhow::Result<Passwords> {
        let processors = std::thread::available_parallelism().map_or(1, usize::from);
        let nobody = hash(&crate::access::new_token()).map_err(|error| anyhow::anyhow!("argon2: {error}"))?;
        Ok(Passwords { turns: Arc::new(Semaphore::new(processors)), nobody })
    }

    /// The hash of a new password.
    ///
    /// # Errors
    /// If it is easy to guess, also by who knows what is in `about`; the error is about `field`.
    pub async fn hash(&self, field: &'static str, password: String, about: Vec<String>) -> Result<String> {
        self.in_turn(move || {
            if let Some(why) = weakness(&password, &about) {
                return Err(Error::invalid_field(field, why));
            }
            hash(&password).map_err(|error| Error::internal(anyhow::anyhow!("argon2: {error}")))
        })
        .await
    }

    /// Whether the password is the one of `known`. Without one it takes as long and is not.
    pub async fn verify(&self, password: String, known: Option<String>) -> Result<bool> {
        let exists = known.is_some();
        let known = known.unwrap_or_else(|| self.nobody.clone());
        self.in_turn(move || match Argon2::default().verify_password(password.as_bytes(), known.as_str()) {
            Ok(()) => Ok(exists),
            Err(password_hash::Error::PasswordInvalid) => Ok(false),
            Err(error) => Err(Error::internal(anyhow::anyhow!("argon2: {error}"))),
        })
        .await
    }

    async fn in_turn<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let busy = "Too many people are signing in at this moment. Try again in a few seconds.";
        let turn = tokio::time::timeout(WAIT, self.turns.clone().acquire_owned())
            .await
            .map_err(|elapsed| Error::unavailable("busy", busy, elapsed))?
            .map_err(Error::internal)?;
        tokio::task::spawn_blocking(move || {
            let outcome = work();
            drop(turn);
            outcome
        })
        .await
        .map_err(Error::internal)?
    }
}

fn hash(password: &str) -> password_hash::Result<String> {
    Ok(Argon2::default().hash_password(password.as_bytes())?.to_string())
}

/// What makes a password easy to guess, and what would help.
fn weakness(password: &str, about: &[String]) -> Option<String> {
    let words: Vec<&str> = about
        .iter()
        .flat_map(|text| std::iter::once(text.as_str()).chain(text.split(|c: char| !c.is_alphanumeric())))
        .filter(|word| word.chars().count() > 2)
        .collect();
    let strength = zxcvbn(password, &words);
    if strength.score() >= Score::Three {
        return None;
    }
    let mut why = String::from("is easy to guess.");
    if let Some(feedback) = strength.feedback() {
        let warning = feedback.warning().map(|warning| warning.to_string());
        for hint in warning.into_iter().chain(feedback.suggestions().iter().map(ToString::to_string)) {
            why.push(' ');
            why.push_str(&hint);
            if !hint.ends_with('.') {
                why.push('.');
            }
        }
    }
    Some(why)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weak_passwords_are_refused_with_advice() {
        let why = weakness("password123", &[]).unwrap();
        assert!(why.starts_with("is easy to guess. "), "{why}");
        assert!(weakness("aaaaaaaaaaaa", &[]).is_some());
        assert_eq!(weakness("correct horse battery staple", &[]), None);
    }

    #[test]
    fn what_is_known_of_the_person_does_not_make_a_password() {
        let password = "zyrtlkowicz";
        assert_eq!(weakness(password, &[]), None);
        let about = ["Ada Zyrtlkowicz".to_owned()];
        assert!(weakness(password, &about).is_some());
    }

    #[actix_web::test]
    async fn only_the_right_password_of_an_account_verifies() {
        let passwords = Passwords::new().unwrap();
        let strong = "correct horse battery staple";
        let hash = passwords.hash("password", strong.to_owned(), Vec::new()).await.unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        assert!(passwords.verify(strong.to_owned(), Some(hash.clone())).await.unwrap());
        assert!(!passwords.verify("another one".to_owned(), Some(hash)).await.unwrap());
        assert!(!passwords.verify(strong.to_owned(), None).await.unwrap());
        let error = passwords.hash("new", "password123".to_owned(), Vec::new()).await.unwrap_err();
        assert_eq!(error.problem().fields[0].field, "new");
    }
}
