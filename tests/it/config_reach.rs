//! A config of a stranger is only read: nothing on the network, no device and no pipe is opened for a check of it.

use std::cell::RefCell;
#[cfg(unix)]
use std::path::Path;
#[cfg(unix)]
use std::time::Duration;

use crate::config_support::{VALID, environment};
use ragnatramp::config::{Config, FileFinding, Platform, file_notes, parse};
#[cfg(unix)]
use ragnatramp::config::{is_file_here, load};
use ragnatramp::error::{Code, Error};

const VARIABLES: [(&str, &str); 6] = [
    ("TOKEN", "s3cret"),
    ("HOMESHARE", r"\\files\home"),
    ("LOGONSERVER", r"\\DC01"),
    ("SLASH", r"\"),
    ("NETWORK", r"\\"),
    ("IMAGES", r"D:\Images"),
];

fn with_image(path: &str) -> Result<Config, Error> {
    let text = VALID.replace("base.vhdx", &format!("'{path}'"));
    parse(text.as_bytes(), &environment(Platform::Windows, &VARIABLES))
}

#[test]
fn an_image_on_the_network_is_not_looked_at() {
    for path in [
        r"\\nas\images\debian.vhdx",
        "//nas/images/debian.vhdx",
        r"\/nas\images\debian.vhdx",
        r"/\nas\images\debian.vhdx",
        r"\\?\UNC\nas\images\debian.vhdx",
        r"//?/unc/nas/images/debian.vhdx",
        r"\\.\UNC\nas\images\debian.vhdx",
        r"\??\UNC\nas\images\debian.vhdx",
        r"\\nas\images\%TOKEN%.vhdx",
        r"%HOMESHARE%\debian.vhdx",
        r"$env:HOMESHARE\debian.vhdx",
        r"\\\nas\images\debian.vhdx",
        r"\\nas",
    ] {
        let config = with_image(path).unwrap_or_else(|error| panic!("{path}: {:?}", error.faults));
        let notes = file_notes(&config, Platform::Windows, |touched| panic!("{touched} was touched"));
        assert_eq!(notes.len(), 1, "{path}");
        assert_eq!(notes[0].finding, FileFinding::NotLookedAt, "{path}");
        assert!(notes[0].to_string().contains("on the network and was not looked at"), "{}", notes[0]);
    }
    for path in
        [r"%IMAGES%\a.vhdx", r"\\?\C:\images\a.vhdx", r"\\?\Volume{0b5a6b7e-0000}\a.vhdx", r"\images\a.vhdx"]
    {
        let config = with_image(path).unwrap_or_else(|error| panic!("{path}: {:?}", error.faults));
        let asked = RefCell::new(0);
        let notes = file_notes(&config, Platform::Windows, |_| {
            *asked.borrow_mut() += 1;
            Some(true)
        });
        assert!(notes.is_empty() && asked.into_inner() == 1, "{path}: a file of this machine is looked at");
    }
}

#[test]
fn a_server_or_share_that_is_put_together_of_variables_is_a_fault() {
    for path in [
        r"\\%TOKEN%.evil.example\share\a.vhdx",
        r"\\evil.example\%TOKEN%\a.vhdx",
        r"//evil.example/${env:TOKEN}/a.vhdx",
        r"\\$TOKEN\share\a.vhdx",
        r"\\%TOKEN%",
        r"\\?\UNC\evil.example\%TOKEN%\a.vhdx",
        r"\\.\UNC\%TOKEN%.evil.example\share\a.vhdx",
        r"%LOGONSERVER%.evil.example\share\a.vhdx",
        r"%LOGONSERVER%%TOKEN%\share\a.vhdx",
        r"%HOMESHARE%%TOKEN%\a.vhdx",
        r"\%SLASH%evil%TOKEN%\share\a.vhdx",
        r"%NETWORK%evil\%TOKEN%\a.vhdx",
        r"%SLASH%\%TOKEN%.evil\share",
    ] {
        let error = with_image(path).expect_err(path);
        assert_eq!(error.code, Code::ConfigValidationFailed, "{path}");
        let message = &error.faults[0].message;
        assert!(message.contains("may not be put together of variables"), "{path}: {message}");
        assert!(!format!("{error:?}").contains("s3cret"), "{path}: {error:?}");
    }
}

#[test]
fn devices_and_pipes_are_a_fault() {
    for path in [
        r"\\.\pipe\x",
        r"\\?\pipe\x",
        r"\\nas\pipe\x",
        r"\\?\UNC\nas\PIPE\x",
        r"\\nas\mailslot\x",
        r"\\?\GLOBALROOT\Device\Harddisk0\Partition1\a.vhdx",
        r"\\.\PhysicalDrive0",
        r"//./PhysicalDrive0",
        r"\??\GLOBALROOT\Device\Mup\evil\share",
        r"\\.\COM1",
        "NUL",
        "con",
        r"C:\images\nul.vhdx",
        r"C:\images\AUX .vhdx",
        r"C:\aux\a.vhdx",
        r"C:\images\COM1:",
        r"C:\images\lpt².vhdx",
        "CONIN$",
        r"\\?\C:\images\prn",
    ] {
        let error = with_image(path).expect_err(path);
        assert_eq!(error.faults[0].message, "it names a device or a pipe, not a file", "{path}");
    }
    for path in ["console.vhdx", "com10.vhdx", "null.vhdx", "nul-a.vhdx", "auxiliary.vhdx"] {
        assert!(with_image(path).is_ok(), "{path}");
    }
    assert!(parse(VALID.replace("base.vhdx", "con").as_bytes(), &environment(Platform::Posix, &[])).is_ok());
}

#[cfg(unix)]
#[test]
fn a_link_is_not_followed_into_the_network() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let link = |target: &str, name: &str| std::os::unix::fs::symlink(target, at(name)).unwrap();
    std::fs::write(at("there.vhdx"), "x").unwrap();
    link("there.vhdx", "one.vhdx");
    link("one.vhdx", "two.vhdx");
    link(r"\\evil.example\share\x.vhdx", "out.vhdx");
    link("out.vhdx", "further.vhdx");
    link(r"\\evil.example\share", "folder");
    link("round.vhdx", "round.vhdx");
    let look = |name: &str| is_file_here(&at(name), Platform::Windows);
    assert_eq!(
        (look("there.vhdx"), look("two.vhdx"), look("none.vhdx")),
        (Some(true), Some(true), Some(false))
    );
    for name in ["out.vhdx", "further.vhdx", "folder/x.vhdx", "round.vhdx"] {
        assert_eq!(look(name), None, "{name}");
    }
}

/// To read either would not end.
#[cfg(unix)]
#[test]
fn a_config_that_is_a_pipe_or_a_device_is_refused_before_it_is_opened() {
    let folder = tempfile::tempdir().unwrap();
    let pipe = folder.path().join("ragnatramp.yaml");
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    for path in [pipe.as_path(), Path::new("/dev/zero")] {
        let mut environment = environment(Platform::Posix, &[]);
        environment.config_path = path.to_str().unwrap().to_owned();
        let error = load(path, &environment).unwrap_err();
        assert_eq!(error.code, Code::ConfigNotFound);
        assert!(error.message.contains("is a device or a pipe"), "{error:?}");
        let error = ragnatramp::state::repair(path, true, Duration::ZERO, Duration::ZERO).unwrap_err();
        assert!(error.message.contains("is a device or a pipe"), "{error:?}");
    }
}
