//! Notebooks, merged by cell: each cell has an id since version 4.5 of their format. What is written in a cell and
//! what it has printed are told apart: two people who ran the same cell have no conflict.

use serde::Serialize;
use serde_json::ser::PrettyFormatter;
use serde_json::{Map, Serializer, Value};
use std::collections::{HashMap, HashSet};

/// What a cell's last run left in it.
const PRINTED: [&str; 2] = ["outputs", "execution_count"];

type Cell = Map<String, Value>;

struct Notebook {
    /// All but the cells.
    rest: Map<String, Value>,
    order: Vec<String>,
    cells: HashMap<String, Cell>,
}

/// None if one of them has no ids, both changed what is written in the same cell, or both moved cells.
pub(super) fn merged(base: &str, ours: &str, theirs: &str) -> Option<String> {
    let (base, mut ours, mut theirs) = (read(base)?, read(ours)?, read(theirs)?);
    let mut cells = HashMap::new();
    for id in base.order.iter().chain(&ours.order).chain(&theirs.order) {
        if cells.contains_key(id) {
            continue;
        }
        let (was, our, their) = (base.cells.get(id), ours.cells.remove(id), theirs.cells.remove(id));
        if was.is_none() && our.is_none() && their.is_none() {
            continue;
        }
        cells.insert(id.clone(), one_cell(was, our, their)?);
    }
    let order = order(&base.order, &ours.order, &theirs.order)?;
    let cells: Vec<Value> =
        order.into_iter().filter_map(|id| cells.remove(&id).flatten().map(Value::Object)).collect();
    let mut notebook = rest(&base.rest, ours.rest, theirs.rest);
    notebook.insert("cells".to_owned(), Value::Array(cells));
    write(&notebook)
}

fn read(text: &str) -> Option<Notebook> {
    let Value::Object(mut rest) = serde_json::from_str(text).ok()? else { return None };
    let version = |name: &str| rest.get(name).and_then(Value::as_u64);
    if (version("nbformat")?, version("nbformat_minor")?) < (4, 5) || version("nbformat")? != 4 {
        return None;
    }
    let Some(Value::Array(list)) = rest.remove("cells") else { return None };
    let (mut order, mut cells) = (Vec::new(), HashMap::new());
    for cell in list {
        let Value::Object(cell) = cell else { return None };
        let id = cell.get("id")?.as_str()?.to_owned();
        order.push(id.clone());
        // The same id twice: nobody knows which is which.
        if cells.insert(id, cell).is_some() {
            return None;
        }
    }
    Some(Notebook { rest, order, cells })
}

/// As Jupyter writes them.
fn write(notebook: &Map<String, Value>) -> Option<String> {
    let mut bytes = Vec::new();
    notebook
        .serialize(&mut Serializer::with_formatter(&mut bytes, PrettyFormatter::with_indent(b" ")))
        .ok()?;
    bytes.push(b'\n');
    String::from_utf8(bytes).ok()
}

/// Outer none: it cannot be merged. Inner none: it is not there any more.
fn one_cell(base: Option<&Cell>, ours: Option<Cell>, theirs: Option<Cell>) -> Option<Option<Cell>> {
    let written = |cell: &Cell| {
        let mut cell = cell.clone();
        PRINTED.iter().for_each(|name| drop(cell.remove(*name)));
        cell
    };
    let (ours, theirs) = match (base, ours, theirs) {
        (_, None, None) => return Some(None),
        (None, our, None) => return Some(our),
        (None, None, their) => return Some(their),
        (None, Some(ours), Some(theirs)) => return (ours == theirs).then_some(Some(ours)),
        // One removed it: fine, unless the other went on with it.
        (Some(base), Some(left), None) | (Some(base), None, Some(left)) => {
            return (written(base) == written(&left)).then_some(None);
        }
        (Some(_), Some(ours), Some(theirs)) => (ours, theirs),
    };
    let base = base?;
    let (was, our, their) = (written(base), written(&ours), written(&theirs));
    if our != was && their != was && our != their {
        return None;
    }
    // What was printed goes with what is written. Both ran the same: the newer run is ours, theirs is in their version.
    let printed = |cell: &Cell| PRINTED.map(|name| cell.get(name).cloned());
    let take_theirs = if our == their { printed(&ours) == printed(base) } else { our == was };
    Some(Some(if take_theirs { theirs } else { ours }))
}

/// The order of all cells: that of who moved some, with what the other added after what it came after there. None
/// if both moved cells.
fn order(base: &[String], ours: &[String], theirs: &[String]) -> Option<Vec<String>> {
    let common: HashSet<&String> =
        base.iter().filter(|id| ours.contains(id) && theirs.contains(id)).collect();
    let of_common = |order: &[String]| -> Vec<String> {
        order.iter().filter(|id| common.contains(id)).cloned().collect()
    };
    let (was, our, their) = (of_common(base), of_common(ours), of_common(theirs));
    let (mut order, added) = match (our == was, their == was) {
        (_, false) if our != was && our != their => return None,
        (true, _) | (false, false) => (theirs.to_vec(), ours),
        (false, true) => (ours.to_vec(), theirs),
    };
    let mut before: Option<&String> = None;
    for id in added {
        if !order.contains(id) {
            let at = before.and_then(|before| order.iter().position(|other| other == before));
            order.insert(at.map_or(0, |at| at + 1), id.clone());
        }
        before = Some(id);
    }
    Some(order)
}

/// What is said of the whole notebook, name by name. It is written by programs: where both changed the same, theirs
/// is taken.
fn rest(
    base: &Map<String, Value>,
    ours: Map<String, Value>,
    theirs: Map<String, Value>,
) -> Map<String, Value> {
    let mut merged = theirs;
    for (name, our) in ours {
        let was = base.get(&name);
        match (merged.get_mut(&name), our) {
            (Some(Value::Object(their)), Value::Object(our)) => {
                let empty = Map::new();
                let was = was.and_then(Value::as_object).unwrap_or(&empty);
                *their = rest(was, our, std::mem::take(their));
            }
            (Some(their), our) => {
                if Some(&*their) == was {
                    *their = our;
                }
            }
            (None, our) => {
                if Some(&our) != was {
                    merged.insert(name, our);
                }
            }
        }
    }
    merged
}
