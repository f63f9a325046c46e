namespace ReSTE.Native.Devices.Cuda;

/// <summary>
/// What each kernel has to do, worked out from the arguments and the grid of a launch: sizes are declared here, kernel by kernel, and not
/// looked up by address, for an address does not say how much of a tensor a launch touches (a slice of the working memory, the images of
/// one batch, every second pixel), nor whether it also reads what it writes.
/// </summary>
internal static partial class KernelWork
{
    private const long Real = sizeof(float), Word = sizeof(uint), Sum = sizeof(double), Count = sizeof(short);

    /// <summary>The work of a launch. Throws <see cref="NotSupportedException"/> for a kernel that is not declared.</summary>
    public static LaunchWork Of(IKernelArgs args, Grid grid) => Convolution(args, grid) ?? Unit(args, grid) ?? Norm(args, grid)
        ?? Layer(args, grid) ?? Weights(args, grid) ?? Update(args)
        ?? throw new NotSupportedException($"nothing says what a launch of {KernelModules.EntryOf(args.GetType().Name)} has to do");

    /// <summary>Reals that are read or written, a number of them each time.</summary>
    private static long Reals(params ReadOnlySpan<long> counts)
    {
        long sum = 0;
        foreach (long count in counts)
            sum += count;
        return sum * Real;
    }

    private static long Rows(uint rows, uint channels) => (long)rows * channels;

    private static long Words(long rows, uint channels) => rows * Tensors.Bits.Words((int)channels);

    // What is added to is read first.
    private static long Written(long count, uint mode) => mode == (uint)Operations.GradMode.Add ? 2 * count : count;

    private static long If<T>(Ptr<T> pointer, long count) where T : unmanaged => pointer.Address == 0 ? 0 : count;
}
