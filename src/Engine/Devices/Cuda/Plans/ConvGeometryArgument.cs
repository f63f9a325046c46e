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
        long read = (long)g.N * g.H * g.W * g.I, written = (long)g.N * g.OH * g.OW * g.O;
        if (Math.Max(read, written) > uint.MaxValue)
            throw new NotSupportedException($"a convolution of [{g.N},{g.H},{g.W},{g.I}] to [{g.N},{g.OH},{g.OW},{g.O}] has more elements "
                + "than the CUDA kernels can count; a smaller batch has fewer");
    }

    /// <summary>The engine's geometry that it was made of.</summary>
    public ConvGeometry ToGeometry() => new((int)N, (int)H, (int)W, (int)I, (int)O, (int)K, (int)Stride, (int)Padding);
}
