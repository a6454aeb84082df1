//! What goes wrong, in words for whoever asked.

use atelier_query::Problem;
use datafusion::arrow::error::ArrowError;
use datafusion::error::DataFusionError;

/// Why there is no answer.
#[derive(Debug)]
pub struct Fault(pub Problem);

/// A file is not what it seems.
pub fn broken(detail: impl Into<String>) -> Fault {
    Fault(Problem::new("broken-file", detail))
}

/// The question is wrong.
pub fn wrong(detail: impl Into<String>) -> Fault {
    Fault(Problem::new("wrong-query", detail))
}

impl From<DataFusionError> for Fault {
    fn from(error: DataFusionError) -> Fault {
        let code = match error.find_root() {
            DataFusionError::ResourcesExhausted(_) => "query-too-large",
            DataFusionError::SQL(..) | DataFusionError::Plan(_) | DataFusionError::SchemaError(..) => {
                "wrong-query"
            }
            DataFusionError::NotImplemented(_) => "wrong-query",
            DataFusionError::ParquetError(_) => "broken-file",
            // As a value that is not what its column holds, or a division by zero.
            DataFusionError::ArrowError(error, _) if matches!(**error, ArrowError::DivideByZero) => {
                "wrong-query"
            }
            DataFusionError::ArrowError(..) => "broken-file",
            DataFusionError::Execution(_) => "wrong-query",
            _ => "worker-fault",
        };
        let detail = match error.find_root() {
            // Without the names of the libraries' parts.
            DataFusionError::ArrowError(error, _) => match error.as_ref() {
                ArrowError::CsvError(detail) | ArrowError::JsonError(detail) => format!("{detail}."),
                other => other.to_string(),
            },
            DataFusionError::Plan(detail) | DataFusionError::Execution(detail) => detail.clone(),
            _ => error.strip_backtrace(),
        };
        Fault(Problem::new(code, detail))
    }
}

impl From<ArrowError> for Fault {
    fn from(error: ArrowError) -> Fault {
        DataFusionError::from(error).into()
    }
}

impl From<object_store::Error> for Fault {
    fn from(error: object_store::Error) -> Fault {
        Fault(Problem::new("worker-fault", error.to_string()))
    }
}
