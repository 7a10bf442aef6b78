//! What a guest and the host left for each other in Hyper-V's Data Exchange.
//!
//! Hyper-V shows it in its namespace `root\virtualization\v2`, as items that are CIM-XML texts: an INSTANCE element with
//! one PROPERTY for each of Name and Data.

use std::collections::{BTreeMap, HashMap};

use serde::Deserialize;

use crate::discovery::{GuestFacts, KvpStatus, VmId};

/// One VM's `Msvm_KvpExchangeComponent`, as PowerShell copies it.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct Component {
    /// The VM's Id (`SystemName`).
    pub vm_id: VmId,
    /// `EnabledState`: 2 is enabled, 3 disabled.
    pub enabled_state: u32,
    /// The first of `OperationalStatus`: 2 is OK, 12 No Contact.
    pub operational_status: u32,
    /// `GuestIntrinsicExchangeItems`: what the guest's daemon reports by itself.
    pub intrinsic_items: Vec<String>,
    /// `GuestExchangeItems`: what programs in the guest left there.
    pub guest_items: Vec<String>,
}

impl Component {
    /// What discovery wants to know of the guest.
    pub fn facts(&self) -> GuestFacts {
        GuestFacts { vm_id: self.vm_id.clone(), kvp_status: self.kvp_status(), os_name: self.os_name() }
    }

    /// Whether the guest's daemon answers.
    pub fn kvp_status(&self) -> KvpStatus {
        match (self.enabled_state, self.operational_status) {
            (3, _) => KvpStatus::Disabled,
            // 3 is "degraded": the daemon answers in an older version of the protocol.
            (_, 2 | 3) => KvpStatus::Ok,
            (_, 12 | 13) => KvpStatus::NoContact,
            _ => KvpStatus::Unknown,
        }
    }

    /// What the guest calls its system, as in `Debian GNU/Linux` or `Windows 11 Pro`.
    pub fn os_name(&self) -> Option<String> {
        named(&self.intrinsic_items, "OSName").next().filter(|os| !os.is_empty())
    }

    /// What programs in the guest left there by that name, the last where there are several.
    pub(super) fn guest_item(&self, name: &str) -> Option<String> {
        named(&self.guest_items, name).last()
    }
}

/// The values of the items of that name. Reading XML takes long, and a name of letters, digits and points stands in it as it is.
fn named<'a>(texts: &'a [String], name: &'a str) -> impl Iterator<Item = String> + 'a {
    let candidates = texts.iter().filter(move |text| text.contains(name));
    candidates.filter_map(|text| read_item(text)).filter(move |item| item.0 == name).map(|(_, value)| value)
}

/// What the host left for the guests, as PowerShell copies it from `Msvm_KvpExchangeComponentSettingData`. The guests of a
/// lab have the same items but for one, so each text is there once.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct HostSettings {
    /// The texts of all `HostExchangeItems`.
    pub texts: Vec<String>,
    /// One for each VM.
    pub settings: Vec<Setting>,
}

/// Which items a VM has.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Setting {
    /// `InstanceID`: `Microsoft:<the VM's Id>\...`.
    pub instance_id: String,
    /// Indices into [`HostSettings::texts`]; one that is none stands for no item.
    pub items: Vec<usize>,
}

/// Items by name.
pub(super) type Items = BTreeMap<String, String>;

/// What programs in each guest left for the host.
pub(super) fn guest_items(components: &[Component]) -> HashMap<VmId, Items> {
    components.iter().map(|component| (component.vm_id.clone(), items(&component.guest_items))).collect()
}

/// What the host left for each guest.
#[derive(Debug, Default)]
pub(super) struct HostItems<'a> {
    texts: Vec<Option<(String, String)>>,
    by_vm: HashMap<VmId, &'a [usize]>,
}

impl<'a> HostItems<'a> {
    pub(super) fn read(host: &'a HostSettings) -> Self {
        let of_one = |setting: &'a Setting| {
            let rest = setting.instance_id.strip_prefix("Microsoft:")?;
            Some((rest.split('\\').next()?.into(), setting.items.as_slice()))
        };
        HostItems {
            texts: host.texts.iter().map(|text| read_item(text)).collect(),
            by_vm: host.settings.iter().filter_map(of_one).collect(),
        }
    }

    /// The items of a VM; none where the host left nothing for it.
    pub(super) fn of(&self, vm_id: &VmId) -> Items {
        let indices = self.by_vm.get(vm_id).copied().unwrap_or_default();
        indices.iter().filter_map(|index| self.texts.get(*index)?.clone()).collect()
    }
}

/// Reads items by name; texts that are none are ignored, since any program in the guest may write there.
pub fn items(texts: &[String]) -> BTreeMap<String, String> {
    texts.iter().filter_map(|text| read_item(text)).collect()
}

fn read_item(text: &str) -> Option<(String, String)> {
    let document = roxmltree::Document::parse(text).ok()?;
    let value = |name: &str| {
        let mut properties = document.root_element().children().filter(|node| node.has_tag_name("PROPERTY"));
        let property = properties.find(|node| node.attribute("NAME") == Some(name))?;
        let value = property.children().find(|node| node.has_tag_name("VALUE"))?;
        Some(value.text().unwrap_or_default().to_owned())
    };
    Some((value("Name")?, value("Data").unwrap_or_default()))
}

/// An item as a CIM-XML text (WMI's DTD 2.0); source 0 is the host.
pub fn item(name: &str, value: &str) -> String {
    let escaped = value.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    format!(
        "<INSTANCE CLASSNAME=\"Msvm_KvpExchangeDataItem\">\
         <PROPERTY NAME=\"Data\" TYPE=\"string\"><VALUE>{escaped}</VALUE></PROPERTY>\
         <PROPERTY NAME=\"Name\" TYPE=\"string\"><VALUE>{name}</VALUE></PROPERTY>\
         <PROPERTY NAME=\"Source\" TYPE=\"uint16\"><VALUE>0</VALUE></PROPERTY></INSTANCE>"
    )
}
