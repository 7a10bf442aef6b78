//! What lies around a config: its file, the environment, the images it names.

use std::path::{Path, PathBuf};

use crate::config_support::{VALID, environment};
use ragnatramp::config::{
    Environment, FileFinding, FileNote, MAX_BYTES, NamedFile, Platform, Variables, file_notes, load, parse,
};
use ragnatramp::error::{Code, Error};

/// A folder of this test's own, gone when the test ends.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("ragnatramp-config-{}-{name}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        Folder(folder)
    }

    fn file(&self, text: impl AsRef<[u8]>) -> PathBuf {
        let file = self.0.join("ragnatramp.yaml");
        std::fs::write(&file, text).unwrap();
        file
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn load_in_process(path: &Path) -> Result<ragnatramp::config::Config, Error> {
    load(path, &Environment::of_process(path.to_str().unwrap()))
}

#[test]
fn a_file_is_loaded_and_resolved_against_its_folder() {
    let folder = Folder::new("load");
    let file = folder.file(VALID);
    let config = load_in_process(&file).unwrap();
    assert_eq!(Path::new(&config.machines[0].base_image), folder.0.join("base.vhdx"));
    assert_eq!(Path::new(&config.config_path), file);
    assert_eq!(config.config_hash, "3fa5df95");
}

#[test]
fn what_cannot_be_read_is_told_with_its_remedy() {
    let folder = Folder::new("missing");
    let missing = load_in_process(&folder.0.join("none.yaml")).unwrap_err();
    assert_eq!(missing.code, Code::ConfigNotFound);
    assert!(missing.message.starts_with("There is no config file "), "{}", missing.message);
    assert!(missing.remedy.unwrap().contains("New-RagnaConfig"));
    let directory = load_in_process(&folder.0).unwrap_err();
    assert_eq!(directory.code, Code::ConfigNotFound);
    assert!(directory.message.ends_with("is a folder, and a config is a file"), "{}", directory.message);
    let below_file = load_in_process(&folder.file(VALID).join("ragnatramp.yaml")).unwrap_err();
    assert_eq!(below_file.code, Code::ConfigNotFound);
    assert!(below_file.remedy.is_some());
}

#[test]
fn a_file_of_the_other_ending_is_named() {
    let folder = Folder::new("ending");
    let remedy = |name: &str| load_in_process(&folder.0.join(name)).unwrap_err().remedy.unwrap();
    assert!(remedy("ragnatramp.yaml").contains("New-RagnaConfig"));
    std::fs::write(folder.0.join("ragnatramp.yml"), VALID).unwrap();
    assert_eq!(
        remedy("ragnatramp.yaml"),
        "There is a ragnatramp.yml beside it: rename that file, or name it with -Path."
    );
    assert!(remedy("lab.yaml").contains("New-RagnaConfig"));
    std::fs::write(folder.0.join("lab.yaml"), VALID).unwrap();
    assert!(remedy("lab.yml").starts_with("There is a lab.yaml beside it"));
}

#[test]
fn a_file_that_is_too_large_is_refused() {
    let folder = Folder::new("large");
    let file = folder.file(vec![b'#'; MAX_BYTES + 2]);
    let error = load_in_process(&file).unwrap_err();
    assert_eq!(error.code, Code::ConfigInvalidYaml);
    assert!(error.message.contains("at most 16 MB"), "{}", error.message);
}

fn image(platform: Platform, written: &str, variables: &[(&str, &str)]) -> String {
    let text = VALID.replace("base.vhdx", &format!("'{written}'"));
    parse(text.as_bytes(), &environment(platform, variables)).unwrap().machines.remove(0).base_image
}

#[test]
fn variables_are_replaced() {
    let variables = [("Images", r"D:\img"), ("EMPTY", ""), ("NESTED", "$EMPTY/x"), ("P(x86)", r"C:\x86")];
    let windows = |written: &str| image(Platform::Windows, written, &variables);
    assert_eq!(windows(r"%IMAGES%\b"), r"D:\img\b");
    assert_eq!(windows("$images/b"), r"D:\img/b");
    assert_eq!(windows("%P(x86)%\\b"), r"C:\x86\b");
    assert_eq!(windows("a%EMPTY%b"), r"C:\Users\dev\lab\ab");
    assert_eq!(windows("~/%EMPTY%b"), r"C:\Users\dev\b");
    assert_eq!(windows("%%EMPTY%b"), r"C:\Users\dev\lab\%b");
    // What %NAME% brings in is looked at for $NAME, as it was.
    assert_eq!(windows("%NESTED%"), "/x");
    let posix = |written: &str| image(Platform::Posix, written, &[("Images", "/img"), ("images", "/other")]);
    assert_eq!((posix("$Images/b"), posix("%images%/b")), ("/img/b".to_owned(), "/other/b".to_owned()));
}

#[test]
fn windows_paths() {
    let windows = |written: &str| image(Platform::Windows, written, &[]);
    for (written, resolved) in [
        ("b.vhdx", r"C:\Users\dev\lab\b.vhdx"),
        (r"..\img\.\b", r"C:\Users\dev\img\b"),
        ("img/b", r"C:\Users\dev\lab\img\b"),
        ("C:b", r"C:\Users\dev\lab\b"),
        ("D:b", r"D:\b"),
        (r"\b", r"\b"),
        (r"\\nas\img\b", r"\\nas\img\b"),
        ("//nas/img/b", "//nas/img/b"),
        ("D:/img/../b", "D:/img/../b"),
        ("~", r"C:\Users\dev"),
        ("~/../b", r"C:\Users\b"),
    ] {
        assert_eq!(windows(written), resolved, "{written}");
    }
}

#[test]
fn names_of_variables_have_case_only_on_posix() {
    let variables = || [("Path".to_owned(), "x".to_owned())];
    assert_eq!(Variables::new(Platform::Windows, variables()).get("PATH"), Some("x"));
    assert_eq!(Variables::new(Platform::Posix, variables()).get("PATH"), None);
    assert_eq!(Variables::new(Platform::Posix, variables()).get("Path"), Some("x"));
}

#[test]
fn without_a_home_folder_only_what_needs_it_is_a_fault() {
    let mut environment = environment(Platform::Posix, &[]);
    environment.home.clear();
    let text = VALID.replace("base.vhdx", "~/b");
    let faults = parse(text.as_bytes(), &environment).unwrap_err().faults;
    let paths: Vec<_> = faults.iter().map(|fault| fault.path.as_str()).collect();
    assert_eq!(paths, ["settings.artifact_path", "defaults.base_image"]);
    let text = format!("{VALID}settings:\n  artifact_path: vms\n");
    assert_eq!(parse(text.as_bytes(), &environment).unwrap().artifact_path, "/srv/lab/vms");
}

#[test]
fn missing_images_are_listed_once_with_their_machines() {
    let text =
        VALID.replace("- name: web", "- name: web\n  - {name: db, base_image: /there}\n  - name: queue");
    let config = parse(text.as_bytes(), &environment(Platform::Posix, &[])).unwrap();
    let mut asked = Vec::new();
    let missing = file_notes(&config, Platform::Posix, |path| {
        asked.push(path.to_owned());
        Some(path == "/there")
    });
    assert_eq!(asked, ["/srv/lab/base.vhdx", "/there"]);
    let machines = vec!["web".to_owned(), "queue".to_owned()];
    let finding = FileFinding::Missing;
    assert_eq!(
        missing,
        [FileNote { named: NamedFile::BaseImage, path: "/srv/lab/base.vhdx".to_owned(), machines, finding }]
    );
}

#[test]
fn missing_user_data_is_listed_once_after_the_images() {
    let text = VALID.replace("base.vhdx", "base.vhdx\n  cloud_init: {user_data: web.yaml}").replace(
        "- name: web",
        "- name: web\n  - {name: db, cloud_init: {user_data: ./web.yaml}}\n  - {name: queue, cloud_init: false}",
    );
    let config = parse(text.as_bytes(), &environment(Platform::Posix, &[])).unwrap();
    let mut asked = Vec::new();
    let missing = file_notes(&config, Platform::Posix, |path| {
        asked.push(path.to_owned());
        Some(path.ends_with("vhdx"))
    });
    assert_eq!(asked, ["/srv/lab/base.vhdx", "/srv/lab/web.yaml"]);
    let told: Vec<_> = missing.iter().map(ToString::to_string).collect();
    assert_eq!(told, ["There is no user-data /srv/lab/web.yaml yet; these machines need it: web, db."]);
}

#[test]
fn a_missing_answer_file_is_listed_too() {
    let text = VALID.replace("base.vhdx", "base.vhdx\n  unattend: {answer_file: web.xml}");
    let config = parse(text.as_bytes(), &environment(Platform::Posix, &[])).unwrap();
    let missing = file_notes(&config, Platform::Posix, |path| Some(path.ends_with("vhdx")));
    let told: Vec<_> = missing.iter().map(ToString::to_string).collect();
    assert_eq!(told, ["There is no answer file /srv/lab/web.xml yet; these machines need it: web."]);
}
