//! Ways from outside to a port in a devbox.

pub mod api;
mod owner;
pub mod proxy;
pub mod token;

use crate::app::App;
use crate::http::ApiError;
use crate::ids::Ids;
use crate::part::Part;
use crate::records::{Record, Records};
use crate::store::Store;
use owner::Owners;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::HashMap;
use std::sync::{Arc, Mutex};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Auth {
    Open,
    Authenticated,
}

/// The tunnel of a devbox, as it is kept and as answers show it.
#[derive(Clone, Serialize, Deserialize)]
pub struct Tunnel {
    #[serde(skip)]
    devbox_id: String,
    auth_mode: Auth,
    #[serde(skip_serializing_if = "Option::is_none")]
    auth_token: Option<String>,
    create_time_ms: i64,
    http_keep_alive: bool,
    tunnel_key: String,
    wake_on_http: bool,
}

/// The same with the name of its devbox, for the store.
#[derive(Clone, Serialize, Deserialize)]
struct Kept {
    devbox_id: String,
    tunnel: Tunnel,
}

impl Record for Kept {
    const KIND: &'static str = "tunnel";
    fn id(&self) -> &str {
        &self.devbox_id
    }
}

#[derive(Default, Deserialize)]
struct Wanted {
    auth_mode: Option<Auth>,
    http_keep_alive: Option<bool>,
    wake_on_http: Option<bool>,
}

/// An entrance to a devbox's terminals: not kept, one for each request for one.
#[derive(Clone)]
struct Terminals {
    devbox_id: String,
    token: String,
}

pub struct Tunnels {
    kept: Records<Kept>,
    terminals: Mutex<HashMap<String, Terminals>>,
    owners: Owners,
}

impl Part for Tunnels {
    fn clear(&self, _app: &Arc<App>) {
        self.kept.clear();
        self.terminals.lock().unwrap().clear();
        self.owners.clear();
    }
}

impl Tunnels {
    pub fn load(store: &Arc<Store>) -> Result<Tunnels, String> {
        Ok(Tunnels { kept: Records::load(store)?, terminals: Mutex::default(), owners: Owners::default() })
    }

    /// The tunnel that a create asks for, if it does.
    pub fn open_at_create(&self, app: &App, devbox_id: &str, wanted: Option<&Value>) -> Result<(), ApiError> {
        match wanted {
            None | Some(Value::Null) => Ok(()),
            Some(wanted) => {
                let wanted = Wanted::deserialize(wanted).map_err(|e| ApiError::bad_request(format!("tunnel: {e}")))?;
                self.open(app, devbox_id, wanted).map(drop)
            }
        }
    }

    /// Opens the devbox's tunnel. Asking for what is there already gives what is there.
    fn open(&self, app: &App, devbox_id: &str, wanted: Wanted) -> Result<Tunnel, ApiError> {
        let auth_mode = wanted.auth_mode.unwrap_or(Auth::Open);
        let tunnel = Tunnel {
            devbox_id: devbox_id.to_string(),
            auth_mode,
            auth_token: (auth_mode == Auth::Authenticated).then(|| secret(&app.ids)),
            create_time_ms: app.clock.now_ms(),
            http_keep_alive: wanted.http_keep_alive.unwrap_or(true),
            tunnel_key: app.ids.key(),
            wake_on_http: wanted.wake_on_http.unwrap_or(false),
        };
        if let Some(there) = self.of(devbox_id) {
            return match there.same_as(&tunnel) {
                true => Ok(there),
                false => Err(ApiError::bad_request(format!("devbox {devbox_id} has a tunnel with other settings: remove that one first"))),
            };
        }
        self.kept.add(Kept { devbox_id: devbox_id.to_string(), tunnel: tunnel.clone() })?;
        Ok(tunnel)
    }

    fn close(&self, devbox_id: &str) -> Result<(), ApiError> {
        match self.kept.remove(devbox_id) {
            Ok(_) => Ok(()),
            Err(_) => Err(ApiError::not_found(format!("devbox {devbox_id} has no tunnel"))),
        }
    }

    fn of(&self, devbox_id: &str) -> Option<Tunnel> {
        self.kept.get(devbox_id).ok().map(Kept::tunnel)
    }

    /// As a devbox's view shows it.
    pub fn view(&self, devbox_id: &str) -> Option<Tunnel> {
        self.of(devbox_id)
    }

    fn by_key(&self, key: &str) -> Option<Tunnel> {
        let all = self.kept.all();
        all.into_iter().find(|kept| kept.tunnel.tunnel_key == key).map(Kept::tunnel)
    }

    /// A new entrance to a devbox's terminals: its key and its token.
    fn open_terminals(&self, ids: &Ids, devbox_id: &str) -> (String, String) {
        let (key, token) = (ids.key(), secret(ids));
        let terminals = Terminals { devbox_id: devbox_id.to_string(), token: token.clone() };
        self.terminals.lock().unwrap().insert(key.clone(), terminals);
        (key, token)
    }

    fn terminals(&self, key: &str) -> Option<Terminals> {
        self.terminals.lock().unwrap().get(key).cloned()
    }

    /// The devbox whose terminals a token opens.
    pub fn devbox_of_token(&self, token: &str) -> Option<String> {
        let terminals = self.terminals.lock().unwrap();
        terminals.values().find(|t| t.token == token).map(|t| t.devbox_id.clone())
    }
}

impl Kept {
    fn tunnel(self) -> Tunnel {
        Tunnel { devbox_id: self.devbox_id, ..self.tunnel }
    }
}

impl Tunnel {
    fn same_as(&self, other: &Tunnel) -> bool {
        let settings = |t: &Tunnel| (t.auth_mode, t.http_keep_alive, t.wake_on_http);
        settings(self) == settings(other)
    }
}

fn secret(ids: &Ids) -> String {
    format!("tun_{}{}", ids.key(), ids.key())
}
