//! The client: one server, one set of credentials, shared by everything made from it.

use std::sync::Arc;

use http::Method;
use serde_json::Value;

use crate::api::{account, create_mark, path, views, Params};
use crate::error::{Error, Result};
use crate::sdk::cleanup::search::Orphans;
use crate::transport::{Answer, Call, CallOptions, Config, Effect, Facts, Request, Transport};

/// What is longer is no method.
const LONGEST_METHOD: usize = 10;

/// A client. Clones are the same client.
#[derive(Clone)]
pub struct Client(Arc<Shared>);

struct Shared {
    transport: Transport,
    orphans: Orphans,
    marks_creates: bool,
}

impl Client {
    /// Checks the settings; sends nothing.
    pub fn new(config: &Config) -> Result<Client> {
        Ok(Client(Arc::new(Shared {
            transport: Transport::new(config)?,
            orphans: Orphans::default(),
            marks_creates: !config.unmarked_creates,
        })))
    }

    /// Ends all calls under way and refuses further ones.
    pub fn close(&self) {
        self.0.transport.close();
    }

    /// Any request, for what this library has no function for. Its path lies below the base URL,
    /// so that the API key goes to no other server.
    pub fn request(&self, method: &str, path: &str, query: &Params, body: Option<&Params>, options: &CallOptions) -> Result<Answer> {
        let method = match method {
            "GET" => Method::GET,
            "POST" => Method::POST,
            "PUT" => Method::PUT,
            "PATCH" => Method::PATCH,
            "DELETE" => Method::DELETE,
            "HEAD" => Method::HEAD,
            _ => {
                // A word, if anything; what stands in its place is not repeated.
                let word = Some(method).filter(|word| word.len() <= LONGEST_METHOD && word.bytes().all(|byte| byte.is_ascii_alphabetic()));
                let what = word.map_or("What was given as the method".to_owned(), |word| format!("{word:?}"));
                return Err(Error::invalid(format!("{what} is not a method of the API: GET, POST, PUT, PATCH, DELETE, HEAD.")));
            }
        };
        path::check_free(path)?;
        let effect = Effect::of_method(&method);
        let mut request = Request::new(method, path.to_owned(), effect).confidential();
        request.query = query.to_query()?;
        request.body = body.map(Params::to_body);
        let mut answer = self.0.transport.send(&self.call(options), options, &request)?;
        answer.check_encoding(&request.name(), self.0.transport.asks_for_encodings(options))?;
        create_mark::hide_in(&mut answer);
        Ok(answer)
    }

    /// The account whose API key this is.
    pub fn account(&self, options: &CallOptions) -> Result<Value> {
        self.ask(options, &account::me())
    }

    /// Makes an API key; its secret is in the answer, and nowhere else.
    pub fn create_api_key(&self, params: &Params, options: &CallOptions) -> Result<Value> {
        self.ask(options, &account::create_api_key(params.to_body()))
    }

    /// Makes an API key that may do less; its secret is in the answer, and nowhere else.
    pub fn create_restricted_key(&self, params: &Params, options: &CallOptions) -> Result<Value> {
        self.ask(options, &account::create_restricted_key(params.to_body()))
    }

    pub(super) fn transport(&self) -> &Transport {
        &self.0.transport
    }

    /// The searches for what failed creates have left.
    pub(super) fn orphans(&self) -> &Orphans {
        &self.0.orphans
    }

    /// Whether what creates make can be found if the answer is lost.
    pub(super) fn marks_creates(&self) -> bool {
        self.0.marks_creates
    }

    pub(super) fn call(&self, options: &CallOptions) -> Call {
        self.0.transport.call(options)
    }

    /// A call that consists of one request with a JSON answer.
    pub(super) fn ask(&self, options: &CallOptions, request: &Request) -> Result<Value> {
        self.ask_within(&self.call(options), options, request)
    }

    /// A request that is a part of a call.
    pub(super) fn ask_within(&self, call: &Call, options: &CallOptions, request: &Request) -> Result<Value> {
        create_mark::hide(self.0.transport.send(call, options, request).and_then(|answer| answer.json(&request.name())))
    }

    /// A request that is a part of a call, and what `read` finds in its answer. If it finds nothing that can be
    /// used, the error says that the request may have had its effect.
    pub(super) fn ask_and_read<T>(
        &self,
        call: &Call,
        options: &CallOptions,
        request: &Request,
        read: impl FnOnce(&Value) -> Result<T>,
    ) -> Result<T> {
        self.0.transport.send(call, options, request)?.read(&request.name(), read)
    }

    /// The same of an answer that is given up for what is found in it.
    pub(super) fn ask_and_take<T>(
        &self,
        call: &Call,
        options: &CallOptions,
        request: &Request,
        take: impl FnOnce(Value) -> Result<T>,
    ) -> Result<(T, Facts)> {
        let answer = self.0.transport.send(call, options, request)?;
        let taken = take(create_mark::hide(answer.json(&request.name()))?).map_err(|error| answer.not_understood(error))?;
        Ok((taken, answer.facts()))
    }

    /// A call that makes something, and gives its identifier.
    pub(super) fn make(&self, options: &CallOptions, request: &Request) -> Result<String> {
        self.ask_and_read(&self.call(options), options, request, |value| views::id_of_new(&request.name(), value))
    }
}
