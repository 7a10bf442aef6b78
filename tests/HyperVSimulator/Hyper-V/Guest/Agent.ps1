# A stand-in for the script that ragnatramp installs in a Linux guest: it takes the block out of pool 0, merges it into
# etc/hosts and acknowledges in pool 1, by the protocol of module/guest. The real script is tested by itself, in real shells.

$script:AgentVersion = '2.0.0'

function Get-TextDigest {
    <# .SYNOPSIS SHA-256 of a Latin-1 text, in lower case hex. #>
    param([string] $Text)
    $hash = [Security.Cryptography.SHA256]::Create()
    try { [BitConverter]::ToString($hash.ComputeHash($script:Latin1.GetBytes($Text))).Replace('-', '').ToLowerInvariant() }
    finally { $hash.Dispose() }
}

function Write-Acknowledgement {
    <# .SYNOPSIS Leaves the acknowledgement for the host. #>
    param([object] $Machine, [object] $Block, [string] $Status, [string] $Code, [string] $Text)
    $body = "v2 $Status $($Block.Digest) $($Machine.Key) $($Block.Lab) $script:AgentVersion $Code $Text"
    $check = (Get-TextDigest -Text $body).Substring(0, 8)
    Edit-GuestPool -MachineId $Machine.Id -Pool 1 -Set @{ 'ragnatramp.answer' = "$body check=$check" }
}

function Read-AgentBlock {
    <# .SYNOPSIS The block that the host left for this VM, its digest and its lab; nothing while it is not whole. #>
    param([object] $Machine)
    $items = @{}
    foreach ($item in Read-GuestPool -MachineId $Machine.Id -Pool 0) { $items[$item.Name] = $item.Value }
    if ([string] $items['ragnatramp.block'] -cnotmatch '^v2 (?<count>\d+) (?<digest>[0-9a-f]{64}) (?<vm>[0-9a-f-]{36}) (?<lab>[A-Za-z0-9-]+)$') { return }
    if ($Matches['vm'] -cne "$($Machine.Key)".ToLowerInvariant()) { return }
    $digest = $Matches['digest']
    $lab = $Matches['lab']
    $count = [int] $Matches['count']
    $block = ''
    for ($part = 0; $part -lt $count; $part++) { $block += ([string] $items["ragnatramp.block.$part"]).Replace('|', "`n") + "`n" }
    if ((Get-TextDigest -Text $block) -ceq $digest) { [pscustomobject] @{ Text = $block; Digest = $digest; Lab = $lab } }
}

function Invoke-RagnaAgent {
    <# .SYNOPSIS One run of the guest's script. #>
    param([object] $Machine)
    $block = Read-AgentBlock -Machine $Machine
    if ($null -eq $block) { return }
    if ($Machine.AgentFailure) {
        $status, $code, $text = $Machine.AgentFailure -split ' ', 3
        return Write-Acknowledgement -Machine $Machine -Status $status -Block $block -Code $code -Text $text
    }
    $path = Get-LabPath -Part 'guests', $Machine.Key, 'etc', 'hosts'
    $old = if ([IO.File]::Exists($path)) { $script:Latin1.GetString([IO.File]::ReadAllBytes($path)) } else { '' }
    $merged = Merge-HostsBlock -Text $old -Block $block.Text
    if ($merged.Lines.Count -gt 0) {
        $text = "the markers are not one ordered pair, lines $($merged.Lines -join ',')"
        return Write-Acknowledgement -Machine $Machine -Status 'refused' -Block $block -Code 'markers' -Text $text
    }
    if ($merged.Text -ceq $old) {
        $last = @(Read-GuestPool -MachineId $Machine.Id -Pool 1 | Where-Object { $_.Name -eq 'ragnatramp.answer' })
        $written = $last.Count -gt 0 -and $last[0].Value -clike "v2 synced $($block.Digest) $($Machine.Key) $($block.Lab) *"
        $status = if ($written) { 'synced' } else { 'unchanged' }
    }
    else {
        [IO.File]::WriteAllBytes($path, $script:Latin1.GetBytes($merged.Text))
        $status = 'synced'
    }
    Write-Acknowledgement -Machine $Machine -Status $status -Block $block -Code 'ok' -Text 'done'
}

function Start-GuestAgent {
    <# .SYNOPSIS What happens in a guest that was given items: its script, its ragnatramp, at once or some queries later. #>
    param([object] $Machine)
    if ($Machine.Agent -eq 'ragnatramp') {
        if ($Machine.AgentQueries -gt 0) {
            [IO.File]::WriteAllText((Get-LabPath -Part 'exchange', "$($Machine.Key).wait"), "$($Machine.AgentQueries)")
        }
        else { Invoke-RagnaAgent -Machine $Machine }
    }
    elseif ($Machine.Agent) { & $Machine.Agent -GuestFolder (Get-LabPath -Part 'guests', $Machine.Key) }
}

function Resume-GuestAgent {
    <# .SYNOPSIS The host asks for the guest's items: a script that takes its time comes one query nearer to its end. #>
    param([object] $Machine)
    $path = Get-LabPath -Part 'exchange', "$($Machine.Key).wait"
    if (-not [IO.File]::Exists($path)) { return }
    $left = [int] [IO.File]::ReadAllText($path) - 1
    if ($left -gt 0) { [IO.File]::WriteAllText($path, "$left") }
    else {
        [IO.File]::Delete($path)
        Invoke-RagnaAgent -Machine $Machine
    }
}
