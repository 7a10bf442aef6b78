//! The JSON Schema for editors says what the code says: both judge every case that JSON can express.

use serde_json::{Map, Number, Value as Json, json};

use super::patterns::{
    DEVICE, MACHINE_NAME_LENGTH, NAME, PROJECT_NAME_LENGTH, RESOLVER_NAMES, is_resolver_name,
};
use super::yaml::{NodeId, Tree, Value, read};
use super::{Environment, Platform, Variables, parse};

/// What the code refuses and no schema can: a part of the message of each such fault.
const BEYOND_A_SCHEMA: [&str; 15] = [
    "the same as machines[",
    "but for case the same as",
    "not defined",
    "~ is the home folder",
    "in double quotes is an escape",
    "a space must",
    " is less than the ",
    " is more than the ",
    "generation 2 takes no .vhd",
    "cloud_init is for Linux and unattend for Windows",
    "Windows Setup takes a computer name of",
    "must be the name of a machine, is \"",
    "a machine cannot depend on itself",
    "a circle: ",
    "dependencies at most",
];

fn schema() -> Json {
    serde_json::from_str(include_str!("../../module/schema/ragnatramp.schema.json")).unwrap()
}

fn environment() -> Environment {
    Environment {
        config_path: "/srv/lab/ragnatramp.yaml".to_owned(),
        home: "/home/dev".to_owned(),
        platform: Platform::Posix,
        variables: Variables::new(Platform::Posix, []),
    }
}

/// How many values a document may hold once its aliases are written out.
const ROOM: usize = 2_000;

/// The value as JSON; `None` for infinite numbers, and for what holds itself or is too large.
fn as_json(tree: &Tree, node: NodeId, room: &mut usize) -> Option<Json> {
    *room = room.checked_sub(1)?;
    Some(match tree.get(node) {
        Value::Null => Json::Null,
        Value::Bool(value) => json!(value),
        Value::Number(value) if value.fract() == 0.0 && value.abs() < 1e15 => {
            json!(value.to_string().parse::<i64>().unwrap())
        }
        Value::Number(value) => Json::Number(Number::from_f64(*value)?),
        Value::Text(text) => json!(text),
        Value::List(items) => {
            Json::Array(items.iter().map(|item| as_json(tree, item.node, room)).collect::<Option<_>>()?)
        }
        Value::Map(map) => {
            let entries = map.entries.iter();
            let entries =
                entries.map(|(key, entry)| Some((key.to_string(), as_json(tree, entry.value.node, room)?)));
            Json::Object(entries.collect::<Option<Map<_, _>>>()?)
        }
    })
}

/// Names that a machine or a project cannot have, beside those of the [`resolver_names`].
const REFUSED_NAMES: [&str; 4] = ["web-", "NUL", "com1", "Lpt0"];

/// The vectors that the guest's script is tested by, too: a name, and whether it is refused.
fn resolver_names() -> Vec<(String, bool)> {
    let vectors: Json =
        serde_json::from_str(include_str!("../../tests/vectors/resolver-names.json")).unwrap();
    let case = |case: &Json| (case["name"].as_str().unwrap().to_owned(), case["refuse"].as_bool().unwrap());
    vectors["cases"].as_array().unwrap().iter().map(case).collect()
}

#[test]
fn the_names_of_name_resolution_are_those_of_the_guests_vectors() {
    let names = resolver_names();
    for (name, refuse) in &names {
        assert_eq!(is_resolver_name(name), *refuse, "{name}");
    }
    for name in RESOLVER_NAMES {
        assert!(names.iter().any(|(known, refuse)| known == name && *refuse), "no vector for {name}");
    }
}

/// Configs with each of these names.
fn refused_names() -> impl Iterator<Item = String> {
    let refused = resolver_names().into_iter().filter_map(|(name, refuse)| refuse.then_some(name));
    refused.chain(REFUSED_NAMES.map(str::to_owned)).flat_map(|name| {
        [("lab", name.as_str()), (&name, "web")].map(|(project, machine)| {
            format!("project: {{name: {project}}}\nmachines: [{{name: {machine}, base_image: b}}]\n")
        })
    })
}

