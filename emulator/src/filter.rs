//! What a list is asked to leave out: by id, name, words and metadata.

use crate::http::Call;
use std::collections::BTreeMap;

/// How the `name` of a list's query is compared.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum ByName {
    Part,
    Start,
}

pub struct Filter {
    by_name: ByName,
    id: Option<String>,
    name: Option<String>,
    /// In lower case.
    search: Option<String>,
    /// Each key with the values that will do.
    metadata: Vec<(String, Vec<String>)>,
}

impl Filter {
    pub fn of(call: &Call, by_name: ByName) -> Filter {
        let given = |name| call.query(name).filter(|value| !value.is_empty());
        Filter {
            by_name,
            id: given("id").map(str::to_string),
            name: given("name").map(str::to_string),
            search: given("search").map(str::to_lowercase),
            metadata: call.query_pairs().filter_map(|(name, value)| wanted_metadata(name, value)).collect(),
        }
    }

    pub fn takes(&self, id: &str, name: Option<&str>) -> bool {
        let name = name.unwrap_or_default();
        let named = |wanted: &String| match self.by_name {
            ByName::Part => name.contains(wanted.as_str()),
            ByName::Start => name.starts_with(wanted.as_str()),
        };
        let found = |words: &String| id.to_lowercase().contains(words.as_str()) || name.to_lowercase().contains(words.as_str());
        self.id.as_ref().is_none_or(|wanted| wanted == id) && self.name.as_ref().is_none_or(named) && self.search.as_ref().is_none_or(found)
    }

    pub fn takes_metadata(&self, metadata: &BTreeMap<String, String>) -> bool {
        let has = |(key, values): &(String, Vec<String>)| metadata.get(key).is_some_and(|value| values.contains(value));
        self.metadata.iter().all(has)
    }
}

/// `metadata[key]=value` and `metadata[key][in]=one,another`.
fn wanted_metadata(name: &str, value: &str) -> Option<(String, Vec<String>)> {
    let inside = name.strip_prefix("metadata[")?;
    if let Some(key) = inside.strip_suffix("][in]") {
        return Some((key.to_string(), value.split(',').map(str::to_string).collect()));
    }
    Some((inside.strip_suffix(']')?.to_string(), vec![value.to_string()]))
}

#[cfg(test)]
mod tests {
    use super::wanted_metadata;

    #[test]
    fn metadata_is_asked_for_in_two_spellings() {
        let wanted = |name, value| wanted_metadata(name, value);
        assert_eq!(wanted("metadata[team]", "a,b"), Some(("team".into(), vec!["a,b".into()])));
        assert_eq!(wanted("metadata[team][in]", "a,b"), Some(("team".into(), vec!["a".into(), "b".into()])));
        assert_eq!(wanted("metadata", "a"), None);
        assert_eq!(wanted("limit", "1"), None);
    }
}
