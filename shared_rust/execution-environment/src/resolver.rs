//! A name server for the sandbox: some names are the sandbox's own loopback, all others do not exist.
//!
//! So code that addresses a service by its public host name arrives at a forwarded port, unchanged.

use std::io;
use std::net::{Ipv4Addr, UdpSocket};

/// What a datagram without EDNS may hold.
const MAX_MESSAGE: usize = 512;
const HEADER: usize = 12;
const A: u16 = 1;
const ANY: u16 = 255;
const INTERNET: u16 = 1;
/// Short: names mean the same as long as the sandbox lives, and nobody counts on more.
const TTL_S: u32 = 60;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Code {
    NoError = 0,
    FormatError = 1,
    NameError = 3,
    NotImplemented = 4,
}

/// Answers every query until the socket breaks. `suffixes` are lower case, without a leading dot.
pub fn listen(socket: &UdpSocket, suffixes: &[String]) {
    let mut buffer = [0; MAX_MESSAGE];
    loop {
        let (length, from) = match socket.recv_from(&mut buffer) {
            Ok(received) => received,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => {
                tracing::debug!(%error, "the sandbox has no name server any more");
                return;
            }
        };
        if let Some(answer) = answer(&buffer[..length], suffixes)
            && let Err(error) = socket.send_to(&answer, from)
        {
            tracing::debug!(%error, "a name is not answered");
        }
    }
}

/// The response to one query; `None` for what is not a query at all.
fn answer(query: &[u8], suffixes: &[String]) -> Option<Vec<u8>> {
    let header = query.get(..HEADER)?;
    let is_response = header[2] & 0x80 != 0;
    if is_response {
        return None;
    }
    let opcode = (header[2] >> 3) & 0x0f;
    if opcode != 0 {
        return Some(response(header, Code::NotImplemented, &[], &[]));
    }
    let one_question = header[4..6] == [0, 1];
    let Some(question) = one_question.then(|| Question::read(query)).flatten() else {
        return Some(response(header, Code::FormatError, &[], &[]));
    };
    if !question.is_under(suffixes) {
        return Some(response(header, Code::NameError, question.bytes, &[]));
    }
    let asks_for_it = question.class == INTERNET && matches!(question.kind, A | ANY);
    let record = if asks_for_it {
        address_record()
    } else {
        Vec::new()
    };
    Some(response(header, Code::NoError, question.bytes, &record))
}

fn response(header: &[u8], code: Code, question: &[u8], record: &[u8]) -> Vec<u8> {
    // Response, authoritative; "recursion desired" is given back as it came.
    let flags = [0x84 | (header[2] & 0x79), 0x80 | code as u8];
    let counts = [
        0,
        u8::from(!question.is_empty()),
        0,
        u8::from(!record.is_empty()),
    ];
    [&header[..2], &flags, &counts, &[0; 4], question, record].concat()
}

/// 127.0.0.1, for the name of the question.
fn address_record() -> Vec<u8> {
    let name_of_the_question = 0xc000 | HEADER as u16;
    [
        &name_of_the_question.to_be_bytes()[..],
        &A.to_be_bytes(),
        &INTERNET.to_be_bytes(),
        &TTL_S.to_be_bytes(),
        &4u16.to_be_bytes(),
        &Ipv4Addr::LOCALHOST.octets(),
    ]
    .concat()
}

struct Question<'a> {
    /// As it came, to be given back.
    bytes: &'a [u8],
    name: String,
    kind: u16,
    class: u16,
}

impl<'a> Question<'a> {
    /// `None` for a malformed one; a question has no reason to compress its name.
    fn read(query: &'a [u8]) -> Option<Self> {
        let mut at = HEADER;
        let mut labels = Vec::new();
        loop {
            let length = usize::from(*query.get(at)?);
            at += 1;
            if length == 0 {
                break;
            }
            if length > 63 {
                return None;
            }
            let label = query.get(at..at + length)?;
            labels.push(String::from_utf8_lossy(label).to_ascii_lowercase());
            at += length;
        }
        let &[kind_high, kind_low, class_high, class_low] = query.get(at..at + 4)? else {
            return None;
        };
        Some(Self {
            bytes: &query[HEADER..at + 4],
            name: labels.join("."),
            kind: u16::from_be_bytes([kind_high, kind_low]),
            class: u16::from_be_bytes([class_high, class_low]),
        })
    }

    fn is_under(&self, suffixes: &[String]) -> bool {
        suffixes.iter().any(|suffix| {
            self.name
                .strip_suffix(suffix.as_str())
                .is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const AAAA: u16 = 28;

    fn query(name: &str, kind: u16) -> Vec<u8> {
        let mut bytes = vec![0xab, 0xcd, 0x01, 0x00, 0, 1, 0, 0, 0, 0, 0, 0];
        for label in name.split('.') {
            bytes.push(label.len() as u8);
            bytes.extend(label.as_bytes());
        }
        bytes.push(0);
        bytes.extend(kind.to_be_bytes());
        bytes.extend(INTERNET.to_be_bytes());
        bytes
    }

    fn suffixes() -> Vec<String> {
        vec!["amazonaws.com".into(), "on.aws".into()]
    }

    fn asked(name: &str, kind: u16) -> (u8, u8, Vec<u8>) {
        let answer = answer(&query(name, kind), &suffixes()).unwrap();
        assert_eq!(answer[..2], [0xab, 0xcd]);
        assert_eq!(answer[2] & 0x81, 0x81, "a response, recursion as desired");
        (answer[3] & 0x0f, answer[7], answer)
    }

    #[test]
    fn names_under_a_suffix_are_the_loopback() {
        for name in [
            "s3.us-east-1.amazonaws.com",
            "Bucket.S3.AmazonAWS.com",
            "amazonaws.com",
            "id.lambda-url.eu-west-1.on.aws",
        ] {
            let (code, records, bytes) = asked(name, A);
            assert_eq!((code, records), (0, 1), "{name}");
            assert!(bytes.ends_with(&[0, 4, 127, 0, 0, 1]), "{name}");
        }
    }

    #[test]
    fn there_are_names_without_an_address_of_version_6() {
        let (code, records, _) = asked("s3.amazonaws.com", AAAA);
        assert_eq!((code, records), (0, 0));
    }

    #[test]
    fn other_names_do_not_exist() {
        for name in ["example.com", "notamazonaws.com", "amazonaws.com.evil.org"] {
            let (code, records, _) = asked(name, A);
            assert_eq!((code, records), (3, 0), "{name}");
        }
    }

    #[test]
    fn what_is_malformed_is_refused_and_responses_are_not_answered() {
        let whole = query("s3.amazonaws.com", A);
        for length in HEADER..whole.len() {
            let answer = answer(&whole[..length], &suffixes()).unwrap();
            assert_eq!(answer[3] & 0x0f, 1, "{length}");
        }
        assert!(answer(&whole[..HEADER - 1], &suffixes()).is_none());
        let mut response = whole.clone();
        response[2] |= 0x80;
        assert!(answer(&response, &suffixes()).is_none());
        let mut status = whole;
        status[2] |= 2 << 3;
        assert_eq!(answer(&status, &suffixes()).unwrap()[3] & 0x0f, 4);
    }
}
