//! What openapi.json says, in the form that an emitter needs.
//!
//! Structs come in an order in which each needs only those before it; fields in the description's
//! order. A request's schema and an answer's that say the same are one struct.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use crate::bindings::{docs, names, operations};

const REFERENCE: &str = "#/components/schemas/";

/// All structs, enumerations and unions.
#[derive(Debug)]
pub struct Model {
    /// Each needs only those before it.
    pub structs: Vec<Struct>,
    /// By name.
    pub enums: Vec<Enum>,
    /// By name.
    pub unions: Vec<Union>,
}

/// A JSON object with known members.
#[derive(Clone, Debug)]
pub struct Struct {
    /// In camel case, such as `DevboxCreateParams`.
    pub name: String,
    /// One sentence or more; ends with a full stop.
    pub doc: String,
    /// In the description's order.
    pub fields: Vec<Field>,
    /// Whether requests hold it.
    pub sent: bool,
    /// Whether answers hold it.
    pub received: bool,
    /// Whether it is the query of a request: its values then are numbers, texts and truths alone.
    pub query: bool,
}

/// A member of an object.
#[derive(Clone, Debug)]
pub struct Field {
    /// The member's name in JSON, which is a fit name in C and Go too, in snake case.
    pub json: String,
    /// One sentence or more; ends with a full stop.
    pub doc: String,
    /// Whether a request must have it, or an answer always has it.
    pub required: bool,
    /// Whether it may be null.
    pub nullable: bool,
    /// What it holds.
    pub kind: Kind,
}

/// What a member holds.
#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    /// Text.
    String,
    /// Text that is always the same.
    Const(String),
    /// Text that is one of the named enumeration's, or one that this description does not know.
    Enum(String),
    /// A whole number.
    Int,
    /// A number.
    Double,
    /// True or false.
    Bool,
    /// An object whose members are all of one kind.
    Map(Box<Kind>),
    /// An array.
    List(Box<Kind>),
    /// The struct of the name.
    Struct(String),
    /// The union of the name.
    Union(String),
    /// Any JSON.
    Raw,
}

/// The texts that a member may hold.
#[derive(Clone, Debug)]
pub struct Enum {
    /// In camel case, such as `DevboxStatus`.
    pub name: String,
    /// One sentence; ends with a full stop.
    pub doc: String,
    /// In the description's order.
    pub values: Vec<String>,
}

/// One of several structs, told apart by a constant member.
#[derive(Clone, Debug)]
pub struct Union {
    /// In camel case, such as `Mount`.
    pub name: String,
    /// One sentence; ends with a full stop.
    pub doc: String,
    /// The member that tells them apart.
    pub tag: String,
    /// The constant, and the struct's name.
    pub choices: Vec<(String, String)>,
}

impl Model {
    /// Reads openapi.json.
    pub fn read(text: &str) -> Result<Model, String> {
        let document: Value = serde_json::from_str(text).map_err(|error| format!("spec/openapi.json: {error}"))?;
        let mut reader = Reader { document: &document, found: BTreeMap::new(), enums: BTreeMap::new(), unions: BTreeMap::new() };
        reader.operations()?;
        let Reader { found, enums, unions, .. } = reader;
        let (enums, renamed) = distinct(enums);
        let mut structs = found;
        for field in structs.values_mut().flat_map(|found| &mut found.fields) {
            rename(&mut field.kind, &renamed);
        }
        let unions: Vec<Union> = unions.into_values().collect();
        Ok(Model { structs: in_order(structs, &unions), enums, unions })
    }

    /// The struct of a name.
    #[cfg(test)]
    pub fn get(&self, name: &str) -> Option<&Struct> {
        self.structs.iter().find(|found| found.name == name)
    }
}

/// Whether what is read is a request's or an answer's.
#[derive(Clone, Copy, PartialEq)]
enum Way {
    Sent,
    Received,
}

struct Reader<'a> {
    document: &'a Value,
    found: BTreeMap<String, Struct>,
    enums: BTreeMap<String, Enum>,
    unions: BTreeMap<String, Union>,
}

