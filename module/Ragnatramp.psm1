# The thin half of Ragnatramp: it asks Hyper-V and talks to the person. Whatever is decided is decided in the native
# library (src/), which is bound at its first use, not here.
#
# In the packaged module tools/Build-Module.ps1 has put other text in place of the region below: the cmdlets (Public/), and
# an Import-RagnaPrivate that reads what they share (Private/) when the first of them is called. PowerShell imports modules
# on a Tab, and reading those files was most of an import.
Set-StrictMode -Version Latest
$script:RagnaModuleRoot = $PSScriptRoot
#region files
foreach ($folder in 'Private', 'Public') {
    foreach ($file in [System.IO.Directory]::GetFiles("$PSScriptRoot\$folder", '*.ps1', 'AllDirectories')) {
        . $file
    }
}
function Import-RagnaPrivate {
    # Every file has been read.
}
#endregion files
