//! Nothing left behind: what a failed or cancelled create may have begun is found and shut down.

use std::time::Duration;

use serde_json::Value;

use super::client::Client;
use crate::api::{devboxes, DevboxView, Page, PageRequest, Params};
use crate::error::{Error, SideEffect, Status};
use crate::transport::{Errand, Sending};

/// The metadata key under which a create notes whose it is.
const TAG: &str = "librunloop_create_id";
/// A devbox that has just been created is in one of these states.
const FRESH: [&str; 4] = ["queued", "provisioning", "initializing", "running"];
const PAGES: usize = 5;
const FIRST_PAUSE: Duration = Duration::from_millis(50);
const LONGEST_PAUSE: Duration = Duration::from_secs(1);

/// Marks a create, so that its devbox can be found where no identifier came back.
pub fn tag(params: &mut Params) -> String {
    let tag = uuid::Uuid::new_v4().to_string();
    let metadata = params.object_mut().entry("metadata").or_insert(Value::Null);
    if metadata.is_null() {
        *metadata = Value::Object(serde_json::Map::new());
    }
    // Metadata of another kind is for the service to refuse.
    if let Some(metadata) = metadata.as_object_mut() {
        metadata.insert(TAG.to_owned(), Value::String(tag.clone()));
    }
    tag
}

/// The identifier is not known: if a devbox may have been created, looks for it behind the
/// caller's back and shuts it down.
pub fn after_failed_create(client: &Client, error: Error, sending: Option<Sending>, tag: Option<String>) -> Error {
    if error.details().side_effect != SideEffect::Unknown {
        return error;
    }
    let Some(tag) = tag else { return error };
    client.transport().clean_up(|errand| async move {
        if let Some(id) = find(&errand, sending, &tag).await {
            shut_down(&errand, &id).await;
        }
    });
    let mut error = error.adding("If a devbox was created all the same, it is being shut down.");
    error.details_mut().cause.get_or_insert_with(|| format!("the create carried the metadata {TAG}"));
    error
}

/// The identifier is known: shuts the devbox down behind the caller's back, unless it has ended.
pub fn after_failed_wait(client: &Client, id: &str, error: Error) -> Error {
    let error = error.about(id).with_side_effect(SideEffect::Happened);
    if error.status() == Status::DevboxFailed {
        return error;
    }
    let owned = id.to_owned();
    client.transport().clean_up(|errand| async move { shut_down(&errand, &owned).await });
    error.adding(&format!("The devbox {id} is being shut down."))
}

/// Waits for the create's own answer and looks for its tag meanwhile, whichever is first.
async fn find(errand: &Errand, sending: Option<Sending>, tag: &str) -> Option<String> {
    let Some(mut sending) = sending else { return look_up_for_a_while(errand, tag).await };
    let mut pause = FIRST_PAUSE;
    loop {
        tokio::select! {
            biased;
            outcome = sending.outcome() => {
                return match outcome {
                    Ok(answer) => {
                        let value = answer.json("create").ok()?;
                        Some(DevboxView::read("create", &value).ok()?.id)
                    }
                    Err(error) if error.details().side_effect == SideEffect::None => None,
                    Err(_) => look_up_for_a_while(errand, tag).await,
                };
            }
            () = tokio::time::sleep(pause) => {
                if let Some(id) = look_up(errand, tag).await {
                    return Some(id);
                }
                pause = (pause * 2).min(LONGEST_PAUSE);
            }
        }
    }
}

/// A request whose connection broke may still be on its way through the service.
async fn look_up_for_a_while(errand: &Errand, tag: &str) -> Option<String> {
    let mut pause = FIRST_PAUSE;
    for _ in 0..6 {
        if let Some(id) = look_up(errand, tag).await {
            return Some(id);
        }
        tokio::time::sleep(pause).await;
        pause = (pause * 2).min(LONGEST_PAUSE);
    }
    None
}

async fn look_up(errand: &Errand, tag: &str) -> Option<String> {
    for status in FRESH {
        let mut page = PageRequest {
            query: vec![("status".to_owned(), status.to_owned()), ("limit".to_owned(), "100".to_owned())],
            starting_after: None,
        };
        for _ in 0..PAGES {
            let answer = errand.send(&devboxes::list(page.to_query())).await.ok()?;
            let found = Page::read("list", "devboxes", answer.json("list").ok()?).ok()?;
            let tagged = |item: &&Value| item.pointer(&format!("/metadata/{TAG}")).and_then(Value::as_str) == Some(tag);
            if let Some(item) = found.items.iter().find(tagged) {
                return Some(item.get("id")?.as_str()?.to_owned());
            }
            match found.next {
                Some(next) => page.starting_after = Some(next),
                None => break,
            }
        }
    }
    None
}

async fn shut_down(errand: &Errand, id: &str) {
    if let Ok(request) = devboxes::shutdown(id) {
        // A failure is in the log; there is nobody left to tell.
        let _ = errand.send(&request).await;
    }
}
