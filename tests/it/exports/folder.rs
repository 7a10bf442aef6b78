//! A folder with a lab on which every export has a sound request: web runs and is reached by Data Exchange, the creation of db
//! was begun.

use std::fs;
use std::path::{Path, PathBuf};

use ragnatramp::config::names::VmNames;
use ragnatramp::ffi::{self, Status};
use serde_json::{Value, json};
use tempfile::TempDir;

use super::{Arguments, EXPORTS, Export, lent, taken};

const NOW: &str = "2026-11-23T08:00:00.000Z";
const WEB: &str = "5A1D0000-0000-4000-8000-000000000001";
const DEFAULT_SWITCH: &str = "c08cb7b8-9b3c-408e-8e30-5e16a3aeb444";

/// The folder; it is gone with this.
pub(crate) struct Folder {
    folder: TempDir,
    settings: &'static str,
}

impl Folder {
    /// `settings` are more lines of the config's settings.
    pub(crate) fn new(folder: TempDir, settings: &'static str) -> Self {
        let folder = Folder { folder, settings };
        fs::create_dir(folder.at(".ragnatramp")).expect("a folder");
        fs::write(folder.at("web.yaml"), "#cloud-config\n").expect("a file");
        folder.reset();
        folder
    }

    /// Config, state and the files that a run makes, as they were at first.
    pub(crate) fn reset(&self) {
        let config = format!(
            "project: {{name: lab}}\ndefaults: {{base_image: b.vhd}}\nmachines:\n  - name: web\n  - name: db\n    \
             cloud_init: {{user_data: web.yaml}}\nsettings:\n  artifact_path: ./vms\n{}",
            self.settings
        );
        fs::write(self.config(), config).expect("a file");
        let state = json!({"version": 1, "configHash": "0", "configPath": self.config(), "project": "lab", "createdAt": NOW,
            "updatedAt": NOW, "vms": {"web": {"id": WEB, "name": self.vm_name("web"), "machineName": "web",
            "diskPath": self.at("vms/web.vhd"), "createdAt": NOW, "checkpoints": [{"id": "C1", "name": "clean", "createdAt": NOW}]}},
            "pending": {"db": self.intent()}});
        fs::write(self.at(".ragnatramp/state.json"), state.to_string()).expect("a file");
        fs::write(self.at("b.vhd"), "image").expect("a file");
        fs::create_dir_all(self.at("vms/db")).expect("a folder");
        for made in ["vms/db/db-seed.iso", "copy.vhd", "copy.vhd.partial"] {
            // Where there is none, nothing is to be done.
            let _ = fs::remove_file(self.at(made));
        }
        fs::write(self.at("unneeded.vhd"), "x").expect("a file");
    }