impl Reader<'_> {
    fn operations(&mut self) -> Result<(), String> {
        let document = self.document;
        let mut missing: BTreeSet<&str> = operations::BODIES.iter().chain(operations::FILTERS).map(|(id, _)| *id).collect();
        for (path, methods) in members(&document["paths"]) {
            for (method, operation) in members(methods) {
                let id = operation["operationId"].as_str().unwrap_or_default();
                missing.remove(id);
                let endpoint = format!("{} {path}", method.to_uppercase());
                if let Some(name) = named(operations::BODIES, id) {
                    let schema = &operation["requestBody"]["content"]["application/json"]["schema"];
                    self.object(name, schema, Way::Sent, format!("The request body of `{endpoint}`."))?;
                }
                if let Some(name) = named(operations::FILTERS, id) {
                    self.filters(name, operation, format!("The query parameters of `{endpoint}`."))?;
                }
                for content in members(&operation["responses"]["200"]["content"]).map(|(_, content)| &content["schema"]) {
                    self.answer(content)?;
                }
            }
        }
        match missing.first() {
            Some(id) => Err(format!("spec/openapi.json has no operation {id}; tools/surface/src/operations.rs names it.")),
            None => Ok(()),
        }
    }

    /// An answer, or the items of an answer that is a page of a list.
    fn answer(&mut self, schema: &Value) -> Result<(), String> {
        let Some(reference) = schema["$ref"].as_str() else {
            return match members(&schema["properties"]).map(|(_, member)| &member["items"]).find(|items| !items["$ref"].is_null()) {
                Some(items) => self.answer(items),
                None => Ok(()),
            };
        };
        let name = reference.trim_start_matches(REFERENCE);
        if operations::NOT_GIVEN.contains(&name) {
            return self.answer(&self.document["components"]["schemas"][name]["properties"].clone());
        }
        self.kind(schema, Way::Received, "", "").map(|_| ())
    }

    fn filters(&mut self, name: &str, operation: &Value, doc: String) -> Result<(), String> {
        let mut fields = Vec::new();
        let parameters = operation["parameters"].as_array().into_iter().flatten();
        // `metadata[key]` stands for any key: it is added by its whole name. Pages are the cursor's own.
        for parameter in parameters.filter(|parameter| parameter["in"] == "query") {
            let json = parameter["name"].as_str().unwrap_or_default();
            if json.contains('[') || json == "starting_after" || json == "include_total_count" {
                continue;
            }
            let kind = self.kind(&parameter["schema"], Way::Sent, name, json)?;
            fields.push(Field {
                json: json.to_owned(),
                doc: docs::field(name, json),
                required: parameter["required"] == true,
                nullable: false,
                kind,
            });
        }
        self.found.insert(name.to_owned(), Struct { name: name.to_owned(), doc, fields, sent: true, received: false, query: true });
        Ok(())
    }

    fn kind(&mut self, schema: &Value, way: Way, owner: &str, field: &str) -> Result<Kind, String> {
        if let Some(reference) = schema["$ref"].as_str() {
            let own = reference.trim_start_matches(REFERENCE);
            let name = names::schema(own);
            let target = self.document["components"]["schemas"][own].clone();
            if target.is_null() {
                return Err(format!("spec/openapi.json refers to the schema {own}, which it does not hold."));
            }
            self.object(name, &target, way, docs::structure(name))?;
            return Ok(Kind::Struct(name.to_owned()));
        }
        if let Some(choices) = schema["anyOf"].as_array() {
            let choices: Vec<&Value> = choices.iter().filter(|choice| choice["type"] != "null").collect();
            return match choices[..] {
                [only] => self.kind(only, way, owner, field),
                _ => self.union(&choices, way, field),
            };
        }
        if let Some(texts) = schema["enum"].as_array() {
            let name = names::enumeration(owner, field);
            let values: Vec<String> = texts.iter().filter_map(Value::as_str).map(str::to_owned).collect();
            let doc = docs::enumeration(owner, field);
            return match self.enums.get(&name) {
                Some(known) if known.values != values => Err(format!("Two enumerations would be called {name}, for {owner}.{field}.")),
                Some(_) => Ok(Kind::Enum(name)),
                None => {
                    self.enums.insert(name.clone(), Enum { name: name.clone(), doc, values });
                    Ok(Kind::Enum(name))
                }
            };
        }
        if let Some(text) = schema["const"].as_str() {
            return Ok(Kind::Const(text.to_owned()));
        }
        Ok(match schema["type"].as_str() {
            Some("string") => Kind::String,
            Some("integer") => Kind::Int,
            Some("number") => Kind::Double,
            Some("boolean") => Kind::Bool,
            Some("array") => Kind::List(Box::new(self.kind(&schema["items"], way, owner, field)?)),
            Some("object") => self.map_or_object(schema, way, field)?,
            _ => Kind::Raw,
        })
    }

    fn map_or_object(&mut self, schema: &Value, way: Way, field: &str) -> Result<Kind, String> {
        if schema["properties"].is_object() {
            let name = names::camel(field);
            self.object(&name, schema, way, docs::structure(&name))?;
            return Ok(Kind::Struct(name));
        }
        if schema["additionalProperties"].is_object() {
            return Ok(Kind::Map(Box::new(self.kind(&schema["additionalProperties"], way, "", field)?)));
        }
        Ok(Kind::Raw)
    }

    /// Structs that a constant member tells apart; whatever else there may be is raw JSON.
    fn union(&mut self, choices: &[&Value], way: Way, field: &str) -> Result<Kind, String> {
        let mut told_apart = Vec::new();
        for choice in choices {
            let Kind::Struct(name) = self.kind(choice, way, "", field)? else { return Ok(Kind::Raw) };
            let constant = self.found[&name].fields.iter().find_map(|field| match &field.kind {
                Kind::Const(text) => Some((field.json.clone(), text.clone())),
                _ => None,
            });
            let Some((tag, text)) = constant else { return Ok(Kind::Raw) };
            told_apart.push((tag, text, name));
        }
        let tag = told_apart.first().map(|(tag, _, _)| tag.clone()).unwrap_or_default();
        if told_apart.iter().any(|(other, _, _)| *other != tag) {
            return Ok(Kind::Raw);
        }
        let camel = names::camel(field);
        let name = camel.strip_suffix('s').unwrap_or(&camel).to_owned();
        let choices = told_apart.into_iter().map(|(_, text, name)| (text, name)).collect();
        self.unions.insert(name.clone(), Union { name: name.clone(), doc: docs::structure(&name), tag, choices });
        Ok(Kind::Union(name))
    }

    fn object(&mut self, name: &str, schema: &Value, way: Way, doc: String) -> Result<(), String> {
        let required = schema["required"].as_array().cloned().unwrap_or_default();
        let mut fields = Vec::new();
        for (json, member) in members(&schema["properties"]) {
            fields.push(Field {
                json: json.clone(),
                doc: docs::field(name, json),
                required: required.iter().any(|name| name == json),
                nullable: member["anyOf"].as_array().is_some_and(|choices| choices.iter().any(|choice| choice["type"] == "null")),
                kind: self.kind(member, way, name, json)?,
            });
        }
        let fresh = Struct { name: name.to_owned(), doc, fields, sent: way == Way::Sent, received: way == Way::Received, query: false };
        match self.found.get_mut(name) {
            Some(known) => merge(known, fresh)?,
            None => drop(self.found.insert(name.to_owned(), fresh)),
        }
        Ok(())
    }
}

