//! Builds: from a queued blueprint to a disk, or to the reason why there is none.

use super::build::{Build, Failed};
use super::dockerfile::{self, Dockerfile};
use super::log::Log;
use super::plan::Plan;
use super::stage::{Finished, Stage};
use super::Blueprints;
use super::Status;
use crate::app::App;
use crate::http::ApiError;
use crate::layers::Layers;
use crate::sandbox::Mode;
use std::sync::Arc;

pub fn start(app: &Arc<App>, id: String, plan: Plan) -> Result<(), ApiError> {
    let secrets = plan.secrets.values().chain(plan.tokens.values()).cloned();
    let log = Arc::new(Log::create(app, &id, secrets).map_err(ApiError::internal)?);
    let build = Build::new(app, id.clone(), plan, log);
    let (mut cancelled, end) = app.state::<Blueprints>().building.begun(&id);
    let app = app.clone();
    tokio::spawn(async move {
        let result = tokio::select! {
            result = queue(&build) => result,
            _ = cancelled.wait_for(|cancelled| *cancelled) => Err("the build was ended".to_string().into()),
        };
        build.clean_up().await;
        conclude(&build, result);
        app.state::<Blueprints>().building.forget(&id);
        Layers::collect(&app);
        end.send_replace(true);
    });
    Ok(())
}

async fn queue(build: &Build) -> Result<Finished, Failed> {
    let slots = build.app.state::<Blueprints>().building.slots.clone();
    let _slot = slots.acquire_owned().await;
    enter(build, Status::Provisioning);
    for warning in &build.plan.warnings {
        build.log.warn(warning);
    }
    let text = dockerfile(build).await?;
    let file = dockerfile::parse(&text).map_err(|why| format!("the Dockerfile cannot be read: {why}"))?;
    enter(build, Status::Building);
    if build.app.isolation.mode == Mode::Plain {
        build.log.warn(
            "plain isolation: commands run on this machine itself, and only the home directory goes into the blueprint; \
             overlay isolation builds whole disks",
        );
    }
    stages(build, &file).await
}

async fn dockerfile(build: &Build) -> Result<String, String> {
    if let Some(text) = &build.plan.dockerfile {
        return Ok(text.clone());
    }
    let path = build.context().await?.join("Dockerfile");
    let metadata = std::fs::symlink_metadata(&path).map_err(|_| "there is no dockerfile, and no Dockerfile in the build context")?;
    match metadata.is_file() {
        true => std::fs::read_to_string(path).map_err(|e| format!("the build context's Dockerfile: {e}")),
        false => Err("the build context's Dockerfile is no file".into()),
    }
}

async fn stages(build: &Build, file: &Dockerfile) -> Result<Finished, Failed> {
    let needed = file.needed();
    let mut finished: Vec<Option<Finished>> = Vec::new();
    let last = file.stages.len() - 1;
    let unknown = build.plan.arguments.keys().filter(|name| !declared(file, name));
    for name in unknown {
        build.log.warn(&format!("build argument {name} is declared by no ARG"));
    }
    for (at, wanted) in file.stages.iter().enumerate() {
        if !needed.contains(&at) {
            let name = wanted.name.clone().unwrap_or_else(|| at.to_string());
            build.log.info(&format!("stage {name} is left out: nothing is taken from it"));
            finished.push(None);
            continue;
        }
        let mut stage = Stage::begin(build, file, at, &finished).await?;
        for step in &wanted.steps {
            stage.step(step, &finished).await?;
        }
        if at == last {
            let (workdir, user) = (stage.image.workdir.clone(), stage.image.user.clone());
            for step in &build.plan.steps {
                stage.step(step, &finished).await?;
            }
            (stage.image.workdir, stage.image.user) = (workdir, user);
            stage.keep_path().await?;
        }
        finished.push(Some(stage.finish().await?));
    }
    let last = finished.pop().flatten().ok_or("there is no last stage".to_string())?;
    Ok(last)
}

fn enter(build: &Build, status: Status) {
    let _ = build.app.state::<Blueprints>().records.update(&build.id, |blueprint| {
        blueprint.status = status;
        Ok(())
    });
}

fn conclude(build: &Build, result: Result<Finished, Failed>) {
    let now = build.app.clock.now_ms();
    match &result {
        Ok(_) => build.log.info("the blueprint is built"),
        Err(failed) => build.log.error(&failed.why),
    }
    let ended = build.app.state::<Blueprints>().records.update(&build.id, |blueprint| {
        match result {
            Ok(Finished { layers, image }) => {
                blueprint.status = Status::BuildComplete;
                blueprint.build_finish_time_ms = Some(now);
                blueprint.layers = layers;
                blueprint.image = image;
            }
            Err(failed) => blueprint.fail(failed.reason, now),
        }
        Ok(())
    });
    if let Err(e) = ended {
        eprintln!("runloop-emulator: {}: {}", build.id, e.message());
    }
}

fn declared(file: &Dockerfile, name: &str) -> bool {
    let in_stages = file.stages.iter().flat_map(|stage| &stage.steps).any(|step| match &step.instruction {
        dockerfile::Instruction::Arg(arguments) => arguments.iter().any(|(argument, _)| argument == name),
        _ => false,
    });
    in_stages || file.arguments.iter().any(|(argument, _)| argument == name) || name.to_ascii_lowercase().ends_with("_proxy")
}
