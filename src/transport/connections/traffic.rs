//! The kinds of requests, which never share a connection.

/// The kind of a request, by how long it holds its connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Traffic {
    /// Answered at once.
    Control,
    /// Held by the server until something happens.
    Wait,
    /// Server-sent events.
    Stream,
    /// A body of any size, one way or the other.
    Transfer,
}

impl Traffic {
    /// How many requests share one HTTP/2 connection at most.
    pub(super) fn streams_per_connection(self) -> usize {
        match self {
            Traffic::Control => 32,
            Traffic::Wait | Traffic::Stream => 8,
            Traffic::Transfer => 2,
        }
    }

    /// How many bytes of an answer may be under way before they are read.
    pub(super) fn window(self) -> u32 {
        match self {
            Traffic::Wait => 256 << 10,
            Traffic::Control | Traffic::Stream => 1 << 20,
            Traffic::Transfer => 4 << 20,
        }
    }
}
