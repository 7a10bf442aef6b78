//! The order of the rooms: src/lib.rs lists them in the order in which data passes through them, and no room uses a later
//! one. Inside a room no two files use each other in a circle.
//!
//! What is read is the text: the paths that begin with `crate::`, `super::`, `self::` or the name of a submodule, in code
//! that is no test. A name that a module takes in with `use` is followed to the file that it comes from; a `pub use` makes
//! a name known and is no use of it. Names behind a glob count for the module that has the glob.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

/// A module as its path from the crate's root: `["guest", "media", "tree"]`.
type Module = Vec<String>;

/// One file: its code without comments and tests.
struct File {
    /// Paths in `use` declarations that are public, each down to one name.
    exported: Vec<Module>,
    /// All other paths, likewise.
    used: Vec<Module>,
    /// Names that are in scope through a `use`, and where they come from.
    names: BTreeMap<String, Module>,
}

fn source() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/src"))
}

/// The rooms of src/lib.rs in their order.
fn rooms(lib: &str) -> Vec<String> {
    let room = |line: &str| Some(line.strip_prefix("pub mod ")?.strip_suffix(';')?.to_owned());
    lib.lines().filter_map(room).collect()
}

/// The `.rs` files below `folder` by their module, without those that are only for tests.
fn read(folder: &Path, module: &[String], texts: &mut BTreeMap<Module, String>) {
    let mut entries: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    for path in entries {
        let stem = path.file_stem().unwrap().to_str().unwrap().to_owned();
        let mut inner = module.to_vec();
        if stem != "mod" {
            inner.push(stem);
        }
        if path.is_dir() {
            read(&path, &inner, texts);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            texts.insert(inner, fs::read_to_string(&path).unwrap());
        }
    }
}

/// The code of a file without comments and without what is under `#[cfg(test)]`; and the test modules that it declares.
fn code(text: &str) -> (String, Vec<String>) {
    let (mut code, mut tests) = (String::new(), Vec::new());
    let mut lines = text.lines().map(|line| line.split("//").next().unwrap());
    while let Some(line) = lines.next() {
        if line.trim() != "#[cfg(test)]" {
            code.push_str(line);
            code.push('\n');
            continue;
        }
        let item = lines.by_ref().find(|line| !line.trim().starts_with("#[")).unwrap();
        match item.trim().strip_prefix("mod ").and_then(|rest| rest.strip_suffix(';')) {
            Some(module) => tests.push(module.to_owned()),
            None if item.ends_with('{') => {
                let end = format!("{}}}", &item[..item.len() - item.trim_start().len()]);
                lines.by_ref().find(|line| *line == end).unwrap();
            }
            None => {}
        }
    }
    (code, tests)
}

/// The paths at the beginning of `text`, each down to one name, and how many bytes they take: `a::{b, c::d}` are two.
fn paths(text: &str) -> (Vec<Module>, usize) {
    let end = text.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(text.len());
    let (name, rest) = text.split_at(end);
    let Some(inner) = rest.strip_prefix("::") else {
        return if name.is_empty() { (Vec::new(), 0) } else { (vec![vec![name.to_owned()]], end) };
    };
    let (tails, length) = match inner.strip_prefix('{') {
        None => paths(inner),
        Some(mut list) => {
            let whole = list.len();
            let mut all = Vec::new();
            while !list.starts_with('}') {
                let item = list.trim_start_matches(|c: char| c.is_whitespace() || c == ',');
                let (some, length) = paths(item);
                assert!(length > 0 || item.starts_with(['}', '*']), "not understood: {item:.40}");
                all.extend(some);
                list = item[length..].trim_start_matches('*').trim_start();
            }
            (all, whole - list.len() + 2)
        }
    };
    let mut found: Vec<Module> =
        tails.into_iter().map(|tail| [vec![name.to_owned()], tail].concat()).collect();
    if found.is_empty() {
        found.push(vec![name.to_owned()]);
    }
    (found, end + 2 + length)
}

/// A path of the file `module` from the crate's root; `None` where it is of another crate.
fn absolute(module: &[String], path: &[String], children: &BTreeSet<String>) -> Option<Module> {
    let mut from = match path.first()?.as_str() {
        "crate" => Vec::new(),
        "self" | "super" => module.to_vec(),
        child if children.contains(child) => [module, &[child.to_owned()]].concat(),
        _ => return None,
    };
    for segment in path {
        if segment == "super" {
            from.pop();
        }
    }
    let names = path.iter().filter(|segment| !["crate", "self", "super"].contains(&segment.as_str()));
    from.extend(names.skip(usize::from(children.contains(&path[0]))).cloned());
    Some(from)
}