    pub(crate) fn at(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn config(&self) -> PathBuf {
        self.at("ragnatramp.yaml")
    }

    /// What differs from folder to folder, and what stands for it in a seed of a fuzz target.
    fn placeholders(&self) -> [(&'static str, String); 3] {
        let folder = self.path().to_string_lossy().into_owned();
        [("@LAB@", folder), ("@WEB@", self.vm_name("web")), ("@DB@", self.vm_name("db"))]
    }

    /// A request without what is of this folder alone.
    pub(crate) fn with_placeholders(&self, request: &[u8]) -> Vec<u8> {
        let text = String::from_utf8_lossy(request).into_owned();
        self.placeholders().iter().fold(text, |text, (name, value)| text.replace(value, name)).into_bytes()
    }

    /// A seed as a request to this folder. Bytes that are no text stay as they are.
    pub(crate) fn of_this_folder(&self, seed: &[u8]) -> Vec<u8> {
        let Ok(text) = std::str::from_utf8(seed) else { return seed.to_vec() };
        let text = text.to_owned();
        self.placeholders().iter().fold(text, |text, (name, value)| text.replace(name, value)).into_bytes()
    }

    fn vm_name(&self, machine: &str) -> String {
        VmNames::new("lab", &self.config().to_string_lossy()).of(machine)
    }

    fn intent(&self) -> Value {
        json!({"kind": "create", "vmName": self.vm_name("db"), "folder": self.at("vms/db"), "diskPath": self.at("vms/db/db.vhd"),
            "seed": {"path": self.at("vms/db/db-seed.iso"), "creationId": "5a1d0000-0000-4000-8000-0000000000ff"}, "beganAt": NOW})
    }

    fn snapshot(&self) -> Value {
        json!({
            "vms": {"id": [WEB], "name": [self.vm_name("web")], "state": ["Running"],
                "notes": [format!("ragnatramp:v0.1.0\nconfig:{}\nmanaged:true", self.config().display())],
                "processorCount": [2], "memoryStartupBytes": [2_147_483_648_u64], "generation": [1],
                "automaticCheckpoints": [false], "uptimeSeconds": [90.5]},
            "adapters": {"vmId": [WEB], "name": ["Network Adapter"], "mac": ["00155D010203"], "switchName": ["Default Switch"],
                "switchId": [DEFAULT_SWITCH], "ipAddresses": [["172.20.0.5", "172.20.0.9", "fe80::1"]]},
            "neighbours": {"ip": ["172.20.0.5"], "mac": ["00-15-5D-01-02-03"], "state": ["Permanent"],
                "interface": ["vEthernet (Default Switch)"]},
            "hostAddresses": {"ip": ["172.20.0.1"], "prefixLength": [20]},
        })
    }

    fn inventory(&self) -> Value {
        let notes = format!("ragnatramp:v0.1.0\nconfig:{}\nmanaged:true", self.config().display());
        json!({"complete": true,
            "vms": {"id": [WEB], "name": [self.vm_name("web")], "state": ["Off"], "notes": [notes], "path": [self.at("vms")],
                "generation": [2]},
            "details": [{"vmId": WEB, "processorCount": 2, "memoryStartupBytes": 2_147_483_648_u64,
                "memoryMinimumBytes": 536_870_912, "memoryMaximumBytes": 4_294_967_296_u64, "dynamicMemory": false,
                "automaticCheckpoints": true, "startAction": "Nothing", "stopAction": "Save", "secondaryStatus": null,
                "switchIds": [DEFAULT_SWITCH], "exchangeEnabled": true, "shutdownStatus": 2, "discPaths": [],
                "firmware": {"secureBoot": true, "templateId": "", "firstBootPath": ""}}],
            "drives": {"vmId": [WEB, WEB], "checkpointId": ["", "C1"], "path": [self.at("vms/web.vhd"), self.at("vms/web.vhd")]},
            "checkpoints": [{"id": "C1", "vmId": WEB, "name": "clean", "parentId": null}],
            "host": {"logicalProcessors": 8, "freeMemoryBytes": 8_589_934_592_u64, "switchIds": [DEFAULT_SWITCH]}})
    }

    /// A sound request of the export of that name. For each export that the table has there is one.
    pub(crate) fn request(&self, export: &str) -> Vec<u8> {
        let item = |name: &str, data: &str| {
            format!(
                "<INSTANCE CLASSNAME=\"Msvm_KvpExchangeDataItem\"><PROPERTY NAME=\"Data\" TYPE=\"string\"><VALUE>{data}</VALUE>\
                 </PROPERTY><PROPERTY NAME=\"Name\" TYPE=\"string\"><VALUE>{name}</VALUE></PROPERTY></INSTANCE>"
            )
        };
        let intrinsic = [item("OSName", "Debian GNU/Linux")];
        let exchange = json!([{"vmId": WEB, "enabledState": 2, "operationalStatus": 2, "intrinsicItems": intrinsic,
            "guestItems": [item("ragnatramp.guest", "v2 2.0.0 debian 12")]}]);
        let settings = json!({"texts": [item("ragnatramp.block", "v2 1 x")],
            "settings": [{"instanceId": format!("Microsoft:{WEB}\\4"), "items": [0]}]});
        let request = match export {
            "ragna_config_parse" => json!({"path": self.config()}),
            "ragna_state_repair" => json!({"path": self.config(), "dryRun": true, "bound": 1, "waited": 0}),
            "ragna_hosts_render" => json!({"peers": [{"name": "web", "ipv4": "172.20.0.5"}]}),
            "ragna_guest_media" => {
                json!({"format": "CloudInit", "files": [{"name": "install.sh", "size": 2}]})
            }
            "ragna_lab_open" => json!({"path": self.config(), "mayBegin": true}),
            "ragna_discover" => json!({"snapshot": self.snapshot(), "exchange": exchange,
                "clock": {"elapsedSeconds": 0, "timeoutSeconds": 0}}),
            "ragna_machine_status" => json!({"snapshot": self.snapshot(), "exchange": exchange, "now": NOW}),
            "ragna_watch_task" => json!({"path": self.config(), "project": "lab",
                "tasks": [{"name": "lab", "description": self.config()}]}),
            "ragna_watch_begin" | "ragna_lifecycle_begin" => json!({}),
            "ragna_watch" => json!({"mark": "0", "seconds": 60}),
            "ragna_diff" => json!({"allowPartial": true, "dryRun": false, "waitedSeconds": 1.5, "now": NOW}),
            "ragna_state_record" => json!({"bound": 1, "waited": 0}),
            "ragna_guest_transports" => {
                json!({"transport": "KeyValuePair", "hasCredential": false, "exchangeFailure": null})
            }
            "ragna_guest_previews" => json!({"settings": settings}),
            "ragna_hosts_merge" => return b"127.0.0.1 localhost\n127.0.1.1 web\n".to_vec(),
            "ragna_hosts_warnings" => json!({"machineName": "web"}),
            "ragna_guest_updates" => {
                json!({"machineNames": ["web"], "settings": settings, "exchange": exchange})
            }
            "ragna_guest_acknowledgements" => {
                json!({"exchange": exchange, "failed": [], "wait": {"bound": 5, "waited": 5}})
            }
            "ragna_ssh_config" => json!({"dryRun": false}),
            "ragna_report" => json!({"guests": []}),
            "ragna_lifecycle_plan" => json!({"inventory": self.inventory(), "machineNames": ["web", "db"],
                "goal": {"kind": "checkpoint", "name": "x", "type": "Production"}}),
            "ragna_lifecycle_preflight" => json!({"inventory": self.inventory(), "machineNames": ["db"],
                "systemAccess": {"folder": self.path(), "granted": true}}),
            "ragna_lifecycle_record" => {
                json!({"machineName": "db", "change": {"kind": "begin", "intent": self.intent()},
                "vmId": null, "checkpointId": null, "bound": 1, "waited": 0})
            }
            "ragna_disk_copy" => {
                json!({"source": self.at("b.vhd"), "path": self.at("copy.vhd"), "restart": true})
            }
            "ragna_seed_write" => json!({"machineName": "db", "path": self.at("vms/db/db-seed.iso"),
                "files": [{"name": "install.sh", "size": 2}]}),
            "ragna_disk_delete" => json!({"path": self.at("unneeded.vhd"), "isFolder": false}),
            "ragna_lab_close" => return Vec::new(),
            other => panic!("no sound request for {other}"),
        };
        request.to_string().into_bytes()
    }

    /// The bytes of the files that go with the sound request.
    pub(crate) fn contents(&self, export: Export) -> &'static [u8] {
        if export.takes_contents() { b"#!" } else { b"" }
    }

    /// Opens the lab.
    pub(crate) fn open(&self) -> u64 {
        let request = self.request("ragna_lab_open");
        let mut lab = 0;
        let with = Arguments { lab: 0, opened: &raw mut lab, request: lent(&request), contents: lent(b"") };
        // SAFETY: the request and the place of the handle live through the call.
        let (status, answer) =
            taken(|data, len| unsafe { Export::Opening(ffi::ragna_lab_open).call(with, data, len) });
        assert_eq!(status, Status::Ok, "{}", String::from_utf8_lossy(&answer));
        lab
    }

    /// Opens the lab and goes as far as to where its plan is there, and its guests are about to be sent it.
    pub(crate) fn planned(&self) -> u64 {
        let lab = self.open();
        let steps = ["ragna_discover", "ragna_diff", "ragna_guest_transports", "ragna_hosts_merge"];
        for (name, export) in EXPORTS.into_iter().filter(|(name, _)| steps.contains(name)) {
            let (status, answer) = export.answer(lab, &self.request(name), b"");
            assert_eq!(status, Status::Ok, "{name}: {}", String::from_utf8_lossy(&answer));
        }
        lab
    }

    /// Calls every export once, in the order of the table and each with its sound request. `seen` takes each answer.
    pub(crate) fn run(&self, seen: impl FnMut(&str, Status, &[u8])) {
        self.run_with(|_, _| None, |_, _| true, seen);
    }

    /// The same with a hostile call: `hostile` says what an export is called with instead of what is sound, `is_called` which
    /// exports are called at all.
    pub(crate) fn run_with<'a>(
        &self,
        hostile: impl Fn(&str, Export) -> Option<(&'a [u8], &'a [u8])>,
        is_called: impl Fn(&str, Export) -> bool,
        mut seen: impl FnMut(&str, Status, &[u8]),
    ) {
        let lab = self.open();
        for (name, export) in EXPORTS.into_iter().filter(|(name, export)| is_called(name, *export)) {
            let (status, answer) = match hostile(name, export) {
                Some((request, contents)) => export.answer(lab, request, contents),
                None => export.answer(lab, &self.request(name), self.contents(export)),
            };
            seen(name, status, &answer);
        }
    }
}
