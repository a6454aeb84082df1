//! Tells what a person does on a WebSocket from what the browser does by itself.

/// Follows the frames that a browser sends, in pieces as they come. Payloads are not looked at.
#[derive(Default)]
pub(super) struct Frames {
    head: [u8; 14],
    have: usize,
    payload_left: u64,
}

impl Frames {
    /// Whether a data frame begins in these bytes. Control frames, as the answers to a server's pings, come
    /// without anybody's doing.
    pub(super) fn data_begins_in(&mut self, mut bytes: &[u8]) -> bool {
        let mut data = false;
        loop {
            let skipped =
                usize::try_from(self.payload_left).map_or(bytes.len(), |left| left.min(bytes.len()));
            self.payload_left -= skipped as u64;
            let Some((byte, rest)) = bytes[skipped..].split_first() else { return data };
            bytes = rest;
            self.head[self.have] = *byte;
            self.have += 1;
            if let Some(payload) = self.payload() {
                data |= self.head[0] & 0x0f < 0x8;
                self.payload_left = payload;
                self.have = 0;
            }
        }
    }

    /// Bytes of payload behind the head, once the head is complete.
    fn payload(&self) -> Option<u64> {
        if self.have < 2 {
            return None;
        }
        let [_, second, long @ ..] = self.head;
        let masked = if second & 0x80 == 0 { 0 } else { 4 };
        let (size, payload) = match second & 0x7f {
            126 => (2, u64::from(u16::from_be_bytes([long[0], long[1]]))),
            127 => (8, long.iter().take(8).fold(0, |value, byte| value << 8 | u64::from(*byte))),
            short => (0, u64::from(short)),
        };
        (self.have == 2 + size + masked).then_some(payload)
    }
}

#[cfg(test)]
mod tests {
    use super::Frames;

    fn frame(opcode: u8, payload: usize) -> Vec<u8> {
        let mut frame = vec![0x80 | opcode];
        match payload {
            0..126 => frame.push(0x80 | payload as u8),
            126..65536 => {
                frame.push(0x80 | 126);
                frame.extend_from_slice(&(payload as u16).to_be_bytes());
            }
            _ => {
                frame.push(0x80 | 127);
                frame.extend_from_slice(&(payload as u64).to_be_bytes());
            }
        }
        frame.extend_from_slice(&[1, 2, 3, 4]);
        // Payloads that would be data frames if they were read as heads.
        frame.resize(frame.len() + payload, 0x81);
        frame
    }

    #[test]
    fn counts_data_and_nothing_else_however_it_is_cut() {
        for size in [0, 1, 125, 126, 300, 65535, 65536, 70000] {
            for piece in [1, 2, 3, 7, 4096, usize::MAX] {
                let mut frames = Frames::default();
                let mut seen = |opcode: u8| {
                    let bytes = frame(opcode, size);
                    let begins =
                        bytes.chunks(piece.min(bytes.len())).filter(|part| frames.data_begins_in(part));
                    begins.count()
                };
                assert_eq!(
                    [seen(0xa), seen(0x1), seen(0x9), seen(0x8), seen(0x2), seen(0x0)],
                    [0, 1, 0, 0, 1, 1]
                );
            }
        }
    }
}
