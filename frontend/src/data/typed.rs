//! What a person types over something that others may change meanwhile.

use leptos::prelude::*;

pub(crate) struct Typed<T: Send + Sync + 'static = String> {
    pub(crate) value: RwSignal<T>,
    from: StoredValue<T>,
}

impl<T: Send + Sync + 'static> Clone for Typed<T> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<T: Send + Sync + 'static> Copy for Typed<T> {}

impl<T: Clone + PartialEq + Send + Sync + 'static> Typed<T> {
    pub(crate) fn over(text: T) -> Self {
        Typed { value: RwSignal::new(text.clone()), from: StoredValue::new(text) }
    }

    /// Takes over what is there now, unless something else was typed here.
    pub(crate) fn renew(self, newer: T) {
        let untouched = self.value.with_untracked(|value| self.from.with_value(|from| value == from));
        self.from.set_value(newer.clone());
        if untouched {
            self.value.set(newer);
        }
    }
}
