using ReSTE.Native.Messages;

namespace ReSTE.Native.Devices;

/// <summary>Whose limit it is that a device's memory has.</summary>
public enum MemoryOwner
{
    /// <summary>The device's own memory, as a GPU has it.</summary>
    Device,

    /// <summary>The machine's memory, which every program shares.</summary>
    Machine,

    /// <summary>A limit of the container or control group that this process runs in.</summary>
    Container,

    /// <summary>A limit that was set for this process, as the .NET setting GCHeapHardLimit.</summary>
    Process,
}

/// <summary>How much memory a device has, in bytes. Swap counts where the system may use it.</summary>
/// <param name="Free">What can still be taken.</param>
/// <param name="Total">What there is in all.</param>
/// <param name="Owner">Whose limit that is.</param>
public readonly record struct DeviceMemory(long Free, long Total, MemoryOwner Owner)
{
    /// <summary>Such as "1.2 GB of this container's 2.0 GB".</summary>
    public override string ToString() => $"{ByteSize.Text(Free)} of {Owner switch
    {
        MemoryOwner.Machine => "this machine's ",
        MemoryOwner.Container => "this container's ",
        MemoryOwner.Process => "this process's ",
        _ => "",
    }}{ByteSize.Text(Total)}";

    /// <summary>What this process may take of the machine's memory before the system kills it; null where nobody says.</summary>
    public static DeviceMemory? OfProcess() => HostMemory.Read();
}
