using ReSTE.Native.Devices;
using ReSTE.Native.Operations;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Tapes;

/// <summary>
/// The operations of a tape as a list, for devices that have no launches: one entry an op and direction. Its bytes are those of the tensors
/// that it reads or writes, each once, without its working memory.
/// </summary>
internal static class OpListing
{
    /// <summary>The entry of a step.</summary>
    public static RecordedLaunch Of(TapeStep step, IKernels kernels)
    {
        Op op = step.Op;
        string shapes = string.Join(", ", Distinct(step.Touches).Select(t => $"{t.Type}{t.Shape}"));
        ConvGeometry? forward = step.IsBackward ? null : op.Geometry;
        var launch = new KernelLaunch(Kind(op) + (step.IsBackward ? "_backward" : ""), op.Layer, 0, 0, 0, 0, Work(step));
        return new(launch, $"{shapes}, {forward}", forward, () => step.Run(kernels));
    }

    /// <summary>A step in words, with its work.</summary>
    public static StepOperation Describe(TapeStep step, StepDirection direction) =>
        new(Kind(step.Op), direction, step.Op.Layer, step.Op.Geometry is { } g ? Sizes(g) : null, Work(step));

    private static LaunchWork Work(TapeStep step)
    {
        LaunchWork products = step.IsBackward ? step.Op.BackwardProducts : step.Op.ForwardProducts;
        return products with { Bytes = Distinct(step.Moves).Where(t => !t.IsScratch).Sum(t => t.Bytes) };
    }

    private static IEnumerable<Tensor> Distinct(IEnumerable<Tensor?> tensors) => tensors.OfType<Tensor>().DistinctBy(t => t.Root);

    private static string Kind(Op op) => Snake(op.GetType().Name);

    private static string Sizes(in ConvGeometry g) => $"{g.K}x{g.K}, {g.I}x{g.H}x{g.W} to {g.O}x{g.OH}x{g.OW}";

    private static string Snake(string name) =>
        string.Concat(name.Select((c, i) => char.IsAsciiLetterUpper(c) ? (i == 0 ? "" : "_") + char.ToLowerInvariant(c) : c.ToString()));
}
