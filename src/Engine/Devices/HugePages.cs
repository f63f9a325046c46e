using System.Runtime.InteropServices;

namespace ReSTE.Native.Devices;

/// <summary>
/// Memory in pages of two megabytes where Linux gives them to those who ask: a step touches hundreds of megabytes, and with pages of four
/// kilobytes a ninth of its time went into looking them up. Elsewhere, and where the kernel says no, plain memory.
/// </summary>
internal static unsafe partial class HugePages
{
    /// <summary>Bytes of a huge page.</summary>
    public const long Size = 2 << 20;

    // MADV_HUGEPAGE of the kernel's interface.
    private const int Advice = 14;

    /// <summary>Whether memory of a size is to be asked for in huge pages: what rounding it up wastes must not count.</summary>
    public static bool Suit(long bytes) => bytes >= 8 * Size && OperatingSystem.IsLinux();

    /// <summary>Asks for huge pages; the memory begins on a multiple of their size. It is as good without.</summary>
    public static void Advise(void* memory, long bytes)
    {
        try
        {
            _ = Madvise(memory, (nuint)bytes, Advice);
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException)
        {
        }
    }

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Madvise(void* address, nuint length, int advice);
}
