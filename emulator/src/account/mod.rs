//! The one account that everything belongs to.

pub mod keys;

use crate::app::App;
use crate::http::error::json;
use crate::http::{ApiError, Call};
use crate::part::Builder;
use crate::part::Part;
use crate::records::{Record, Records};
use crate::store::Store;
use axum::body::Body;
use http::Response;
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::sync::Arc;

#[derive(Clone, Serialize, Deserialize)]
struct Kept {
    id: String,
    created_ms: i64,
}

impl Record for Kept {
    const KIND: &'static str = "account";
    fn id(&self) -> &str {
        &self.id
    }
}

pub struct Account {
    records: Records<Kept>,
}

impl Part for Account {
    fn clear(&self, _app: &Arc<App>) {
        self.records.clear();
    }
}

impl Account {
    pub fn load(store: &Arc<Store>) -> Result<Account, String> {
        Ok(Account { records: Records::load(store)? })
    }

    pub fn id(&self, app: &App) -> Result<String, ApiError> {
        Ok(self.kept(app)?.id)
    }

    /// Opened when it is first asked for, and the same from then on.
    fn kept(&self, app: &App) -> Result<Kept, ApiError> {
        if let Some(kept) = self.records.all().pop() {
            return Ok(kept);
        }
        let new = Kept { id: app.ids.next("acc"), created_ms: app.clock.now_ms() };
        let mut first = None;
        let added = self.records.add_if(new.clone(), |all| {
            first = all.first().cloned();
            first.is_some().then(|| ApiError::internal("the account exists"))
        });
        match first {
            Some(kept) => Ok(kept),
            None => added.map(|()| new),
        }
    }
}

pub fn register(builder: &mut Builder) -> Result<(), String> {
    let account = Account::load(&builder.app.store)?;
    builder.add(account);
    let routes = &mut builder.routes;
    routes.add("accounts.me", me);
    keys::register(builder)
}

async fn me(call: Call) -> Result<Response<Body>, ApiError> {
    let account = call.app.state::<Account>().kept(&call.app)?;
    Ok(json(&json!({
        "id": account.id,
        "name": "Local development",
        "account_status": "ACCOUNT_STATUS_ENABLED",
        "tier": "ACCOUNT_TIER_BASIC",
        "created_at": crate::timestamp::rfc3339(account.created_ms),
        "billing": {"account_billing_type": "STRIPE"},
    })))
}
