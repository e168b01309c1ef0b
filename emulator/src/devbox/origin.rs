//! What a devbox's disk begins as: the host's root, a blueprint's disk or a snapshot's.

use crate::app::App;
use crate::blueprint::Blueprints;
use crate::http::ApiError;
use crate::snapshot::Snapshots;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Origin {
    pub blueprint_id: Option<String>,
    pub snapshot_id: Option<String>,
    /// The blueprint that all goes back to, also by way of snapshots.
    pub source_blueprint_id: Option<String>,
    /// The uppermost first.
    pub layers: Vec<String>,
}

/// What goes for a devbox unless its creation says otherwise.
#[derive(Default)]
pub struct Defaults {
    environment: BTreeMap<String, String>,
    parameters: Map<String, Value>,
}

/// The ways to say it in a request.
#[derive(Debug, Default, Deserialize)]
pub struct Wanted {
    blueprint_id: Option<String>,
    blueprint_name: Option<String>,
    snapshot_id: Option<String>,
}

impl Wanted {
    /// The layers' gate is held until the devbox's folder names them.
    pub fn find(&self, app: &App) -> Result<(Origin, Defaults), ApiError> {
        let given = |text: &Option<String>| text.clone().filter(|text| !text.is_empty());
        let mode = app.isolation.mode;
        let blueprint = match (given(&self.blueprint_id), given(&self.blueprint_name), given(&self.snapshot_id)) {
            (None, None, None) => return Ok(Default::default()),
            (None, None, Some(id)) => {
                let snapshot = app.state::<Snapshots>().ready(&id, mode)?;
                let origin = Origin {
                    blueprint_id: None,
                    snapshot_id: Some(id),
                    source_blueprint_id: snapshot.source_blueprint_id,
                    layers: snapshot.layers,
                };
                return Ok((origin, Defaults { environment: snapshot.environment, parameters: snapshot.launch_parameters }));
            }
            (Some(id), None, None) => app.state::<Blueprints>().ready(&id, mode)?,
            (None, Some(name), None) => app.state::<Blueprints>().ready(&app.state::<Blueprints>().newest(&name)?.id, mode)?,
            _ => return Err(ApiError::bad_request("only one of blueprint_id, blueprint_name and snapshot_id can be given")),
        };
        let parameters = blueprint.launch_parameters();
        let origin = Origin {
            blueprint_id: Some(blueprint.id.clone()),
            snapshot_id: None,
            source_blueprint_id: Some(blueprint.id),
            layers: blueprint.layers,
        };
        Ok((origin, Defaults { environment: blueprint.image.environment, parameters }))
    }
}

impl Defaults {
    pub fn environment(&self, given: Option<BTreeMap<String, String>>) -> BTreeMap<String, String> {
        let mut environment = self.environment.clone();
        environment.extend(given.unwrap_or_default());
        environment
    }

    pub fn parameters(&self, given: Option<Map<String, Value>>) -> Map<String, Value> {
        let mut parameters = self.parameters.clone();
        parameters.extend(given.unwrap_or_default().into_iter().filter(|(_, value)| !value.is_null()));
        parameters
    }
}
