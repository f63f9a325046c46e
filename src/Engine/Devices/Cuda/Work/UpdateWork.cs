namespace ReSTE.Native.Devices.Cuda;

/// <summary>Updates: what is kept is read and written, the gradient read.</summary>
internal static partial class KernelWork
{
    private static LaunchWork? Update(IKernelArgs args) => args switch
    {
        SgdStep a => new(Reals((1 + 2 * 2) * (long)a.Count, 3)),
        AdamCorrections => new(Reals(6, 2, 2)),
        AdamStep a => new(Reals((1 + 3 * 2) * (long)a.Count, 2 + 6)),
        AdaSteStep a => new(Reals((1 + 2 * 2) * (long)a.Count, 1 + 9 + 5)),
        BopStep a => new(Reals((1 + 2 * 2) * (long)a.Count, 3)),
        Clamp a => new(Reals(2 * (long)a.Count)),
        _ => null,
    };
}
