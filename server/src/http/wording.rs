//! The documentation of operations that several types have, in the words of one of them: a handler is written once,
//! and documented once, in words that stand for each type's own.

use std::marker::PhantomData;
use utoipa::__dev::SchemaReferences;
use utoipa::openapi::path::{HttpMethod, Operation};
use utoipa::openapi::{RefOr, Schema};

/// The words of one type.
pub trait Wording {
    /// What an operation is called that is documented under this name.
    fn operation(name: &str) -> String;

    /// A path, a sentence or the name of a parameter.
    fn text(text: &str) -> String;
}

/// The documentation `Doc` in the words of `W`.
pub struct InWordsOf<W, Doc>(PhantomData<fn() -> (W, Doc)>);

impl<W: Wording, Doc: utoipa::Path> utoipa::Path for InWordsOf<W, Doc> {
    fn methods() -> Vec<HttpMethod> {
        Doc::methods()
    }

    fn path() -> String {
        W::text(&Doc::path())
    }

    fn operation() -> Operation {
        let mut operation = Doc::operation();
        operation.operation_id = operation.operation_id.map(|name| W::operation(&name));
        for text in [&mut operation.summary, &mut operation.description] {
            *text = text.as_deref().map(W::text);
        }
        for tag in operation.tags.iter_mut().flatten() {
            *tag = W::text(tag);
        }
        for parameter in operation.parameters.iter_mut().flatten() {
            if let RefOr::T(parameter) = parameter {
                parameter.name = W::text(&parameter.name);
            }
        }
        operation
    }
}

impl<W, Doc: SchemaReferences> SchemaReferences for InWordsOf<W, Doc> {
    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        Doc::schemas(schemas);
    }
}
