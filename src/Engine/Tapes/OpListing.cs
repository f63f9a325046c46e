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
    /// <summary>The entry of a step.</summary>
    public static RecordedLaunch Of(TapeStep step, IKernels kernels)
    {
        Op op = step.Op;
        Tensor[] tensors = [.. step.Touches.OfType<Tensor>().DistinctBy(t => t.Root)];
        string shapes = string.Join(", ", tensors.Select(t => $"{t.Type}{t.Shape}"));
        LaunchWork products = step.IsBackward ? op.BackwardProducts : op.ForwardProducts;
        ConvGeometry? forward = step.IsBackward ? null : op.Geometry;
        var launch = new KernelLaunch(Snake(op.GetType().Name) + (step.IsBackward ? "_backward" : ""), op.Layer, 0, 0, 0, 0,
            products with { Bytes = tensors.Sum(t => t.Bytes) });
        return new(launch, $"{shapes}, {forward}", forward, () => step.Run(kernels));
    }

    private static string Snake(string name) =>
        string.Concat(name.Select((c, i) => char.IsAsciiLetterUpper(c) ? (i == 0 ? "" : "_") + char.ToLowerInvariant(c) : c.ToString()));
}
