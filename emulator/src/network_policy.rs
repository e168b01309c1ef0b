//! Network policies: rules for what devboxes may reach, kept and checked but not enforced.

use crate::filter::{ByName, Filter};
use crate::http::error::json;
use crate::http::{ApiError, Call};
use crate::part::Builder;
use crate::records::{Record, Records};
use axum::body::Body;
use http::Response;
use serde::{Deserialize, Serialize};
use serde_json::{json, Value};
use std::net::Ipv4Addr;

type Answer = Result<Response<Body>, ApiError>;

#[derive(Clone, Serialize, Deserialize)]
pub struct NetworkPolicy {
    id: String,
    name: String,
    description: Option<String>,
    create_time_ms: i64,
    update_time_ms: i64,
    egress: Egress,
}

#[derive(Clone, Default, Serialize, Deserialize)]
struct Egress {
    allow_all: bool,
    allow_devbox_to_devbox: bool,
    allow_agent_gateway: bool,
    allow_mcp_gateway: bool,
    allow_runloop_mirrors: bool,
    allowed_hostnames: Vec<String>,
    allowed_cidrs: Vec<Cidr>,
}

#[derive(Clone, Serialize, Deserialize)]
struct Cidr {
    cidr: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    ports: Option<Vec<Port>>,
}

#[derive(Clone, Serialize, Deserialize)]
struct Port {
    port: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    end_port: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    protocol: Option<String>,
}

impl Record for NetworkPolicy {
    const KIND: &'static str = "network policy";
    fn id(&self) -> &str {
        &self.id
    }
}

pub type NetworkPolicies = Records<NetworkPolicy>;

pub fn register(builder: &mut Builder) -> Result<(), String> {
    let policies = NetworkPolicies::load(&builder.app.store)?;
    builder.add(policies);
    let routes = &mut builder.routes;
    routes.add("networkpolicies.create", create);
    routes.add("networkpolicies.retrieve", retrieve);
    routes.add("networkpolicies.update", update);
    routes.add("networkpolicies.list", list);
    routes.add("networkpolicies.delete", delete);
    Ok(())
}

/// What both a new policy and a change of one may say.
#[derive(Deserialize)]
struct Rules {
    name: Option<String>,
    description: Option<String>,
    allow_all: Option<bool>,
    allow_devbox_to_devbox: Option<bool>,
    allow_agent_gateway: Option<bool>,
    allow_mcp_gateway: Option<bool>,
    allow_runloop_mirrors: Option<bool>,
    allowed_hostnames: Option<Vec<String>>,
    allowed_cidrs: Option<Vec<Cidr>>,
}

impl Rules {
    fn check(&self) -> Result<(), ApiError> {
        if self.name.as_deref().is_some_and(|name| name.trim().is_empty()) {
            return Err(ApiError::bad_request("name must not be empty"));
        }
        let hostnames = self.allowed_hostnames.iter().flatten().enumerate();
        let wrong_host = hostnames.filter(|(_, name)| !is_hostname(name)).map(|(n, name)| {
            format!("allowed_hostnames[{n}]: {name:?} is no host name; write example.com or *.example.com, and allow_all for every host")
        });
        let cidrs = self.allowed_cidrs.iter().flatten().enumerate();
        let wrong_cidr = cidrs.filter_map(|(n, cidr)| Some(format!("allowed_cidrs[{n}].{}", cidr.complaint()?)));
        match wrong_host.chain(wrong_cidr).next() {
            Some(complaint) => Err(ApiError::bad_request(complaint)),
            None => Ok(()),
        }
    }

    fn apply(self, policy: &mut NetworkPolicy) {
        fn set<T>(place: &mut T, value: Option<T>) {
            if let Some(value) = value {
                *place = value;
            }
        }
        set(&mut policy.name, self.name);
        if self.description.is_some() {
            policy.description = self.description;
        }
        let egress = &mut policy.egress;
        set(&mut egress.allow_all, self.allow_all);
        set(&mut egress.allow_devbox_to_devbox, self.allow_devbox_to_devbox);
        set(&mut egress.allow_agent_gateway, self.allow_agent_gateway);
        set(&mut egress.allow_mcp_gateway, self.allow_mcp_gateway);
        set(&mut egress.allow_runloop_mirrors, self.allow_runloop_mirrors);
        set(&mut egress.allowed_hostnames, self.allowed_hostnames);
        set(&mut egress.allowed_cidrs, self.allowed_cidrs);
        egress.allow_devbox_to_devbox |= egress.allow_all;
    }
}

