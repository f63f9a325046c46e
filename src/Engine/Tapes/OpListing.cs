using ReSTE.Native.Devices;
using ReSTE.Native.Operations;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Tapes;

/// <summary>
/// The operations of a tape as a list, for devices that have no launches: one entry an op and direction. Its bytes are those of the tensors
/// that it touches, each once.
/// </summary>
internal static class OpListing
{
    /// <summary>An op forward or as an update.</summary>
    public static RecordedLaunch Forward(Op op, IKernels kernels) =>
        Entry(op, "", op.ForwardTouches, op.ForwardProducts, op.Geometry, () => op.Forward(kernels));

    /// <summary>An op backward.</summary>
    public static RecordedLaunch Backward(Op op, IKernels kernels) =>
        Entry(op, "_backward", op.BackwardTouches, op.BackwardProducts, null, () => op.Backward(kernels));

    private static RecordedLaunch Entry(Op op, string direction, IEnumerable<Tensor?> touches, LaunchWork products, ConvGeometry? forward,
        Action run)
    {
        Tensor[] tensors = [.. touches.OfType<Tensor>().DistinctBy(t => t.Root)];
        string shapes = string.Join(", ", tensors.Select(t => $"{t.Type}{t.Shape}"));
        var launch = new KernelLaunch(Snake(op.GetType().Name) + direction, op.Layer, 0, 0, 0, 0,
            products with { Bytes = tensors.Sum(t => t.Bytes) });
        return new(launch, $"{shapes}, {forward}", forward, run);
    }

    private static string Snake(string name) =>
        string.Concat(name.Select((c, i) => char.IsAsciiLetterUpper(c) ? (i == 0 ? "" : "_") + char.ToLowerInvariant(c) : c.ToString()));
}