fn parse(module: &Module, code: &str, children: &BTreeSet<String>) -> File {
    let mut file = File { exported: Vec::new(), used: Vec::new(), names: BTreeMap::new() };
    let starts = ["crate", "super", "self"].into_iter().chain(children.iter().map(String::as_str));
    let starts: Vec<String> = starts.map(|start| format!("{start}::")).collect();
    let mut at = 0;
    while at < code.len() {
        let rest = &code[at..];
        let before = code[..at].chars().next_back().unwrap_or(' ');
        let is_start = !before.is_alphanumeric() && !"_:".contains(before);
        if !is_start || !starts.iter().any(|start| rest.starts_with(start.as_str())) {
            at += rest.chars().next().map_or(1, char::len_utf8);
            continue;
        }
        let (found, length) = paths(rest);
        let statement = code[..at].rsplit(['\n', ';']).next().unwrap().trim();
        at += length;
        let found = found.iter().filter_map(|path| absolute(module, path, children));
        match statement {
            "use" => {
                for path in found {
                    file.names.insert(path.last().unwrap().clone(), path.clone());
                    file.used.push(path);
                }
            }
            public if public.starts_with("pub") && public.ends_with("use") => {
                for path in found {
                    file.names.insert(path.last().unwrap().clone(), path.clone());
                    file.exported.push(path);
                }
            }
            // A visibility, as in `pub(in crate::config)`.
            visibility if visibility.ends_with("(in") => {}
            _ => file.used.extend(found),
        }
    }
    file
}

/// All files of the crate but src/lib.rs.
fn files() -> BTreeMap<Module, File> {
    let mut texts = BTreeMap::new();
    read(source(), &[], &mut texts);
    texts.remove(&vec!["lib".to_owned()]);
    let codes: BTreeMap<Module, (String, Vec<String>)> =
        texts.iter().map(|(module, text)| (module.clone(), code(text))).collect();
    let tests: BTreeSet<Module> = codes
        .iter()
        .flat_map(|(module, (_, tests))| {
            tests.iter().map(move |test| [&module[..], std::slice::from_ref(test)].concat())
        })
        .collect();
    let modules: Vec<&Module> = codes.keys().filter(|module| !tests.contains(*module)).collect();
    let children = |parent: &Module| {
        let inner =
            modules.iter().filter(|module| module.len() == parent.len() + 1 && module.starts_with(parent));
        inner.map(|module| module.last().unwrap().clone()).collect::<BTreeSet<String>>()
    };
    modules
        .iter()
        .map(|module| ((*module).clone(), parse(module, &codes[*module].0, &children(module))))
        .collect()
}

/// The file in which the end of `path` stands.
fn target(files: &BTreeMap<Module, File>, path: &[String]) -> Option<Module> {
    let depth = (1..=path.len()).rev().find(|depth| files.contains_key(&path[..*depth]))?;
    let module = path[..depth].to_vec();
    match path.get(depth).and_then(|name| files[&module].names.get(name)) {
        Some(origin) if origin != path => target(files, origin).or(Some(module)),
        _ => Some(module),
    }
}

/// A circle among `edges`, if there is one.
fn circle(edges: &BTreeMap<Module, BTreeSet<Module>>) -> Option<String> {
    let mut open: BTreeSet<&Module> = edges.keys().collect();
    // What uses no open module is on no circle.
    while let Some(free) = open.iter().find(|module| edges[**module].iter().all(|to| !open.contains(to))) {
        let free = *free;
        open.remove(free);
    }
    let mut at = *open.first()?;
    let mut way: Vec<&Module> = Vec::new();
    while !way.contains(&at) {
        way.push(at);
        at = edges[at].iter().find(|to| open.contains(to)).unwrap();
    }
    let start = way.iter().position(|module| *module == at).unwrap();
    let names: Vec<String> = way[start..].iter().chain([&at]).map(|module| module.join("/")).collect();
    Some(names.join(" -> "))
}

#[test]
fn lib_rs_lists_every_room_in_one_order() {
    let lib = fs::read_to_string(source().join("lib.rs")).unwrap();
    let rooms = rooms(&lib);
    let documented = |line: &str| Some(line.strip_prefix("//! - [`")?.split('`').next()?.to_owned());
    assert_eq!(lib.lines().filter_map(documented).collect::<Vec<_>>(), rooms, "the list in the comment");
    let files = files();
    let there: BTreeSet<&String> = files.keys().filter_map(|module| module.first()).collect();
    assert_eq!(there, rooms.iter().collect(), "the files and folders in src");
}

#[test]
fn no_room_uses_a_later_one() {
    let rooms = rooms(&fs::read_to_string(source().join("lib.rs")).unwrap());
    let place = |room: &String| rooms.iter().position(|other| other == room);
    let mut upwards = Vec::new();
    for (module, file) in files() {
        for path in file.used.iter().chain(&file.exported) {
            if place(&path[0]).is_none_or(|to| place(&module[0]).is_none_or(|from| to > from)) {
                upwards.push(format!("{} uses {}", module.join("/"), path.join("::")));
            }
        }
    }
    assert!(upwards.is_empty(), "{}", upwards.join("\n"));
}

#[test]
fn inside_a_room_no_files_use_each_other_in_a_circle() {
    let files = files();
    let mut edges: BTreeMap<String, BTreeMap<Module, BTreeSet<Module>>> = BTreeMap::new();
    for (module, file) in &files {
        let to = file.used.iter().filter(|path| path[0] == module[0]).filter_map(|path| target(&files, path));
        let to = to.filter(|to| to != module).collect();
        edges.entry(module[0].clone()).or_default().insert(module.clone(), to);
    }
    let circles: Vec<String> = edges.values().filter_map(circle).collect();
    assert!(circles.is_empty(), "{}", circles.join("\n"));
}
