//! How a CSV file is written: found out from its first lines.

use crate::fault::{Fault, broken};
use datafusion::arrow::csv::reader::Format;
use datafusion::arrow::datatypes::{DataType, FieldRef, Schema, SchemaRef};
use datafusion::common::config::CsvOptions;
use std::collections::HashSet;
use std::sync::Arc;

/// What separates fields, the likeliest first.
const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];
/// Lines that are looked at to tell the delimiter.
const LINES: usize = 1000;
/// Digits that a number keeps.
const DIGITS: usize = 15;

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
    let schema = with_names(&with_texts(&keep_zeros(&schema, text, delimiter)));
    let options = CsvOptions {
        has_header: Some(has_header),
        delimiter,
        // A file is divided at its line breaks, which must not be within a value: where there are quotes, one may be.
        newlines_in_values: Some(text.contains('"')),
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

/// Whether the first line names columns: something is in it, and nothing of that is a number.
fn has_header(text: &str, delimiter: u8) -> bool {
    let Some(first) = text.lines().next() else { return false };
    let mut names =
        fields(first, delimiter).map(|field| field.trim().trim_matches('"')).filter(|name| !name.is_empty());
    let mut some = false;
    names.all(|name| {
        some = true;
        name.parse::<f64>().is_err()
    }) && some
}

/// What is between delimiters that are not within quotes.
fn fields(line: &str, delimiter: u8) -> impl Iterator<Item = &str> {
    let mut quoted = false;
    line.split(move |character| {
        quoted ^= character == '"';
        !quoted && character == char::from(delimiter)
    })
}

/// Up to the first line break.
pub fn first_line(text: &[u8]) -> &[u8] {
    text.split(|byte| *byte == b'\n').next().unwrap_or_default().trim_ascii_end()
}

/// Where the last line break is that is not within quotes.
pub fn last_line_end(text: &[u8]) -> Option<usize> {
    let mut quoted = false;
    let mut last = None;
    for (index, byte) in text.iter().enumerate() {
        quoted ^= *byte == b'"';
        if *byte == b'\n' && !quoted {
            last = Some(index);
        }
    }
    last
}

/// Columns that were empty so far are texts: whatever comes is shown.
pub fn with_texts(schema: &Schema) -> Schema {
    let field = |field: &FieldRef| match field.data_type() {
        DataType::Null => Arc::new(field.as_ref().clone().with_data_type(DataType::Utf8)),
        _ => field.clone(),
    };
    Schema::new(schema.fields().iter().map(field).collect::<Vec<_>>())
}

/// Numbers that begin with zeros, or are longer than numbers here, are texts: `01234` is a postcode.
fn keep_zeros(schema: &Schema, text: &str, delimiter: u8) -> Schema {
    let is_code = |field: &str| {
        let digits = field.trim().trim_matches('"').trim_start_matches('-');
        let starts = digits.len() > 1
            && digits.starts_with('0')
            && digits.as_bytes().get(1).is_some_and(u8::is_ascii_digit);
        starts || digits.bytes().filter(u8::is_ascii_digit).count() > DIGITS
    };
    let mut codes = HashSet::new();
    for line in text.lines().take(LINES) {
        codes.extend(
            fields(line, delimiter).enumerate().filter(|(_, field)| is_code(field)).map(|(index, _)| index),
        );
    }
    let field =
        |(index, field): (usize, &FieldRef)| match codes.contains(&index) && field.data_type().is_numeric() {
            true => Arc::new(field.as_ref().clone().with_data_type(DataType::Utf8)),
            false => field.clone(),
        };
    Schema::new(schema.fields().iter().enumerate().map(field).collect::<Vec<_>>())
}

/// Each column has a name, and no two the same.
fn with_names(schema: &Schema) -> Schema {
    let mut seen = HashSet::new();
    let mut named = Vec::new();
    for (index, field) in schema.fields().iter().enumerate() {
        let given = field.name().trim();
        let mut name = if given.is_empty() { format!("column_{}", index + 1) } else { given.to_owned() };
        while !seen.insert(name.clone()) {
            name = format!("{name}_{}", index + 1);
        }
        named.push(field.as_ref().clone().with_name(name));
    }
    Schema::new(named)
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
    fn codes_stay_texts_and_columns_have_names_of_their_own() {
        let text = ",a,a,code,long\n1,x,y,01234,12345678901234567\n2,x,,99999,1\n";
        let expected = ["column_1 Int64", "a Utf8", "a_3 Utf8", "code Utf8", "long Utf8"];
        assert_eq!(columns(text).2, expected);
        // Empty as far as one sees is a text, not nothing.
        assert_eq!(columns("a,b\n1,\n2,\n").2, ["a Int64", "b Utf8"]);
    }

    #[test]
    fn a_sample_ends_outside_of_quotes() {
        assert_eq!(last_line_end(b"a,b\n1,\"x\ny"), Some(3));
        assert_eq!(last_line_end(b"a,b\n1,\"x\ny\"\n"), Some(11));
    }

    #[test]
    fn a_line_break_within_quotes_is_noticed() {
        let options = sniff(b"id,text\n1,\"two\nlines\"\n").unwrap().options;
        assert_eq!(options.newlines_in_values, Some(true));
    }
}
