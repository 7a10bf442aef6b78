//! The checksum of each export's description. Written by `RAGNA_WRITE_HEADER=1 cargo test --test it header`.

/// The first four bytes of the SHA-256 of each function's comment and declaration in the header, blanks folded.
#[allow(clippy::unreadable_literal, reason = "as the header has them")]
pub const CONTRACTS: &[(&str, u32)] = &[
    ("ragna_lab_open", 0x637b68b9),
    ("ragna_lab_close", 0x4aaefcbe),
    ("ragna_discover", 0x347478b4),
    ("ragna_diff", 0x1670f030),
    ("ragna_state_record", 0xa21063fe),
    ("ragna_guest_transports", 0x99acff7b),
    ("ragna_guest_previews", 0x1221e3c6),
    ("ragna_hosts_merge", 0x28daba05),
    ("ragna_hosts_warnings", 0xb7502876),
    ("ragna_guest_updates", 0x3ef7f254),
    ("ragna_guest_acknowledgements", 0xca17f5d0),
    ("ragna_report", 0xf35024e6),
    ("ragna_machine_status", 0x2fb54028),
    ("ragna_ssh_config", 0x9966cfcd),
    ("ragna_lifecycle_begin", 0x45632f43),
    ("ragna_lifecycle_plan", 0x4bece1a8),
    ("ragna_lifecycle_preflight", 0xb5faf8dd),
    ("ragna_lifecycle_record", 0xad4fc71d),
    ("ragna_disk_copy", 0xf377b542),
    ("ragna_seed_write", 0x0bd3929c),
    ("ragna_disk_delete", 0x80e9045c),
    ("ragna_contract_checksum", 0xb49d6a9e),
    ("ragna_free", 0x6710d638),
    ("ragna_config_parse", 0xf40ffba4),
    ("ragna_state_repair", 0x71bd0350),
    ("ragna_hosts_render", 0x0910d1a0),
    ("ragna_guest_media", 0xe6c42a46),
    ("ragna_watch_begin", 0xd5b41cfb),
    ("ragna_watch", 0x2d42b97e),
    ("ragna_watch_task", 0x9f3f6199),
];

/// The checksum of the function of that name; 0 where there is none.
pub(super) fn checksum(name: &[u8]) -> u32 {
    CONTRACTS.iter().find(|(known, _)| known.as_bytes() == name).map_or(0, |(_, checksum)| *checksum)
}