/// A request's schema and an answer's of one name are one struct: with the members of both, those
/// required that both require.
fn merge(known: &mut Struct, fresh: Struct) -> Result<(), String> {
    known.sent |= fresh.sent;
    known.received |= fresh.received;
    for field in &mut known.fields {
        field.required &= fresh.fields.iter().any(|other| other.json == field.json && other.required);
    }
    for field in fresh.fields {
        match known.fields.iter_mut().find(|other| other.json == field.json) {
            Some(other) if other.kind != field.kind => {
                return Err(format!("{}.{} is {:?} in one place and {:?} in another.", known.name, field.json, other.kind, field.kind));
            }
            Some(other) => other.nullable |= field.nullable,
            None => known.fields.push(Field { required: false, ..field }),
        }
    }
    Ok(())
}

/// Enumerations of the same texts are one, under the shortest of their names; and the names that went.
fn distinct(enums: BTreeMap<String, Enum>) -> (Vec<Enum>, BTreeMap<String, String>) {
    let mut kept: Vec<Enum> = Vec::new();
    let mut renamed = BTreeMap::new();
    let mut shortest_first: Vec<Enum> = enums.into_values().collect();
    shortest_first.sort_by_key(|found| (found.name.len(), found.name.clone()));
    for found in shortest_first {
        match kept.iter().find(|other| other.values == found.values) {
            Some(other) => drop(renamed.insert(found.name, other.name.clone())),
            None => kept.push(found),
        }
    }
    kept.sort_by(|one, other| one.name.cmp(&other.name));
    (kept, renamed)
}

fn rename(kind: &mut Kind, renamed: &BTreeMap<String, String>) {
    match kind {
        Kind::Enum(name) => {
            if let Some(new) = renamed.get(name) {
                name.clone_from(new);
            }
        }
        Kind::Map(inner) | Kind::List(inner) => rename(inner, renamed),
        _ => {}
    }
}

fn in_order(mut left: BTreeMap<String, Struct>, unions: &[Union]) -> Vec<Struct> {
    let mut ordered = Vec::new();
    while let Some(name) = left.keys().next().cloned() {
        take(&name, &mut left, unions, &mut ordered);
    }
    ordered
}

fn take(name: &str, left: &mut BTreeMap<String, Struct>, unions: &[Union], ordered: &mut Vec<Struct>) {
    let Some(found) = left.remove(name) else { return };
    for field in &found.fields {
        for needed in needs(&field.kind, unions) {
            take(&needed, left, unions, ordered);
        }
    }
    ordered.push(found);
}

/// The structs that a kind names.
fn needs(kind: &Kind, unions: &[Union]) -> Vec<String> {
    match kind {
        Kind::Struct(name) => vec![name.clone()],
        Kind::Union(name) => {
            unions.iter().filter(|union| union.name == *name).flat_map(|union| union.choices.iter().map(|(_, name)| name.clone())).collect()
        }
        Kind::Map(inner) | Kind::List(inner) => needs(inner, unions),
        _ => Vec::new(),
    }
}

fn members(object: &Value) -> impl Iterator<Item = (&String, &Value)> {
    object.as_object().into_iter().flat_map(Map::iter)
}

fn named(table: &[(&str, &'static str)], id: &str) -> Option<&'static str> {
    table.iter().find(|(known, _)| *known == id).map(|(_, name)| *name)
}
