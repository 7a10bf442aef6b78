# shellcheck shell=bash
# Sourced in the project's root.

# Builds the DLL and dist/Ragnatramp/VERSION, the module as it is installed.
build_module() {
    local library
    library=$(tools/windows/build-dll.sh)
    tools/pwsh -NoProfile -NonInteractive -File tools/Build-Module.ps1 -Library "Z:$library" -Destination dist/Ragnatramp >/dev/null
}
