# The throwaway lab: made in a folder of its own, with a project name that no other lab has, and cleared away whatever happened.

function New-ThrowawayLab {
    <#
    .OUTPUTS
        Folder, Config, Project, Artifact, Image, StatePath, Probe (the Id of a VM beside the lab, or null), CloudInit.
    #>
    [Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSUseShouldProcessForStateChangingFunctions', '', Justification = 'Makes a folder.')]
    param([Parameter(Mandatory)] [string] $Folder, [switch] $CloudInit)
    $digits = [guid]::NewGuid().ToString('N').Substring(0, 8)
    $own = [IO.Path]::Combine($Folder, "ragnatramp-real-$digits")
    $null = [IO.Directory]::CreateDirectory($own)
    [pscustomobject]@{
        Folder = $own; Config = [IO.Path]::Combine($own, 'ragnatramp.yaml'); Project = "real$digits"; Artifact = [IO.Path]::Combine($own, 'vms')
        Image = $null; StatePath = [IO.Path]::Combine($own, '.ragnatramp', 'state.json'); Probe = $null; CloudInit = [bool] $CloudInit
    }
}

function Write-BaseImage {
    # Sees to the lab's base image and writes its config. An empty disk is made where no image is given.
    param([Parameter(Mandatory)] [object] $Lab, [AllowEmptyString()] [string] $Image)
    $extra = @()
    if ($Image) {
        $Lab.Image = $ExecutionContext.SessionState.Path.GetUnresolvedProviderPathFromPSPath($Image)
        if ($Lab.CloudInit) { $extra += '  cloud_init: true' }
    } else {
        $Lab.Image = [IO.Path]::Combine($Lab.Folder, 'empty.vhdx')
        $null = Hyper-V\New-VHD -Path $Lab.Image -SizeBytes 64MB -Dynamic
        $extra += '  generation: 2', '  secure_boot: off'
    }
    $lines = @('project:', "  name: $($Lab.Project)", 'defaults:', '  cpu: 1', "  memory: $(if ($Image) { 2048 } else { 512 })", "  base_image: '$($Lab.Image.Replace("'", "''"))'") + $extra +
    @('machines:', '  - name: web', '  - name: db', 'settings:', "  artifact_path: '$($Lab.Artifact.Replace("'", "''"))'")
    [IO.File]::WriteAllText($Lab.Config, ($lines -join "`n") + "`n", [Text.UTF8Encoding]::new($false))
    if ($Image) { 'given' } else { 'an empty disk of 64 MB' }
}

function Get-LabVM {
    # The VMs of the lab, and the probe: by name and folder, never by name alone.
    param([Parameter(Mandatory)] [object] $Lab, [string] $Machine = '*')
    Hyper-V\Get-VM | Where-Object {
        $isOwn = $_.Name -like "$($Lab.Project)-$Machine-*" -or ($Machine -eq '*' -and $_.Name -like "$($Lab.Project)-probe*")
        $isOwn -and "$($_.Path)".StartsWith($Lab.Folder, [StringComparison]::OrdinalIgnoreCase)
    }
}

function Remove-ThrowawayLab {
    # Removes what is left of the lab, with the module where that works and without it where it does not, and says what stayed.
    [Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSUseShouldProcessForStateChangingFunctions', '', Justification = 'It is the end of a throwaway lab.')]
    param([Parameter(Mandatory)] [object] $Lab)
    $trouble = @()
    try {
        if ([IO.File]::Exists($Lab.StatePath)) { $null = Remove-RagnaMachine -Path $Lab.Config -Force -ErrorAction Stop 3>$null 6>$null }
    } catch { $trouble += "Remove-RagnaMachine: $(Get-ErrorText -Record $_)" }
    try {
        foreach ($vm in @(Get-LabVM -Lab $Lab)) {
            $trouble += "$($vm.Name) was still there"
            if ("$($vm.State)" -ne 'Off') { Hyper-V\Stop-VM -VM $vm -TurnOff -Force -Confirm:$false }
            Hyper-V\Get-VMSnapshot -VM $vm | ForEach-Object { Hyper-V\Remove-VMSnapshot -VMSnapshot $_ -Confirm:$false }
            Hyper-V\Remove-VM -VM $vm -Force -Confirm:$false
        }
    } catch { $trouble += Get-ErrorText -Record $_ }
    # A merge, or a process of Hyper-V that ends, may hold a disk for a while longer.
    for ($attempt = 1; [IO.Directory]::Exists($Lab.Folder) -and $attempt -le 60; $attempt++) {
        try { [IO.Directory]::Delete($Lab.Folder, $true) } catch [IO.IOException], [UnauthorizedAccessException] { Start-Sleep -Milliseconds 500 }
    }
    if ([IO.Directory]::Exists($Lab.Folder)) { $trouble += "the folder $($Lab.Folder) is left" }
    $result = if ($trouble.Count -eq 0) { 'passed' } else { 'failed' }
    Add-Row -Name 'Everything is cleared away' -Result $result -Detail ($trouble -join '; ')
}

function New-Probe {
    # Makes the probe: a VM without a system beside the lab, for questions to Hyper-V itself. Returns it.
    [Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSUseShouldProcessForStateChangingFunctions', '', Justification = 'Part of the throwaway lab.')]
    param([Parameter(Mandatory)] [object] $Lab)
    $vm = Hyper-V\New-VM -Name "$($Lab.Project)-probe" -Path ([IO.Path]::Combine($Lab.Folder, 'probe')) -NoVHD -Generation 2 -MemoryStartupBytes 512MB
    $Lab.Probe = $vm.Id
    $vm
}

function Remove-Probe {
    [Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSUseShouldProcessForStateChangingFunctions', '', Justification = 'Part of the throwaway lab.')]
    param([Parameter(Mandatory)] [object] $Lab)
    $vm = Hyper-V\Get-VM -Id $Lab.Probe
    if ("$($vm.State)" -ne 'Off') { Hyper-V\Stop-VM -VM $vm -TurnOff -Force -Confirm:$false }
    Hyper-V\Remove-VM -VM $vm -Force -Confirm:$false
    $Lab.Probe = $null
}
