# The doors into a guest. All have one shape, so one more door is one more entry here, and a case of the library's
# `guest_doors`, which decides whom a door reaches. Each step takes what a run brings along (of New-GuestVisit) and the
# guests (machineName, vmId, vmName, target), all at once:
#
#   Test   Whether the door reaches a guest, and if not what is missing: an answer of Test-GuestDoor.
#   Read   The guest's hosts file as it is: one Ragnatramp.GuestFile per guest. Null where a door cannot read.
#   Apply  Brings the hosts files up to date, all guests side by side: one answer per guest, of New-GuestAnswer.
#
# Auto takes, for each guest, the door that is known to reach it, and None takes none: both choose among the others.
$script:GuestDoor = @{
    KeyValuePair     = @{
        Test  = { param($Visit, $Guest) Test-GuestDoor -Transport KeyValuePair -Visit $Visit -Guest $Guest }
        Read  = $null
        Apply = { param($Visit, $Guest) Sync-ExchangeGuest -Visit $Visit -Guest $Guest }
    }
    PowerShellDirect = @{
        Test  = { param($Visit, $Guest) Test-GuestDoor -Transport PowerShellDirect -Visit $Visit -Guest $Guest }
        Read  = { param($Visit, $Guest) Read-DirectGuest -Visit $Visit -Guest $Guest }
        Apply = { param($Visit, $Guest) Sync-DirectGuest -Visit $Visit -Guest $Guest }
    }
    Auto             = @{
        Test  = { param($Visit, $Guest) Test-GuestDoor -Transport Auto -Visit $Visit -Guest $Guest }
        Read  = $null
        Apply = $null
    }
    None             = @{
        Test  = { param($Visit, $Guest) Test-GuestDoor -Transport None -Visit $Visit -Guest $Guest }
        Read  = $null
        Apply = $null
    }
}
