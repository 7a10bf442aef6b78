//! Which package makes a guest answer Hyper-V.

/// Words in what a guest calls its system, and how its daemons are installed there. The first line that fits counts.
const SYSTEMS: [(&[&str], &str); 4] = [
    (&["ubuntu", "mint"], "apt install linux-cloud-tools-virtual"),
    (&["debian"], "apt install hyperv-daemons"),
    (&["red hat", "rhel", "fedora", "centos", "rocky", "alma", "oracle"], "dnf install hyperv-daemons"),
    (&["suse", "sles"], "zypper install hyper-v"),
];

/// How to install the Hyper-V daemons in a guest that calls itself `os_name`; without a name that is known, how to do
/// it in each of the usual distributions. A sentence without its full stop.
pub fn daemon_remedy(os_name: Option<&str>) -> String {
    let name = os_name.unwrap_or_default().to_lowercase();
    if name.contains("windows") {
        return "Start the service vmickvpexchange inside the guest".to_owned();
    }
    match SYSTEMS.iter().find(|(words, _)| words.iter().any(|word| name.contains(word))) {
        Some((_, command)) => format!("Install its Hyper-V daemons inside the guest: {command}"),
        None => "Install its Hyper-V daemons inside the guest: hyperv-daemons (Debian, RHEL, Fedora), \
                 linux-cloud-tools-virtual (Ubuntu) or hyper-v (openSUSE)"
            .to_owned(),
    }
}