/// A name of the DNS, whose first part may be `*`.
fn is_hostname(name: &str) -> bool {
    let label = |label: &str| {
        let inside = label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
        inside && (1..=63).contains(&label.len()) && !label.starts_with('-') && !label.ends_with('-')
    };
    let rest = name.strip_prefix("*.").unwrap_or(name);
    name.len() <= 253 && rest.split('.').all(label)
}

impl Cidr {
    /// What is wrong with it, beginning with the field's name.
    fn complaint(&self) -> Option<String> {
        let Some((address, bits)) = parse_cidr(&self.cidr) else {
            return Some(format!("cidr: {:?} is no IPv4 block such as 10.12.0.0/16", self.cidr));
        };
        let mask = u32::MAX.checked_shl(32 - bits).unwrap_or(0);
        let network = Ipv4Addr::from(u32::from(address) & mask);
        if network != address {
            return Some(format!("cidr: {} has host bits set; write {network}/{bits}", self.cidr));
        }
        self.ports.iter().flatten().enumerate().find_map(|(n, port)| Some(format!("ports[{n}].{}", port.complaint()?)))
    }
}

fn parse_cidr(text: &str) -> Option<(Ipv4Addr, u32)> {
    let (address, bits) = text.split_once('/')?;
    let digits = !bits.is_empty() && bits.bytes().all(|b| b.is_ascii_digit());
    let bits: u32 = bits.parse().ok().filter(|bits| digits && *bits <= 32)?;
    Some((address.parse().ok()?, bits))
}

impl Port {
    fn complaint(&self) -> Option<String> {
        if !(1..=65535).contains(&self.port) {
            return Some("port must be between 1 and 65535".into());
        }
        match self.end_port {
            Some(end) if !(self.port..=65535).contains(&end) => Some(format!("end_port must be between {} and 65535", self.port)),
            _ => None,
        }
    }
}

fn view(policy: &NetworkPolicy) -> Value {
    json!(policy)
}

async fn create(call: Call) -> Answer {
    let rules: Rules = call.body()?;
    rules.check()?;
    let now = call.app.clock.now_ms();
    let mut policy = NetworkPolicy {
        id: call.app.ids.next("np"),
        name: String::new(),
        description: None,
        create_time_ms: now,
        update_time_ms: now,
        egress: Egress::default(),
    };
    rules.apply(&mut policy);
    let answer = view(&policy);
    call.app.state::<NetworkPolicies>().add(policy)?;
    Ok(json(&answer))
}

async fn retrieve(call: Call) -> Answer {
    Ok(json(&call.app.state::<NetworkPolicies>().get(call.path("id"))?))
}

async fn update(call: Call) -> Answer {
    let rules: Rules = call.body()?;
    rules.check()?;
    let now = call.app.clock.now_ms();
    let changed = call.app.state::<NetworkPolicies>().update(call.path("id"), |policy| {
        rules.apply(policy);
        policy.update_time_ms = now;
        Ok(())
    })?;
    Ok(json(&changed))
}

async fn list(call: Call) -> Answer {
    let filter = Filter::of(&call, ByName::Part);
    let page = call.app.state::<NetworkPolicies>().page(&call, |policy| filter.takes(&policy.id, Some(&policy.name)))?;
    Ok(json(&page.answer(&call, "network_policies", view)))
}

async fn delete(call: Call) -> Answer {
    Ok(json(&call.app.state::<NetworkPolicies>().remove(call.path("id"))?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hostnames_may_begin_with_a_star() {
        for name in ["github.com", "*.npmjs.org", "localhost", "a-b.c_d.example"] {
            assert!(is_hostname(name), "{name}");
        }
        for name in ["", "*", "*.", "a.*.com", "https://a.com", "a.com:80", "a..b", "-a.com", "a b", "a.com/x"] {
            assert!(!is_hostname(name), "{name}");
        }
    }

    #[test]
    fn blocks_are_canonical() {
        let complaint = |cidr: &str| Cidr { cidr: cidr.into(), ports: None }.complaint();
        for cidr in ["10.12.0.0/16", "0.0.0.0/0", "1.2.3.4/32"] {
            assert_eq!(complaint(cidr), None, "{cidr}");
        }
        assert_eq!(complaint("10.12.1.0/16").unwrap(), "cidr: 10.12.1.0/16 has host bits set; write 10.12.0.0/16");
        for cidr in ["10.0.0.0", "10.0.0.0/33", "10.0.0/8", "::/0", "10.0.0.0/+8", "x/8"] {
            assert!(complaint(cidr).unwrap().contains("no IPv4 block"), "{cidr}");
        }
    }
}
