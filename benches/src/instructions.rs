//! Instructions that a record takes, and how many it may take.

use std::collections::HashMap;
use std::error::Error;

use serde::Deserialize;

use crate::contestants::name;

/// What is to be counted.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Plan {
    /// Record by record.
    #[serde(rename = "record")]
    pub records: Vec<Record>,
}

/// One way to record.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Record {
    /// What is recorded, as the program `lap` calls it.
    pub what: String,
    /// With what.
    pub contestant: String,
    /// Instructions that it may take; any number if there is none.
    pub limit: Option<u32>,
}

/// How many one record took.
#[derive(Debug, Clone, PartialEq)]
pub struct Count {
    /// Of what.
    pub record: Record,
    /// Without the loop.
    pub instructions: f64,
}

impl Plan {
    /// The plan that is written in `text` (TOML).
    ///
    /// # Errors
    ///
    /// If it is not one; says where.
    pub fn parse(text: &str) -> Result<Self, toml::de::Error> {
        toml::from_str(text)
    }

    /// Counts each record by `count`, which tells the instructions that one takes with the loop. The loop is counted as a
    /// record of the empty contestant.
    ///
    /// # Errors
    ///
    /// The first that `count` gives.
    pub fn count(
        &self,
        mut count: impl FnMut(&Record) -> Result<f64, Box<dyn Error>>,
    ) -> Result<Vec<Count>, Box<dyn Error>> {
        let mut loops = HashMap::new();
        let mut counts = Vec::new();
        for record in &self.records {
            let empty = match loops.get(&record.what) {
                Some(empty) => *empty,
                None => {
                    let contestant = name::EMPTY.to_owned();
                    let empty = count(&Record { what: record.what.clone(), contestant, limit: None })?;
                    *loops.entry(&record.what).or_insert(empty)
                }
            };
            // To tenths: what the way into the loop and out of it takes is spread over all records.
            let instructions = ((count(record)? - empty) * 10.0).round() / 10.0;
            counts.push(Count { record: record.clone(), instructions });
        }
        Ok(counts)
    }
}

impl Count {
    /// Whether it is over its limit.
    #[must_use]
    pub fn is_over(&self) -> bool {
        self.record.limit.is_some_and(|limit| self.instructions > f64::from(limit))
    }
}

/// The instructions that callgrind says it has counted.
#[must_use]
pub fn collected(output: &str) -> Option<u64> {
    let line = output.lines().find(|line| line.contains("Collected :"))?;
    line.split_whitespace().next_back()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contestants::{OF_DELIVERIES, OF_ONE_HANDLE, OF_REQUESTS};

    #[test]
    fn the_plan_limits_each_way_of_ours_and_names_contestants_that_there_are() {
        let plan = Plan::parse(include_str!("../instructions.toml")).unwrap();
        let limited = plan.records.iter().filter(|record| record.limit.is_some());
        assert_eq!(limited.count(), 4);
        for record in plan.records {
            let names: Vec<&str> = match &*record.what {
                "requests-by-string" => OF_REQUESTS.iter().map(|contestant| contestant.name).collect(),
                "requests-by-one-handle" => OF_ONE_HANDLE.iter().map(|contestant| contestant.name).collect(),
                "deliveries" => OF_DELIVERIES.iter().map(|contestant| contestant.name).collect(),
                other => panic!("{other}"),
            };
            assert!(names.contains(&&*record.contestant), "{record:?}");
        }
        assert!(Plan::parse("[[record]]\nwhat = \"x\"\ncontestant = \"y\"\nlimt = 3").is_err());
    }

    #[test]
    fn the_loop_is_counted_once_and_subtracted_and_what_is_over_its_limit_is_told() {
        let text = "[[record]]\nwhat = \"x\"\ncontestant = \"a\"\nlimit = 7\n\
                    [[record]]\nwhat = \"x\"\ncontestant = \"b\"\nlimit = 7\n\
                    [[record]]\nwhat = \"x\"\ncontestant = \"c\"\n";
        let mut asked = Vec::new();
        let counts = Plan::parse(text).unwrap().count(|record| {
            asked.push(record.contestant.clone());
            Ok(match &*record.contestant {
                "a" => 12.003,
                "b" | "c" => 12.1,
                _ => 5.0,
            })
        });
        let counts = counts.unwrap();
        assert_eq!(counts.iter().map(Count::is_over).collect::<Vec<_>>(), [false, true, false]);
        assert_eq!(asked, [name::EMPTY, "a", "b", "c"]);
    }

    #[test]
    fn the_count_is_read_off_the_output() {
        let output = "==7== Events    : Ir\n==7== Collected : 1844622\n==7== \n";
        assert_eq!(collected(output), Some(1_844_622));
        assert_eq!(collected("valgrind: no such program"), None);
    }
}
