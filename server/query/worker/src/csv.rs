//! How a CSV file is written: found out from its first lines.

use crate::fault::{Fault, broken};
use datafusion::arrow::csv::reader::Format;
use datafusion::arrow::datatypes::SchemaRef;
use datafusion::common::config::CsvOptions;
use std::collections::HashSet;
use std::sync::Arc;

/// What separates fields, the likeliest first.
const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];
/// Lines that are looked at to tell the delimiter.
const LINES: usize = 100;

pub struct Sniffed {
    pub schema: SchemaRef,
    pub options: CsvOptions,
}

/// # Errors
/// If the text is not in UTF-8, or its lines do not fit together.
pub fn sniff(sample: &[u8]) -> Result<Sniffed, Fault> {
    let text = std::str::from_utf8(sample).map_err(|error| {
        let line = sample.iter().take(error.valid_up_to()).filter(|byte| **byte == b'\n').count() + 1;
        broken(format!("Line {line} is not in UTF-8. Save the file in UTF-8 and upload it again."))
    })?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let delimiter = delimiter(text);
    let has_header = has_header(text, delimiter);
    let format = Format::default().with_delimiter(delimiter).with_header(has_header);
    let (schema, _) = format.infer_schema(text.as_bytes(), None)?;
    let options = CsvOptions {
        has_header: Some(has_header),
        delimiter,
        newlines_in_values: Some(has_quoted_newline(text)),
        ..CsvOptions::default()
    };
    Ok(Sniffed { schema: Arc::new(schema), options })
}

/// The one that divides the most lines into as many fields, of which there are several.
fn delimiter(text: &str) -> u8 {
    let score = |delimiter: u8| {
        let counts: Vec<usize> =
            text.lines().take(LINES).map(|line| fields(line, delimiter).count()).filter(|n| *n > 0).collect();
        let first = counts.first().copied().unwrap_or(0);
        if first < 2 { (0, 0) } else { (counts.iter().filter(|count| **count == first).count(), first) }
    };
    // Of equals the last is taken.
    DELIMITERS.into_iter().rev().max_by_key(|delimiter| score(*delimiter)).unwrap_or(b',')
}

/// Whether the first line names columns: nothing in it is a number, or missing, or there twice.
fn has_header(text: &str, delimiter: u8) -> bool {
    let Some(first) = text.lines().next() else { return false };
    let mut seen = HashSet::new();
    fields(first, delimiter).all(|field| {
        let field = field.trim().trim_matches('"');
        !field.is_empty() && field.parse::<f64>().is_err() && seen.insert(field.to_owned())
    })
}

/// What is between delimiters that are not within quotes.
fn fields(line: &str, delimiter: u8) -> impl Iterator<Item = &str> {
    let mut quoted = false;
    line.split(move |character| {
        quoted ^= character == '"';
        !quoted && character == char::from(delimiter)
    })
}

fn has_quoted_newline(text: &str) -> bool {
    let mut quoted = false;
    text.bytes().any(|byte| {
        quoted ^= byte == b'"';
        quoted && byte == b'\n'
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn columns(text: &str) -> (u8, bool, Vec<String>) {
        let sniffed = sniff(text.as_bytes()).unwrap();
        let columns =
            sniffed.schema.fields().iter().map(|field| format!("{} {}", field.name(), field.data_type()));
        (sniffed.options.delimiter, sniffed.options.has_header.unwrap(), columns.collect())
    }

    #[test]
    fn the_delimiter_the_header_and_the_types_are_found() {
        let expected = ["id Int64", "name Utf8", "paid Float64"].map(str::to_owned).to_vec();
        for (text, delimiter) in [
            ("id,name,paid\n1,Ada,2.5\n2,\"Hopper, G.\",3\n", b','),
            ("id;name;paid\r\n1;Ada, Countess;2.5\r\n2;Bob;3\r\n", b';'),
            ("\u{feff}id\tname\tpaid\n1\tAda\t2.5\n2\tBob\t3\n", b'\t'),
            ("id|name|paid\n1|a,b,c|2.5\n2|Bob|3\n", b'|'),
        ] {
            assert_eq!(columns(text), (delimiter, true, expected.clone()), "{text}");
        }
        let (_, header, names) = columns("1,2\n3,4\n");
        assert_eq!((header, names.len()), (false, 2));
        assert_eq!(columns("one column\nvalue\n").2, ["one column Utf8"]);
    }

    #[test]
    fn what_is_no_text_is_told_with_its_line() {
        let error = sniff(b"id,name\n1,Ada\n2,\xff\xfe\n").err().unwrap();
        assert!(error.0.detail.contains("Line 3"), "{}", error.0.detail);
    }

    #[test]
    fn a_line_break_within_quotes_is_noticed() {
        let options = sniff(b"id,text\n1,\"two\nlines\"\n").unwrap().options;
        assert_eq!(options.newlines_in_values, Some(true));
    }
}
