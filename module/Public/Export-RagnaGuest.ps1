function Export-RagnaGuest {
    <#
    .SYNOPSIS
        Writes out what a Linux guest needs to take the names of its lab from Hyper-V.
    .DESCRIPTION
        A Linux guest learns the names through Hyper-V's Data Exchange: a small script in it, started when something
        comes in, merges the block into /etc/hosts. This cmdlet writes that script with its installer, once per base
        image: as a folder to copy into the image (then run install.sh in it as root, or install.sh --root DIR on a
        mounted image), as an ISO image to put into the machine's drive, or as a cloud-init document that does the same
        at the first boot.

        With -As Seed the image is a seed for cloud-init (NoCloud), too: a cloud image that boots with it and has no other
        source installs the files by itself. A machine whose cloud-init has a source already would take the seed for a new
        instance (new host keys, and the work of the first boot once more): give it the image of -As Iso.

        The guest's own Hyper-V daemons must be there, too: hyperv-daemons (Debian, RHEL, Fedora),
        linux-cloud-tools-virtual (Ubuntu), hyper-v (openSUSE).
    .PARAMETER Destination
        The folder to write (it is made; it must be new or empty), otherwise the file.
    .PARAMETER As
        Folder (the default), Iso, Seed or CloudInit.
    .INPUTS
        None.
    .OUTPUTS
        System.IO.DirectoryInfo or System.IO.FileInfo: what was written.
    .EXAMPLE
        Export-RagnaGuest ./ragnatramp-guest

        Writes the files. In the base image, as root: sh ragnatramp-guest/install.sh
    .EXAMPLE
        Export-RagnaGuest ./ragnatramp-guest.iso -As Iso

        Writes a disc. Put it into the VM's drive (Set-VMDvdDrive); in the guest, as root:
        mount /dev/sr0 /mnt && sh /mnt/install.sh
    .EXAMPLE
        Export-RagnaGuest ./seed.iso -As Seed

        Writes a disc that a fresh cloud image installs by itself at its first boot.
    .EXAMPLE
        Export-RagnaGuest ./user-data -As CloudInit

        Writes a cloud-config document for a base image that runs cloud-init.
    .LINK
        Invoke-RagnaReconcile
    #>
    [CmdletBinding(SupportsShouldProcess)]
    [OutputType([System.IO.DirectoryInfo], [System.IO.FileInfo])]
    param(
        [Parameter(Mandatory, Position = 0)]
        [ValidateNotNullOrEmpty()]
        [string] $Destination,

        [ValidateSet('Folder', 'Iso', 'Seed', 'CloudInit')]
        [string] $As = 'Folder'
    )
    Import-RagnaPrivate -Through Base
    Import-CallerPreference -Cmdlet $PSCmdlet -Bound $PSBoundParameters
    $target = Resolve-TargetPath -Cmdlet $PSCmdlet -Path $Destination -Code 'GUEST_NOT_EXPORTED'
    if ($null -eq $target) { return }
    $isTaken = if ($As -eq 'Folder') {
        [System.IO.File]::Exists($target) -or
        ([System.IO.Directory]::Exists($target) -and [System.IO.Directory]::GetFileSystemEntries($target).Count -gt 0)
    } else {
        [System.IO.File]::Exists($target) -or [System.IO.Directory]::Exists($target)
    }
    if ($isTaken) {
        Write-RagnaFailure -Cmdlet $PSCmdlet -Failure (New-RagnaFailure -Code 'GUEST_NOT_EXPORTED' -Path $target `
                -Message "There is something at $target already; nothing was written." -Remedy 'Give a destination that is not there yet.')
        return
    }
    try {
        if (-not $PSCmdlet.ShouldProcess($target, 'Write the guest files')) { return }
    } catch {
        Stop-RagnaCmdlet -Cmdlet $PSCmdlet -Record $_
    }
    try {
        if ($As -eq 'Folder') {
            Copy-GuestFile -Target $target
            [System.IO.DirectoryInfo]::new($target)
        } else {
            $media = ConvertTo-GuestMedia -Format $As
            if ($null -ne $media.Failure) {
                Write-RagnaFailure -Cmdlet $PSCmdlet -Failure $media.Failure
                return
            }
            [System.IO.File]::WriteAllBytes($target, $media.Response)
            [System.IO.FileInfo]::new($target)
        }
    } catch [System.IO.IOException], [System.UnauthorizedAccessException] {
        Remove-HandledError -Record $_
        Write-RagnaFailure -Cmdlet $PSCmdlet -Failure (New-RagnaFailure -Code 'GUEST_NOT_EXPORTED' -Path $target `
                -Message "The guest files could not be written: $($_.Exception.GetBaseException().Message)" `
                -Remedy 'Give a destination that you may write to.')
    }
}