fn documents() -> Vec<String> {
    let files = [
        include_str!("../../tests/vectors/config-cases.json"),
        include_str!("../../tests/vectors/config-more.json"),
        include_str!("../../tests/vectors/config-keys.json"),
    ];
    let mut documents: Vec<String> = refused_names().collect();
    for file in files {
        let vectors: Json = serde_json::from_str(file).unwrap();
        documents.extend(
            vectors["cases"]
                .as_array()
                .unwrap()
                .iter()
                .filter_map(|case| case["yaml"].as_str().map(str::to_owned)),
        );
    }
    documents
}

#[test]
fn the_schema_and_the_code_give_one_verdict() {
    let validator = jsonschema::draft7::new(&schema()).unwrap();
    let (mut valid, mut invalid, mut beyond) = (0, 0, 0);
    for text in documents() {
        let Ok((tree, root)) = read(&text) else { continue };
        let Some(document) = as_json(&tree, root.node, &mut { ROOM }) else { continue };
        let by_schema = validator.is_valid(&document);
        match parse(text.as_bytes(), &environment()) {
            Ok(_) => {
                assert!(by_schema, "{text:?}");
                valid += 1;
            }
            Err(error) => {
                let expressible =
                    |message: &str| !BEYOND_A_SCHEMA.iter().any(|beyond| message.contains(beyond));
                if error.faults.iter().any(|fault| expressible(&fault.message)) {
                    assert!(!by_schema, "{text:?}: {:?}", error.faults);
                    invalid += 1;
                } else {
                    assert!(by_schema, "{text:?}: {:?}", error.faults);
                    beyond += 1;
                }
            }
        }
    }
    assert!(
        valid > 250 && invalid > 150 && beyond > 5,
        "{valid} valid, {invalid} invalid, {beyond} beyond a schema"
    );
}

#[test]
fn the_schema_has_the_patterns_of_the_code() {
    let schema = schema();
    for (place, length) in [
        ("/properties/project/properties/name", PROJECT_NAME_LENGTH),
        ("/properties/machines/items/properties/name", MACHINE_NAME_LENGTH),
    ] {
        let name = schema.pointer(place).unwrap();
        assert_eq!((&name["pattern"], &name["maxLength"]), (&json!(NAME), &json!(length)), "{place}");
        assert_eq!(name["allOf"][0]["not"]["pattern"], json!(DEVICE), "{place}");
    }
    let any_case = |letter: char| match letter.is_ascii_alphabetic() {
        true => format!("[{letter}{}]", letter.to_ascii_uppercase()),
        false => letter.to_string(),
    };
    let names = RESOLVER_NAMES.map(|name| name.chars().map(any_case).collect::<String>());
    let machine = schema.pointer("/properties/machines/items/properties/name").unwrap();
    assert_eq!(machine["allOf"][1]["not"]["pattern"], json!(format!("^({})$", names.join("|"))));
}

#[test]
fn the_schema_is_draft_7_and_describes_every_key() {
    fn describe(path: &str, schema: &Json, root: &Json, found: &mut usize) {
        let schema = schema["$ref"].as_str().map_or(schema, |name| root.pointer(&name[1..]).unwrap());
        if let Some(properties) = schema["properties"].as_object() {
            for (key, below) in properties {
                let path = format!("{path}.{key}");
                let referred = below["$ref"].as_str().map_or(below, |name| root.pointer(&name[1..]).unwrap());
                assert!(referred["description"].as_str().is_some_and(|text| text.ends_with('.')), "{path}");
                *found += 1;
                describe(&path, below, root, found);
            }
        }
        if schema["items"].is_object() {
            describe(&format!("{path}[]"), &schema["items"], root, found);
        }
    }
    let schema = schema();
    assert!(jsonschema::draft7::meta::is_valid(&schema));
    let mut found = 0;
    describe("", &schema, &schema, &mut found);
    assert_eq!(found, 35);
}
