use crate::bindings::model::{Field, Kind, Model};

fn model() -> Model {
    Model::read(include_str!("../../../../spec/openapi.json")).unwrap()
}

fn field<'a>(model: &'a Model, owner: &str, name: &str) -> &'a Field {
    let found = model.get(owner).unwrap_or_else(|| panic!("no struct {owner}"));
    found.fields.iter().find(|field| field.json == name).unwrap_or_else(|| panic!("no field {owner}.{name}"))
}

#[test]
fn kinds_are_what_the_description_says() {
    let model = model();
    let kind = |owner, name| field(&model, owner, name).kind.clone();
    assert_eq!(kind("DevboxCreateParams", "name"), Kind::String);
    assert_eq!(kind("DevboxCreateParams", "launch_parameters"), Kind::Struct("LaunchParameters".into()));
    assert_eq!(kind("DevboxCreateParams", "mounts"), Kind::List(Box::new(Kind::Union("Mount".into()))));
    assert_eq!(kind("DevboxCreateParams", "metadata"), Kind::Map(Box::new(Kind::String)));
    assert_eq!(kind("LaunchParameters", "keep_alive_time_seconds"), Kind::Int);
    assert_eq!(kind("LaunchParameters", "custom_cpu_cores"), Kind::Double);
    assert_eq!(kind("DevboxView", "status"), Kind::Enum("DevboxStatus".into()));
    assert_eq!(kind("DevboxListParams", "status"), Kind::Enum("DevboxStatus".into()));
    assert_eq!(kind("StateTransition", "status"), Kind::Enum("DevboxStatus".into()));
    assert_eq!(kind("ObjectMount", "type"), Kind::Const("object_mount".into()));
    assert_eq!(kind("GatewayConfigCreateParams", "auth_mechanism"), Kind::Struct("AuthMechanism".into()));
    assert_eq!(kind("AxonSqlQueryParams", "params"), Kind::List(Box::new(Kind::Raw)));
}

#[test]
fn required_and_nullable_are_kept() {
    let model = model();
    let name = field(&model, "BlueprintCreateParams", "name");
    assert!(name.required && !name.nullable);
    let context = field(&model, "BlueprintCreateParams", "build_context");
    assert!(!context.required && context.nullable);
}

#[test]
fn requests_and_answers_that_say_the_same_are_one_struct() {
    let model = model();
    let both = model.get("LaunchParameters").unwrap();
    assert!(both.sent && both.received);
    assert!(model.structs.iter().all(|found| !found.name.ends_with("Param")));
}

#[test]
fn a_struct_needs_only_those_before_it() {
    let model = model();
    for (at, found) in model.structs.iter().enumerate() {
        for field in &found.fields {
            if let Kind::Struct(name) = &field.kind {
                assert!(model.structs[..at].iter().any(|earlier| earlier.name == *name), "{}.{}", found.name, field.json);
            }
        }
    }
}

#[test]
fn names_are_used_once() {
    let model = model();
    let mut names: Vec<&str> = model.structs.iter().map(|found| found.name.as_str()).collect();
    names.extend(model.enums.iter().map(|found| found.name.as_str()));
    names.extend(model.unions.iter().map(|found| found.name.as_str()));
    let count = names.len();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), count);
}

#[test]
fn a_description_without_an_operation_is_refused() {
    let complaint = Model::read(r#"{"paths": {}}"#).unwrap_err();
    assert!(complaint.contains("apikeys.create"), "{complaint}");
}

#[test]
fn every_field_is_described() {
    let silent: Vec<String> = model()
        .structs
        .iter()
        .flat_map(|found| found.fields.iter().map(move |field| (found, field)))
        .filter(|(found, field)| !matches!(field.kind, Kind::Const(_)) && !crate::bindings::docs::has(&found.name, &field.json))
        .map(|(found, field)| format!("{}.{}", found.name, field.json))
        .collect();
    assert!(silent.is_empty(), "src/docs/fields.rs says nothing of: {silent:?}");
}
