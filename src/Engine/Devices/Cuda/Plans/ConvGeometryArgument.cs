using ReSTE.Native.Operations;

namespace ReSTE.Native.Devices.Cuda;

/// <summary>
/// The struct <c>ConvGeometry</c> of the kernels, one parameter by value: the engine's geometry with the sizes of the output.
/// </summary>
internal readonly record struct ConvGeometryArgument(uint N, uint H, uint W, uint I, uint O, uint K, uint Stride, uint Padding,
    uint Oh, uint Ow)
{
    public ConvGeometryArgument(in ConvGeometry g)
        : this((uint)g.N, (uint)g.H, (uint)g.W, (uint)g.I, (uint)g.O, (uint)g.K, (uint)g.Stride, (uint)g.Padding, (uint)g.OH, (uint)g.OW)
    {
        if (Math.Max(g.Input.Count, g.Output.Count) > uint.MaxValue)
            throw new NotSupportedException(
                $"a convolution of {g.Input} to {g.Output} has more elements than the CUDA kernels can count; a smaller batch has fewer");
    }

    /// <summary>The engine's geometry that it was made of.</summary>
    public ConvGeometry ToGeometry() => new((int)N, (int)H, (int)W, (int)I, (int)O, (int)K, (int)Stride, (int)Padding);
}
