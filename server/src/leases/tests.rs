use super::store::{beat, get, is_current, take};
use crate::db::testing::both;

#[tokio::test]
async fn a_lease_has_one_holder_and_each_the_next_fence() {
    for test in both() {
        let db = &test.db;
        let outcome = db.write(|connection| {
            assert!(is_current(connection, "x", 7)?, "nobody has it");
            assert_eq!(take(connection, "x", "a", None)?, Some(1));
            let seen = get(connection, "x")?.unwrap();
            assert!(beat(connection, "x", "a", 1)?);
            // It beat since, or was never free: nobody takes it.
            assert_eq!(take(connection, "x", "b", Some(&seen))?, None);
            assert_eq!(take(connection, "x", "b", None)?, None);
            let seen = get(connection, "x")?.unwrap();
            assert_eq!(take(connection, "x", "b", Some(&seen))?, Some(2));
            assert!(!beat(connection, "x", "a", 1)?, "it is not the holder any more");
            assert!(!beat(connection, "x", "a", 2)?);
            assert!(!is_current(connection, "x", 1)? && is_current(connection, "x", 2)?);
            Ok(())
        });
        outcome.await.unwrap();
    }
}
