# The thin half of Ragnatramp: it asks Hyper-V and talks to the person. Whatever is decided is decided in the native
# library (src/), which is bound at its first use, not here.
#
# In the packaged module tools/Build-Module.ps1 has put the text of the files in place of the loop below, that of Private/
# without its comments: it is read in a third of the time.
Set-StrictMode -Version Latest
$script:RagnaModuleRoot = $PSScriptRoot
#region files
foreach ($folder in 'Private', 'Public') {
    foreach ($file in [System.IO.Directory]::GetFiles("$PSScriptRoot\$folder", '*.ps1', 'AllDirectories')) {
        . $file
    }
}
#endregion files
