//! The records of a zip archive whose files are stored as they are: APPNOTE 6.3.9, with its 64-bit forms where
//! 32 bits do not do. A file's checksum follows it, because it is known only then.

use time::OffsetDateTime;

/// What stands where a 64-bit field says it instead.
const ELSEWHERE: u32 = u32::MAX;
/// Versions of the format that a reader must know: with folders, with 64-bit fields.
const PLAIN: u16 = 20;
const LARGE: u16 = 45;
/// The checksum follows the file; names are UTF-8.
const FLAGS: u16 = 1 << 3 | 1 << 11;
const FOLDER_FLAGS: u16 = 1 << 11;
/// Made on Unix: the upper half of the attributes is the mode.
const UNIX: u16 = 3 << 8;

/// A file or folder of the archive.
pub(super) struct Entry<'a> {
    /// A folder's ends in a slash.
    pub(super) name: &'a str,
    pub(super) bytes: u64,
    pub(super) executable: bool,
}

/// When all entries were changed, as the format has it: two seconds are its smallest unit.
#[derive(Clone, Copy)]
pub(super) struct Moment {
    time: u16,
    date: u16,
}

impl Moment {
    /// Of milliseconds since the epoch.
    pub(super) fn of(ms: i64) -> Moment {
        let at = OffsetDateTime::from_unix_timestamp(ms / 1000).unwrap_or(OffsetDateTime::UNIX_EPOCH);
        let year = u16::try_from(at.year() - 1980).unwrap_or_default().min(127);
        let [hour, minute, second] = [at.hour(), at.minute(), at.second()].map(u16::from);
        let [month, day] = [u8::from(at.month()), at.day()].map(u16::from);
        Moment { time: (hour << 11) | (minute << 5) | (second / 2), date: (year << 9) | (month << 5) | day }
    }
}

impl Entry<'_> {
    fn is_folder(&self) -> bool {
        self.name.ends_with('/')
    }

    fn is_large(&self) -> bool {
        self.bytes >= u64::from(ELSEWHERE)
    }

    fn flags(&self) -> u16 {
        if self.is_folder() { FOLDER_FLAGS } else { FLAGS }
    }

    /// What comes before its bytes.
    pub(super) fn head(&self, moment: Moment) -> Vec<u8> {
        let size = narrow(self.bytes);
        let extra: &[u64] = if self.is_large() { &[self.bytes, self.bytes] } else { &[] };
        let mut record = b"PK\x03\x04".to_vec();
        record.put16(&[
            if self.is_large() { LARGE } else { PLAIN },
            self.flags(),
            0,
            moment.time,
            moment.date,
        ]);
        record.put32(&[0, size, size]);
        record.put16(&[self.name.len() as u16, extra_bytes(extra)]);
        record.extend_from_slice(self.name.as_bytes());
        record.put_extra(extra);
        record
    }

    /// What comes after its bytes.
    pub(super) fn tail(&self, checksum: u32) -> Vec<u8> {
        if self.is_folder() {
            return Vec::new();
        }
        let mut record = b"PK\x07\x08".to_vec();
        record.put32(&[checksum]);
        match self.is_large() {
            true => record.put64(&[self.bytes, self.bytes]),
            false => record.put32(&[narrow(self.bytes), narrow(self.bytes)]),
        }
        record
    }

    /// All that it takes up before the directory.
    pub(super) fn length(&self, moment: Moment) -> u64 {
        (self.head(moment).len() + self.tail(0).len()) as u64 + self.bytes
    }

    /// Its row in the directory at the end; its head begins at `offset`.
    pub(super) fn row(&self, moment: Moment, checksum: u32, offset: u64) -> Vec<u8> {
        let size = narrow(self.bytes);
        let mut extra = Vec::new();
        if self.is_large() {
            extra.extend([self.bytes, self.bytes]);
        }
        if offset >= u64::from(ELSEWHERE) {
            extra.push(offset);
        }
        let needed = if extra.is_empty() { PLAIN } else { LARGE };
        let mode: u32 = match (self.is_folder(), self.executable) {
            (true, _) => 0o040_755,
            (false, true) => 0o100_755,
            (false, false) => 0o100_644,
        };
        let mut record = b"PK\x01\x02".to_vec();
        record.put16(&[UNIX | LARGE, needed, self.flags(), 0, moment.time, moment.date]);
        record.put32(&[checksum, size, size]);
        record.put16(&[self.name.len() as u16, extra_bytes(&extra), 0, 0, 0]);
        record.put32(&[mode << 16 | u32::from(self.is_folder()) << 4, narrow(offset)]);
        record.extend_from_slice(self.name.as_bytes());
        record.put_extra(&extra);
        record
    }
}

/// What ends an archive of so many entries, whose directory of `bytes` begins at `offset`.
pub(super) fn end(entries: u64, bytes: u64, offset: u64) -> Vec<u8> {
    let mut record = Vec::new();
    let short = u16::try_from(entries).unwrap_or(u16::MAX);
    let large = [bytes, offset].into_iter().any(|number| number >= u64::from(ELSEWHERE));
    if large || short == u16::MAX {
        record.extend_from_slice(b"PK\x06\x06");
        record.put64(&[44]);
        record.put16(&[UNIX | LARGE, LARGE]);
        record.put32(&[0, 0]);
        record.put64(&[entries, entries, bytes, offset]);
        record.extend_from_slice(b"PK\x06\x07");
        record.put32(&[0]);
        record.put64(&[offset + bytes]);
        record.put32(&[1]);
    }
    record.extend_from_slice(b"PK\x05\x06");
    record.put16(&[0, 0, short, short]);
    record.put32(&[narrow(bytes), narrow(offset)]);
    record.put16(&[0]);
    record
}

fn narrow(number: u64) -> u32 {
    u32::try_from(number).unwrap_or(ELSEWHERE)
}

fn extra_bytes(numbers: &[u64]) -> u16 {
    if numbers.is_empty() { 0 } else { 4 + 8 * numbers.len() as u16 }
}

trait Put {
    fn put16(&mut self, numbers: &[u16]);
    fn put32(&mut self, numbers: &[u32]);
    fn put64(&mut self, numbers: &[u64]);
    /// The field of 64-bit numbers.
    fn put_extra(&mut self, numbers: &[u64]);
}

impl Put for Vec<u8> {
    fn put16(&mut self, numbers: &[u16]) {
        self.extend(numbers.iter().flat_map(|number| number.to_le_bytes()));
    }

    fn put32(&mut self, numbers: &[u32]) {
        self.extend(numbers.iter().flat_map(|number| number.to_le_bytes()));
    }

    fn put64(&mut self, numbers: &[u64]) {
        self.extend(numbers.iter().flat_map(|number| number.to_le_bytes()));
    }

    fn put_extra(&mut self, numbers: &[u64]) {
        if !numbers.is_empty() {
            self.put16(&[1, 8 * numbers.len() as u16]);
            self.put64(numbers);
        }
    }
}
