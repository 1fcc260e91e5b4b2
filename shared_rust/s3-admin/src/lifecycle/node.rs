//! A place in a JSON document: each check gives its value, or the problem that points at it (RFC 6901).

use crate::problem::Problem;
use serde_json::{Map, Value};
use std::fmt::Display;
use std::ops::RangeInclusive;

pub struct Node<'body> {
    pointer: String,
    value: &'body Value,
}

impl<'body> Node<'body> {
    pub fn new(pointer: impl Into<String>, value: &'body Value) -> Self {
        Self {
            pointer: pointer.into(),
            value,
        }
    }

    /// The problem that this place breaks `rule`.
    pub fn breaks(&self, rule: impl Display) -> Problem {
        Problem::bad_request(format!("{} {rule}", self.pointer))
    }

    /// An object with none but `known` members.
    pub fn object(&self, known: &[&str]) -> Result<Members<'_, 'body>, Problem> {
        let members = self.any_object()?;
        let unknown = members.keys().filter(|name| !known.contains(&&***name));
        match unknown.min() {
            Some(name) => Err(self.below(name, self.value).breaks("is unknown")),
            None => Ok(Members {
                node: self,
                members,
            }),
        }
    }

    pub fn any_object(&self) -> Result<&'body Map<String, Value>, Problem> {
        let object = self.value.as_object();
        object.ok_or_else(|| self.breaks("must be an object"))
    }

    pub fn items(&self) -> Result<Vec<Self>, Problem> {
        let array = self.value.as_array();
        let array = array.ok_or_else(|| self.breaks("must be an array"))?;
        let below = |(index, item): (usize, &'body Value)| self.below(&index.to_string(), item);
        Ok(array.iter().enumerate().map(below).collect())
    }

    pub fn text(&self) -> Result<&'body str, Problem> {
        let text = self.value.as_str();
        let text = text.ok_or_else(|| self.breaks("must be a string"))?;
        // XML, which S3 takes rules in, has no way to write them.
        let unwritable = |c: char| c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}');
        if text.contains(unwritable) {
            return Err(self.breaks("must not hold control characters"));
        }
        Ok(text)
    }

    pub fn one_of(&self, choices: &[&str]) -> Result<String, Problem> {
        let chosen = self.value.as_str().filter(|text| choices.contains(text));
        let refused = || self.breaks(format_args!("must be one of {}", choices.join(", ")));
        chosen.map(str::to_owned).ok_or_else(refused)
    }

    pub fn truth(&self) -> Result<bool, Problem> {
        let truth = self.value.as_bool();
        truth.ok_or_else(|| self.breaks("must be true or false"))
    }

    pub fn whole_number<T: TryFrom<i64> + PartialOrd + Display>(
        &self,
        range: RangeInclusive<T>,
    ) -> Result<T, Problem> {
        let number = self
            .value
            .as_i64()
            .and_then(|number| T::try_from(number).ok());
        number
            .filter(|number| range.contains(number))
            .ok_or_else(|| {
                let (from, to) = (range.start(), range.end());
                self.breaks(format_args!("must be a whole number from {from} to {to}"))
            })
    }

    fn below<'other>(&self, name: &str, value: &'other Value) -> Node<'other> {
        let escaped = name.replace('~', "~0").replace('/', "~1");
        Node::new(format!("{}/{escaped}", self.pointer), value)
    }
}

pub struct Members<'node, 'body> {
    node: &'node Node<'body>,
    members: &'body Map<String, Value>,
}

impl<'body> Members<'_, 'body> {
    pub fn get(&self, name: &str) -> Option<Node<'body>> {
        let value = self.members.get(name)?;
        Some(self.node.below(name, value))
    }

    pub fn required(&self, name: &str) -> Result<Node<'body>, Problem> {
        let missing = || self.node.below(name, self.node.value).breaks("is required");
        self.get(name).ok_or_else(missing)
    }

    /// The member that is there, when exactly one of `names` is.
    pub fn exactly_one(
        &self,
        names: &[&'static str],
    ) -> Result<(&'static str, Node<'body>), Problem> {
        let there = |name: &&'static str| Some((*name, self.get(name)?));
        let mut found = names.iter().filter_map(there);
        match (found.next(), found.next()) {
            (Some(one), None) => Ok(one),
            _ => {
                let names = names.join(", ");
                Err(self
                    .node
                    .breaks(format_args!("must have exactly one of {names}")))
            }
        }
    }
}
