using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace ReSTE.Native.Devices.Cpu;

/// <summary>
/// Asks for memory that is wanted soon. The processor guesses what comes next in a stretch it reads; for the start of a new one it waits.
/// Nothing where there is no such instruction.
/// </summary>
internal static unsafe class Prefetch
{
    private const int Line = 64;

    /// <summary>Into the first-level cache.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void ToFirst(void* memory, long bytes)
    {
        if (!Sse.IsSupported || memory == null)
            return;
        for (byte* at = (byte*)memory, end = at + bytes; at < end; at += Line)
            Sse.Prefetch0(at);
    }

    /// <summary>Into the second-level cache.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void ToSecond(void* memory, long bytes)
    {
        if (!Sse.IsSupported || memory == null)
            return;
        for (byte* at = (byte*)memory, end = at + bytes; at < end; at += Line)
            Sse.Prefetch1(at);
    }
}
