# The functions of the native library and the checksums of their descriptions in include/ragnatramp.h.
# Written by `RAGNA_WRITE_HEADER=1 cargo test --test it header`.
$script:RagnaContract = @{
    ragna_lab_open = 0x637b68b9L
    ragna_lab_close = 0x4aaefcbeL
    ragna_discover = 0xff550ed5L
    ragna_diff = 0x1670f030L
    ragna_state_record = 0xa21063feL
    ragna_guest_transports = 0x99acff7bL
    ragna_guest_previews = 0x1221e3c6L
    ragna_hosts_merge = 0x28daba05L
    ragna_hosts_warnings = 0xb7502876L
    ragna_guest_updates = 0xe597fda6L
    ragna_guest_acknowledgements = 0x76c1f8d1L
    ragna_report = 0x11d1fb9bL
    ragna_machine_status = 0x65efd4b6L
    ragna_lifecycle_plan = 0x4bece1a8L
    ragna_lifecycle_preflight = 0xb5faf8ddL
    ragna_lifecycle_record = 0xad4fc71dL
    ragna_disk_copy = 0xf377b542L
    ragna_disk_delete = 0x80e9045cL
    ragna_contract_checksum = 0xb49d6a9eL
    ragna_free = 0x6710d638L
    ragna_config_parse = 0x9f2957baL
    ragna_state_repair = 0x71bd0350L
    ragna_hosts_render = 0x0910d1a0L
    ragna_guest_media = 0xe6c42a46L
}
