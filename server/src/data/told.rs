//! What is told of a version beyond its files: what it scored, how it was made, and of what.

use super::{Holder, VersionRow};
use crate::db::{Connection, schema};
use crate::error::{Error, Result};
use atelier_api::role::Object;
use diesel::prelude::*;
use schema::{data_facts as facts, data_inputs};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Id of something, and the number of one of its versions.
pub type Numbered = (String, i64);

/// Kinds of facts, in their rows.
const METRIC: &str = "metric";
const PARAMETER: &str = "parameter";

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Told {
    /// Finite numbers, by name.
    pub metrics: BTreeMap<String, f64>,
    pub parameters: BTreeMap<String, String>,
    /// Ids of datasets, and the numbers of their versions.
    pub inputs: BTreeSet<Numbered>,
}

/// Writes down what is told of a version that was just made, in the same transaction.
pub fn tell(connection: &mut Connection, holder: &Holder, number: i64, told: &Told) -> Result<()> {
    let (object, id) = (holder.object().as_str(), holder.id());
    let metrics = told.metrics.iter().map(|(name, value)| (METRIC, name, value.to_string()));
    let parameters = told.parameters.iter().map(|(name, value)| (PARAMETER, name, value.clone()));
    for (kind, name, value) in metrics.chain(parameters) {
        use facts as f;
        let key = (f::object.eq(object), f::object_id.eq(id), f::number.eq(number), f::kind.eq(kind));
        diesel::insert_into(f::table)
            .values((key, f::name.eq(name), f::value.eq(value)))
            .execute(connection)?;
    }
    for (dataset, of) in &told.inputs {
        use data_inputs as i;
        let key = (i::object.eq(object), i::object_id.eq(id), i::number.eq(number));
        let input = (i::dataset_id.eq(dataset), i::dataset_number.eq(of));
        diesel::insert_into(i::table).values((key, input)).execute(connection)?;
    }
    Ok(())
}

/// As the API shows it. [`inputs`] are apart: of those each caller sees others.
#[derive(Default)]
pub(super) struct Shown {
    pub(super) metrics: BTreeMap<String, f64>,
    pub(super) parameters: BTreeMap<String, String>,
}

/// The rows of these versions in one of the tables. A key for each thing: a list of ids and a list of numbers would
/// meet in far more rows.
macro_rules! of_versions {
    ($query:expr, $table:ident, $object:expr, $rows:expr) => {{
        let mut numbers: BTreeMap<&str, Vec<i64>> = BTreeMap::new();
        for row in $rows {
            numbers.entry(row.object_id.as_str()).or_default().push(row.number);
        }
        let mut query = $query.filter($table::object_id.eq("")).into_boxed();
        for (id, numbers) in numbers {
            query = query.or_filter(
                $table::object
                    .eq($object.as_str())
                    .and($table::object_id.eq(id))
                    .and($table::number.eq_any(numbers)),
            );
        }
        query
    }};
}

/// What is told of these versions, by id and number. However many they are, they take the same number of queries.
pub(super) fn load(
    connection: &mut Connection,
    object: Object,
    rows: &[VersionRow],
) -> Result<HashMap<(String, i64), Shown>> {
    let mut shown: HashMap<(String, i64), Shown> = HashMap::new();
    let found: Vec<(String, i64, String, String, String)> = of_versions!(facts::table, facts, object, rows)
        .select((facts::object_id, facts::number, facts::kind, facts::name, facts::value))
        .load(connection)?;
    for (id, number, kind, name, value) in found {
        let shown = shown.entry((id, number)).or_default();
        if kind == METRIC {
            shown.metrics.insert(name, value.parse().map_err(Error::internal)?);
        } else {
            shown.parameters.insert(name, value);
        }
    }
    Ok(shown)
}

/// Ids of the datasets that these versions were made of and the numbers of their versions, by id and number.
pub fn inputs(
    connection: &mut Connection,
    object: Object,
    rows: &[VersionRow],
) -> Result<HashMap<Numbered, BTreeSet<Numbered>>> {
    let found: Vec<(String, i64, String, i64)> = of_versions!(data_inputs::table, data_inputs, object, rows)
        .select((
            data_inputs::object_id,
            data_inputs::number,
            data_inputs::dataset_id,
            data_inputs::dataset_number,
        ))
        .load(connection)?;
    let mut inputs: HashMap<_, BTreeSet<_>> = HashMap::new();
    for (id, number, dataset, of) in found {
        inputs.entry((id, number)).or_default().insert((dataset, of));
    }
    Ok(inputs)
}

/// Of one version, or of all versions of something: what is told goes with them.
pub(super) fn forget(
    connection: &mut Connection,
    (object, id): (&str, &str),
    number: Option<i64>,
) -> Result<()> {
    macro_rules! delete {
        ($table:ident) => {{
            let its = $table::table.filter($table::object.eq(object)).filter($table::object_id.eq(id));
            match number {
                Some(number) => diesel::delete(its.filter($table::number.eq(number))).execute(connection)?,
                None => diesel::delete(its).execute(connection)?,
            };
        }};
    }
    delete!(facts);
    delete!(data_inputs);
    Ok(())
}

/// What an older version scored, a newer one with the same files scores too.
pub(super) fn repeat(
    connection: &mut Connection,
    holder: &Holder,
    old: &VersionRow,
    number: i64,
) -> Result<()> {
    let mut told = load(connection, holder.object(), std::slice::from_ref(old))?;
    let key = (old.object_id.clone(), old.number);
    let shown = told.remove(&key).unwrap_or_default();
    let inputs = inputs(connection, holder.object(), std::slice::from_ref(old))?.remove(&key);
    let Shown { metrics, parameters } = shown;
    tell(connection, holder, number, &Told { metrics, parameters, inputs: inputs.unwrap_or_default() })
}
