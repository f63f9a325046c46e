namespace ReSTE.Native.Devices.Cpu;

/// <summary>Kinds of work that the kernels of a CPU consist of.</summary>
public enum CpuWork
{
    /// <summary>Multiply-adds of singles with singles.</summary>
    MultiplyAdd,

    /// <summary>
    /// Multiply-adds of singles with signs, four a lane at once: one permute fetches a signed sum of four, one addition or multiply-add
    /// adds it.
    /// </summary>
    SignedSums,

    /// <summary>Multiply-adds of signs with signs: differing bits are counted.</summary>
    CountBits,

    /// <summary>Bytes of a copy, those read and those written.</summary>
    Copy,

    /// <summary>Bytes that are read.</summary>
    Read,
}

/// <summary>The most that this processor did of one kind of work, measured on it.</summary>
/// <param name="Work">The work.</param>
/// <param name="VectorBits">Of the vectors that did it; 32 for none.</param>
/// <param name="Memory">L1, L2, L3 or memory, where its bytes lie; null for work in registers.</param>
/// <param name="Bytes">How many of them each thread has; 0 for work in registers.</param>
/// <param name="Threads">Threads at once.</param>
/// <param name="PerSecond">Multiply-adds or bytes a second, of all threads together.</param>
public sealed record CpuLimit(CpuWork Work, int VectorBits, string? Memory, long Bytes, int Threads, double PerSecond);
