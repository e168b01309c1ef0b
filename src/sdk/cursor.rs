//! Lists, fetched page after page as they are walked through.

use std::collections::{HashSet, VecDeque};

use serde_json::Value;
use tokio::sync::Mutex;

use super::client::Client;
use crate::api::{views, Page, PageRequest};
use crate::error::{Error, Result, Status};
use crate::transport::{CallOptions, Facts, Request};

/// A walk through a list.
pub struct Cursor {
    client: Client,
    key: &'static str,
    request: Request,
    /// Whoever waits for another's turn ends by his own bounds.
    walk: Mutex<Walk>,
    /// Whether the API knows no further pages of this list.
    one_page: bool,
}

/// How far it has come.
struct Walk {
    page: PageRequest,
    ready: VecDeque<Value>,
    more: bool,
    /// Whether nothing says where the next page begins.
    stuck: bool,
    seen: HashSet<String>,
    /// What errors tell of the present page's answer.
    facts: Facts,
}

impl Cursor {
    /// A walk through the list that `request` asks for, its items being under `key`.
    pub fn new(client: &Client, key: &'static str, request: Request, query: Vec<(String, String)>) -> Cursor {
        let page = PageRequest { query, starting_after: None };
        let walk =
            Mutex::new(Walk { page, ready: VecDeque::new(), more: true, stuck: false, seen: HashSet::new(), facts: Facts::default() });
        Cursor { client: client.clone(), key, request, walk, one_page: false }
    }

    /// A walk through a list of which the API gives the first page only.
    pub fn one_page(client: &Client, key: &'static str, request: Request, query: Vec<(String, String)>) -> Cursor {
        Cursor { one_page: true, ..Cursor::new(client, key, request, query) }
    }

    /// The client whose list this is.
    pub fn client(&self) -> &Client {
        &self.client
    }

    /// The next item and its identifier.
    pub fn next_with_id(&self, options: &CallOptions) -> Result<Option<(String, Value)>> {
        self.next_as(options, |id, _| Ok(id.to_owned()))
    }

    /// What `make` makes of the next item and its identifier, and the item.
    pub fn next_as<T>(&self, options: &CallOptions, make: impl FnOnce(&str, &Value) -> Result<T>) -> Result<Option<(T, Value)>> {
        let Some((item, facts)) = self.take(options)? else { return Ok(None) };
        let none = || Error::new(Status::Protocol, format!("{}: an item of the list has no id that can be used.", self.request.name()));
        let made = views::identifier(&item, "id").ok_or_else(none).and_then(|id| make(&id, &item));
        made.map(|made| Some((made, item))).map_err(|error| facts.told(error))
    }

    /// The next item; asks for the next page if need be. After a failure the same page is asked
    /// for again.
    pub fn next(&self, options: &CallOptions) -> Result<Option<Value>> {
        self.take(options).map(|taken| taken.map(|(item, _)| item))
    }

    fn take(&self, options: &CallOptions) -> Result<Option<(Value, Facts)>> {
        let call = self.client.call(options);
        let mut walk = self.client.transport().drive(&call, self.walk.lock())?;
        while walk.ready.is_empty() && walk.more {
            let mut request = self.request.clone();
            if walk.stuck {
                let message =
                    format!("{}: there are more {}, but the page's last item has no id that can be used.", request.name(), self.key);
                return Err(walk.facts.told(Error::new(Status::Protocol, message)));
            }
            request.query = walk.page.to_query();
            let read = |value| {
                let page = Page::read(&request.name(), self.key, value)?;
                match page.next.as_ref().filter(|next| walk.seen.contains(*next)) {
                    Some(next) => Err(Error::new(
                        Status::Protocol,
                        format!("{}: the list came back to {next}, which had been a page's last item already.", request.name()),
                    )),
                    None => Ok(page),
                }
            };
            let (page, facts) = self.client.ask_and_take(&call, options, &request, read)?;
            walk.seen.extend(page.next.clone());
            walk.facts = facts;
            walk.ready = page.items.into();
            walk.more = page.more && !self.one_page;
            walk.stuck = page.next.is_none();
            walk.page.starting_after = page.next;
        }
        Ok(walk.ready.pop_front().map(|item| (item, walk.facts.clone())))
    }
}
