using System.Runtime.InteropServices;

namespace ReSTE.Native.Host;

/// <summary>
/// CUDA_VISIBLE_DEVICES, which hides GPUs from a program, and CUDA_DEVICE_ORDER, which numbers them. The driver reads both when it is
/// initialised, from the process's own environment, which on Unix is not the one that .NET shows and changes.
/// </summary>
internal static partial class VisibleGpus
{
    private const string Variable = "CUDA_VISIBLE_DEVICES";

    private const string OrderVariable = "CUDA_DEVICE_ORDER";

    // The order of nvidia-smi. Left alone, the driver puts the fastest GPU first.
    private const string ByAddress = "PCI_BUS_ID";

    /// <summary>That some GPUs may be hidden, to put after a message that one is not there; empty where none are.</summary>
    public static string Note => Environment.GetEnvironmentVariable(Variable) is { } shown ? $"; {Variable} is '{shown}'" : "";

    /// <summary>Shows every GPU of the machine, under its physical number; before the driver is first asked for anything.</summary>
    public static void ShowAll()
    {
        Environment.SetEnvironmentVariable(Variable, null);
        if (!OperatingSystem.IsWindows())
            _ = Unset(Variable);
        if (Environment.GetEnvironmentVariable(OrderVariable) is { Length: > 0 })
            return;
        Environment.SetEnvironmentVariable(OrderVariable, ByAddress);
        if (!OperatingSystem.IsWindows())
            _ = Set(OrderVariable, ByAddress, overwrite: 1);
    }

    [LibraryImport("libc", EntryPoint = "unsetenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Unset(string name);

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Set(string name, string value, int overwrite);
}
