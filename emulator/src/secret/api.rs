//! The operations on secrets.

use super::{Hidden, Secret, Secrets};
use crate::http::error::json;
use crate::http::{ApiError, Call};
use crate::part::Builder;
use axum::body::Body;
use http::{Response, StatusCode};
use serde::Deserialize;
use serde_json::{json, Value};

type Answer = Result<Response<Body>, ApiError>;

pub fn register(builder: &mut Builder) -> Result<(), String> {
    let secrets = Secrets::load(&builder.app.store)?;
    builder.add(secrets);
    let routes = &mut builder.routes;
    routes.add("secrets.create", create);
    routes.add("secrets.list", list);
    routes.add("secrets.retrieve", retrieve);
    routes.add("secrets.retrieve_by_id", retrieve_by_id);
    routes.add("secrets.update", update);
    routes.add("secrets.update_by_id", update_by_id);
    routes.add("secrets.delete", delete);
    routes.add("secrets.delete_by_id", delete_by_id);
    Ok(())
}

impl Secret {
    fn view(&self) -> Value {
        json!({
            "id": self.id,
            "name": self.name,
            "create_time_ms": self.create_time_ms,
            "update_time_ms": self.update_time_ms,
        })
    }
}

#[derive(Deserialize)]
struct Create {
    name: String,
    value: String,
}

async fn create(call: Call) -> Answer {
    let Create { name, value } = call.body()?;
    check_name(&name)?;
    check_value(&value)?;
    let now = call.app.clock.now_ms();
    let id = call.app.ids.next("sec");
    let secret = Secret { id, name, value: Hidden(value), create_time_ms: now, update_time_ms: now };
    let view = secret.view();
    let name = secret.name.clone();
    call.app.state::<Secrets>().records.add_if(secret, |all| {
        let taken = all.iter().any(|other| other.name == name);
        let message = || format!("a secret named {name} exists already; update it, or choose another name");
        taken.then(|| ApiError::new(StatusCode::CONFLICT, message()))
    })?;
    Ok(json(&view))
}

/// As for an environment variable; the service also takes hyphens.
fn check_name(name: &str) -> Result<(), ApiError> {
    let part = |b: u8| b.is_ascii_alphanumeric() || b == b'_' || b == b'-';
    let begins_well = name.bytes().next().is_some_and(|b| b.is_ascii_alphabetic() || b == b'_');
    match begins_well && name.bytes().all(part) {
        true => Ok(()),
        false => Err(ApiError::bad_request(format!("name: {name:?} is no secret's name: a letter or _, then letters, digits, _ and -"))),
    }
}

fn check_value(value: &str) -> Result<(), ApiError> {
    match value.contains('\0') {
        true => Err(ApiError::bad_request("value holds a NUL, which no environment variable can")),
        false => Ok(()),
    }
}

async fn list(call: Call) -> Answer {
    let page = call.app.state::<Secrets>().records.page(&call, |_| true)?;
    Ok(json(&page.answer(&call, "secrets", Secret::view)))
}

async fn retrieve(call: Call) -> Answer {
    Ok(json(&call.app.state::<Secrets>().named(call.path("name"))?.view()))
}

async fn retrieve_by_id(call: Call) -> Answer {
    Ok(json(&call.app.state::<Secrets>().records.get(call.path("id"))?.view()))
}

#[derive(Deserialize)]
struct Update {
    value: String,
}

async fn update(call: Call) -> Answer {
    let id = call.app.state::<Secrets>().named(call.path("name"))?.id;
    replace(&call, &id)
}

async fn update_by_id(call: Call) -> Answer {
    replace(&call, call.path("id"))
}

fn replace(call: &Call, id: &str) -> Answer {
    let Update { value } = call.body()?;
    check_value(&value)?;
    let now = call.app.clock.now_ms();
    let updated = call.app.state::<Secrets>().records.update(id, |secret| {
        secret.value = Hidden(value);
        secret.update_time_ms = now;
        Ok(())
    })?;
    Ok(json(&updated.view()))
}

async fn delete(call: Call) -> Answer {
    let newest = call.app.state::<Secrets>().named(call.path("name"))?;
    call.app.state::<Secrets>().remove_all(&newest.name)?;
    Ok(json(&newest.view()))
}

async fn delete_by_id(call: Call) -> Answer {
    Ok(json(&call.app.state::<Secrets>().records.remove(call.path("id"))?.view()))
}

impl Secrets {
    fn remove_all(&self, name: &str) -> Result<(), ApiError> {
        for secret in self.records.all().iter().filter(|secret| secret.name == name) {
            self.records.remove(&secret.id)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_checked() {
        for name in ["A", "_a1", "magic-number-secret-1-2f"] {
            assert!(check_name(name).is_ok(), "{name}");
        }
        for name in ["", "1A", "-a", "A B", "Ä", "A=B", "a/b"] {
            assert!(check_name(name).is_err(), "{name}");
        }
    }

    #[test]
    fn a_value_is_not_printed() {
        let value = Hidden("do-not-show".into());
        let secret = Secret { id: "sec_1".into(), name: "N".into(), value, create_time_ms: 1, update_time_ms: 1 };
        assert!(!format!("{secret:?} {:?}", secret.view()).contains("do-not-show"));
    }
}
