using System.Runtime.InteropServices;

namespace ReSTE.Native.Host;

/// <summary>
/// CUDA_VISIBLE_DEVICES, which hides GPUs from a program. The driver reads it when it is initialised, from the process's own environment, which on
/// Unix is not the one that .NET shows and changes.
/// </summary>
internal static partial class VisibleGpus
{
    private const string Variable = "CUDA_VISIBLE_DEVICES";

    /// <summary>That some GPUs may be hidden, to put behind a message that one is not there; empty where none are.</summary>
    public static string Note => Environment.GetEnvironmentVariable(Variable) is { } shown ? $"; {Variable} is '{shown}'" : "";

    /// <summary>Shows every GPU of the machine, under its physical number; before the driver is first asked for anything.</summary>
    public static void ShowAll()
    {
        Environment.SetEnvironmentVariable(Variable, null);
        if (!OperatingSystem.IsWindows())
            _ = Unset(Variable);
    }

    [LibraryImport("libc", EntryPoint = "unsetenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Unset(string name);
}
