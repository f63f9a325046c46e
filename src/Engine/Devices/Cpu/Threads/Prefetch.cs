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

    // Some hundred cycles of a loop that does little.
    private const int Distance = 4096;

    /// <summary>Into the first-level cache.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void ToFirst(void* memory, long bytes)
    {
        if (!Sse.IsSupported || memory == null)
            return;
        for (byte* at = (byte*)memory, end = at + bytes; at < end; at += Line)
            Sse.Prefetch0(at);
    }

    /// <summary>The line into the first-level cache that a loop over memory comes to after some more kilobytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Ahead(void* memory)
    {
        if (Sse.IsSupported)
            Sse.Prefetch0((byte*)memory + Distance);
    }
}
