//! The vocabulary of requests and answers.

pub mod attend;
pub mod call;
pub mod check;
pub mod connection;
pub mod error;
pub mod guard;
pub mod openapi;
mod own;
pub mod routes;
pub mod schema;
pub mod sse;

pub use call::Call;
pub use error::ApiError;
pub use routes::Routes;
