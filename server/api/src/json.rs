//! Reading JSON as strictly as the OpenAPI document says.

use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use std::fmt;
use std::marker::PhantomData;

/// An object or null. serde by itself would take a list of a struct's fields for the struct.
pub(crate) fn object<'de, D, T>(deserializer: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    deserializer.deserialize_option(Object(PhantomData))
}

struct Object<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for Object<T> {
    type Value = Option<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object or null")
    }

    fn visit_none<E>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_map(self)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
        T::deserialize(MapAccessDeserializer::new(map)).map(Some)
    }
}

#[cfg(test)]
mod tests {
    use crate::person::UpdatePerson;

    #[test]
    fn a_list_is_no_object() {
        let read = |text: &str| serde_json::from_str::<UpdatePerson>(text).map(|update| update.limits);
        assert!(read(r#"{"limits": {"sessions_at_once": 2}}"#).unwrap().is_some());
        assert!(read(r#"{"limits": null}"#).unwrap().is_none());
        assert!(read("{}").unwrap().is_none());
        assert!(read(r#"{"limits": []}"#).unwrap_err().to_string().contains("an object or null"));
    }
}
