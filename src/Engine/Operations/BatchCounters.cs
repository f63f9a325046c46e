namespace ReSTE.Native.Operations;

/// <summary>
/// Where a pass over a data set stands, as int64 [3] in device memory so that a captured step finds it: the next image, the
/// epoch, the seed.
/// </summary>
internal static class BatchCounters
{
    public const int CursorSlot = 0, EpochSlot = 1, SeedSlot = 2, Count = 3;
}
