# The enums of Hyper-V's objects and parameters, with their real names and numbers.

$script:HyperVEnums = @{
    'Microsoft.HyperV.PowerShell'                = @{
        VMState                                = [ordered] @{
            Other = 1; Running = 2; Off = 3; Stopping = 4; Saved = 6; Paused = 9; Starting = 10; Reset = 11
            Saving = 32773; Pausing = 32776; Resuming = 32777; FastSaved = 32779; FastSaving = 32780
            ForceShutdown = 32781; ForceReboot = 32782; Hibernated = 32783; ComponentServicing = 32784
            RunningCritical = 32785; OffCritical = 32786; StoppingCritical = 32787; SavedCritical = 32788
            PausedCritical = 32789; StartingCritical = 32790; ResetCritical = 32791; SavingCritical = 32792
            PausingCritical = 32793; ResumingCritical = 32794; FastSavedCritical = 32795; FastSavingCritical = 32796
        }
        VMOperationalStatus                    = [ordered] @{
            Ok = 2; Degraded = 3; PredictiveFailure = 5; InService = 11; Dormant = 15; SupportingEntityInError = 16
            # So in the real enum, though WMI says 32769: that number has no name.
            ApplyingSnapshot = 23769
            CreatingSnapshot = 32768; DeletingSnapshot = 32770; WaitingToStart = 32771; MergingDisks = 32772
            ExportingVirtualMachine = 32773; MigratingVirtualMachine = 32774; BackingUpVirtualMachine = 32776
            ModifyingUpVirtualMachine = 32777; StorageMigrationPhaseOne = 32778; StorageMigrationPhaseTwo = 32779
            MigratingPlannedVm = 32780; CheckingCompatibility = 32781; ApplicationCriticalState = 32782
            CommunicationTimedOut = 32783; CommunicationFailed = 32784; CriticalIoError = 32795
        }
        VMHeartbeatStatus                      = [ordered] @{
            Unknown = 0; Disabled = 1; NoContact = 2; Error = 3; LostCommunication = 4; OkApplicationsUnknown = 5
            OkApplicationsHealthy = 6; OkApplicationsCritical = 7; Paused = 8
        }
        VMSwitchType                           = [ordered] @{ Private = 0; Internal = 1; External = 2; NAT = 3 }
        VMNetworkAdapterOperationalStatus      = [ordered] @{ Ok = 2; Degraded = 3; Stopped = 10; NoContact = 12; LostCommunication = 13 }
        VMIntegrationComponentOperationalStatus = [ordered] @{
            Ok = 2; Degraded = 3; Error = 6; NonRecoverableError = 7; NoContact = 12; LostCommunication = 13; Dormant = 15
            ProtocolMismatch = 32775; ApplicationCritical = 32782; CommunicationTimedOut = 32783
            CommunicationFailed = 32784; Disabled = 32896
        }
        SnapshotType                           = [ordered] @{
            Standard = 0; Recovery = 1; Planned = 2; Missing = 5; Replica = 6; AppConsistentReplica = 7; SyncedReplica = 8
        }
        CheckpointType                         = [ordered] @{ Disabled = 2; Production = 3; ProductionOnly = 4; Standard = 5 }
        StartAction                            = [ordered] @{ Nothing = 2; StartIfRunning = 3; Start = 4 }
        StopAction                             = [ordered] @{ TurnOff = 2; Save = 3; ShutDown = 4 }
        CriticalErrorAction                    = [ordered] @{ None = 0; Pause = 1 }
        OnOffState                             = [ordered] @{ On = 0; Off = 1 }
        ConsoleModeType                        = [ordered] @{ Default = 0; COM1 = 1; COM2 = 2; None = 3 }
        IPProtocolPreference                   = [ordered] @{ IPv4 = 0; IPv6 = 1 }
        BootDevice                             = [ordered] @{
            Floppy = 0; CD = 1; IDE = 2; LegacyNetworkAdapter = 3; NetworkAdapter = 4; VHD = 5
        }
        BootSourceType                         = [ordered] @{ Unknown = 0; Drive = 1; Network = 2; File = 3 }
        ControllerType                         = [ordered] @{ IDE = 0; SCSI = 1; PMEM = 2 }
        DvdMediaType                           = [ordered] @{ None = 0; ISO = 1; PassThrough = 2 }
        VirtualMachineType                     = [ordered] @{ Realized = 3; Planned = 4 }
        VirtualMachineSubType                  = [ordered] @{ Unknown = 0; Generation1 = 1; Generation2 = 2 }
        # Of these only the names are needed: parameters of their types are taken and not used.
        EnhancedSessionTransportType           = [ordered] @{ VMBus = 0; HvSocket = 1 }
        CacheAttributes                        = [ordered] @{ Default = 0; WriteCacheEnabled = 1; WriteCacheAndFUAEnabled = 2 }
        VMNetworkAdapterPortMirroringMode      = [ordered] @{ None = 0; Destination = 1; Source = 2 }
        IovInterruptModerationValue            = [ordered] @{ Default = 0; Adaptive = 1; Off = 2; Low = 100; Medium = 200; High = 300 }
        VrssQueueSchedulingModeType            = [ordered] @{ Dynamic = 0; StaticVmq = 1; StaticVrss = 2 }
        VrssVmbusChannelAffinityPolicyType     = [ordered] @{ None = 1; Weak = 2; Strong = 3; Strict = 4 }
    }
    'Microsoft.Vhd.PowerShell'                   = @{
        VhdType   = [ordered] @{ Unknown = 0; Fixed = 2; Dynamic = 3; Differencing = 4 }
        VhdFormat = [ordered] @{ Unknown = 0; VHD = 2; VHDX = 3; VHDSet = 4 }
    }
    'Microsoft.Virtualization.Client.Management' = @{
        VirtualHardDiskPmemAddressAbstractionType = [ordered] @{ None = 0; BTT = 1 }
    }
}
