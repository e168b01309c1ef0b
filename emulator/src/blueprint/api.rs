//! The operations on blueprints.

use super::parameters::{without_credentials, Parameters};
use super::plan::{preview, Plan};
use super::Blueprints;
use super::{log, schedule, Blueprint, Image, Status};
use crate::app::App;
use crate::http::error::json;
use crate::http::{ApiError, Call};
use crate::layers::Layers;
use crate::part::Builder;
use crate::snapshot::Snapshots;
use axum::body::Body;
use http::Response;
use serde_json::{json, Map, Value};

type Answer = Result<Response<Body>, ApiError>;

pub fn register(builder: &mut Builder) -> Result<(), String> {
    let app = &builder.app;
    let blueprints = Blueprints::load(&app.store, app.state::<Layers>(), &app.data.path, app.clock.now_ms())?;
    builder.add(blueprints);
    builder.app.state::<Layers>().are_named_by(|app| app.state::<Blueprints>().layers());
    let routes = &mut builder.routes;
    routes.add("blueprints.create", create);
    routes.add("blueprints.retrieve", retrieve);
    routes.add("blueprints.list", list);
    routes.add("blueprints.list_public", list_public);
    routes.add("blueprints.preview", preview_of);
    routes.add("blueprints.logs", logs);
    routes.add("blueprints.delete", delete);
    Ok(())
}

/// The parameters of a request, and the blueprint that they build on.
fn read(call: &Call) -> Result<(Parameters, Option<Blueprint>), ApiError> {
    let parameters: Parameters = call.body()?;
    parameters.check()?;
    let mode = call.app.isolation.mode;
    let blueprints = &call.app.state::<Blueprints>();
    let base = match (&parameters.base_blueprint_id, &parameters.base_blueprint_name) {
        (Some(id), _) => Some(blueprints.ready(id, mode)?),
        (None, Some(name)) => Some(blueprints.ready(&blueprints.newest(name)?.id, mode)?),
        (None, None) => None,
    };
    Ok((parameters, base))
}

async fn create(call: Call) -> Answer {
    let app = &call.app;
    let _making = app.making();
    // What it is built on stays until its own record names it.
    let gate = app.state::<Layers>().gate();
    let (parameters, base) = read(&call)?;
    let secrets = parameters.secrets(app)?;
    let plan = Plan::new(&parameters, base.as_ref(), secrets);
    let blueprint = Blueprint {
        id: app.ids.next("bpt"),
        name: parameters.name.clone(),
        create_time_ms: app.clock.now_ms(),
        parameters: without_credentials(call.body::<Map<String, Value>>()?),
        status: Status::Queued,
        deleted: false,
        base_blueprint_id: base.as_ref().map(|base| base.id.clone()),
        build_finish_time_ms: None,
        failure_reason: None,
        layers: base.map(|base| base.layers).unwrap_or_default(),
        image: Image::default(),
        mode: app.isolation.mode,
    };
    let view = blueprint.view();
    let id = blueprint.id.clone();
    app.state::<Blueprints>().records.add(blueprint)?;
    drop(gate);
    schedule::start(app, id, plan)?;
    Ok(json(&view))
}

async fn retrieve(call: Call) -> Answer {
    Ok(json(&call.app.state::<Blueprints>().get(call.path("id"))?.view()))
}

async fn list(call: Call) -> Answer {
    let (name, status) = (call.query("name"), call.query("status"));
    let wanted = |blueprint: &Blueprint| {
        !blueprint.deleted
            && name.is_none_or(|name| blueprint.name == name)
            && status.is_none_or(|status| json!(blueprint.status) == status)
    };
    let page = call.app.state::<Blueprints>().records.page(&call, wanted)?;
    Ok(json(&page.answer(&call, "blueprints", Blueprint::view)))
}

/// Nobody shares an emulator: there are no public ones.
async fn list_public(call: Call) -> Answer {
    let page = call.app.state::<Blueprints>().records.page(&call, |_| false)?;
    Ok(json(&page.answer(&call, "blueprints", Blueprint::view)))
}

async fn preview_of(call: Call) -> Answer {
    let (parameters, base) = read(&call)?;
    let plan = Plan::new(&parameters, base.as_ref(), Default::default());
    Ok(json(&json!({"dockerfile": preview(&plan)})))
}

async fn logs(call: Call) -> Answer {
    let blueprint = call.app.state::<Blueprints>().get(call.path("id"))?;
    let path = log::path(&call.app.data_path(), &blueprint.id);
    let logs = tokio::task::spawn_blocking(move || log::read(&path)).await.map_err(ApiError::internal)?;
    Ok(json(&json!({"blueprint_id": blueprint.id, "logs": logs})))
}

async fn delete(call: Call) -> Answer {
    let app = &call.app;
    let id = call.path("id");
    let blueprint = app.state::<Blueprints>().get(id)?;
    refuse_while_needed(app, &blueprint)?;
    app.state::<Blueprints>().records.update(id, |blueprint| {
        blueprint.deleted = true;
        Ok(())
    })?;
    app.state::<Blueprints>().building.cancel(id).await;
    app.state::<Blueprints>().records.update(id, |blueprint| {
        blueprint.layers.clear();
        Ok(())
    })?;
    Layers::collect(app);
    Ok(json(&json!({})))
}

fn refuse_while_needed(app: &App, blueprint: &Blueprint) -> Result<(), ApiError> {
    match app.state::<Snapshots>().of_blueprint(&blueprint.id) {
        0 => Ok(()),
        count => Err(ApiError::bad_request(format!(
            "blueprint {} cannot be deleted while {count} snapshots depend on it; \
             list them by source_blueprint_id and delete them first",
            blueprint.id
        ))),
    }
}
