//! The page's scripts in one text.
//!
//! Each file is an ECMAScript module, so that editors, linters and tests take it as it is. Inline, a module cannot import another one; so
//! each becomes a function that is called at once and returns what the module exports:
//!
//! ```js
//! const snapshot_js = (() => {
//! const { instantOf } = numbers_js; // import { instantOf } from './numbers.js';
//! class Snapshot { … }              // export class Snapshot { … }
//! return { Snapshot };
//! })();
//! ```
//!
//! That is all of it: imports and exports of one line, one name for one thing, no cycles. The tests hold the files to that.

/// A module, in the order of the list after all that it imports.
#[derive(Debug)]
pub(super) struct Module {
    name: &'static str,
    pub(super) source: &'static str,
}

macro_rules! modules {
    ($($name:literal),+ $(,)?) => {
        [$(Module { name: $name, source: include_str!(concat!("scripts/", $name, ".js")) }),+]
    };
}

pub(super) static MODULES: [Module; 38] = modules![
    // Texts and numbers.
    "json",
    "numbers",
    "label",
    // What is known of the worker.
    "family",
    "snapshot",
    "timeline",
    "event_text",
    "route",
    "stream",
    "trends",
    "span",
    "minute",
    "moments",
    "frame",
    // What is shown of it.
    "element",
    "copy",
    "sparkline",
    "row_order",
    "hold",
    "table_head",
    "table_row",
    "table",
    "columns",
    "export",
    "promql",
    "family_panel",
    "pivot",
    "pivot_panel",
    "identity_panel",
    "totals_panel",
    "limits_panel",
    "banner",
    "comparison_bar",
    "chart",
    "busiest",
    "history",
    "shortcuts",
    "main",
];

/// The modules as one module.
pub(super) fn joined(modules: &[Module]) -> String {
    let mut text = String::new();
    for module in modules {
        module.join(&mut text);
    }
    text
}

impl Module {
    fn join(&self, text: &mut String) {
        let mut exports = Vec::new();
        text.push_str("const ");
        text.push_str(self.name);
        text.push_str("_js = (() => {\n");
        for line in self.source.lines() {
            if let Some((names, module)) = imported(line) {
                text.push_str(&format!("const {names} = {module}_js;"));
            } else if let Some((declaration, name)) = exported(line) {
                exports.push(name);
                text.push_str(declaration);
            } else {
                text.push_str(line);
            }
            text.push('\n');
        }
        text.push_str(&format!("return {{ {} }};\n}})();\n\n", exports.join(", ")));
    }
}

/// The names in their braces, and the module, of `import { a, b } from './module.js';`.
fn imported(line: &str) -> Option<(&str, &str)> {
    line.strip_prefix("import ")?.strip_suffix(".js';")?.split_once(" from './")
}

/// The declaration without `export`, and the name that it declares.
fn exported(line: &str) -> Option<(&str, &str)> {
    let declaration = line.strip_prefix("export ")?;
    let name =
        declaration.split([' ', '(']).find(|word| !["async", "class", "const", "function"].contains(word))?;
    Some((declaration, name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_module_becomes_a_function_that_returns_its_exports() {
        let module = Module {
            name: "two",
            source: "import { a } from './one.js';\n\nexport const B = a;\nexport async function c() {}\nexport class D {}\n",
        };
        assert_eq!(
            joined(&[module]),
            "const two_js = (() => {\nconst { a } = one_js;\n\nconst B = a;\nasync function c() {}\nclass D {}\nreturn { B, c, D };\n})();\n\n"
        );
    }

    #[test]
    fn every_module_imports_in_one_line_what_an_earlier_one_exports() {
        for (place, module) in MODULES.iter().enumerate() {
            for line in module.source.lines().filter(|line| line.starts_with("import")) {
                let (names, from) = imported(line).unwrap_or_else(|| panic!("{}: {line}", module.name));
                let from = MODULES[..place].iter().find(|earlier| earlier.name == from);
                let from = from.unwrap_or_else(|| {
                    panic!("{} imports what does not stand before it: {line}", module.name)
                });
                let exports: Vec<_> =
                    from.source.lines().filter_map(exported).map(|(_, name)| name).collect();
                for name in names.trim_matches(['{', '}', ' ']).split(", ") {
                    assert!(
                        exports.contains(&name),
                        "{} imports {name}, which {} does not export",
                        module.name,
                        from.name
                    );
                }
            }
        }
    }

    #[test]
    fn every_export_is_imported_somewhere() {
        for module in &MODULES {
            for (_, name) in module.source.lines().filter_map(exported) {
                let is_used = MODULES.iter().flat_map(|other| other.source.lines()).filter_map(imported).any(
                    |(names, from)| {
                        from == module.name
                            && names.trim_matches(['{', '}', ' ']).split(", ").any(|import| import == name)
                    },
                );
                assert!(is_used, "{} exports {name} for nobody", module.name);
            }
        }
    }
}
