namespace ReSTE.Native.Slopes;

/// <summary>Work that is compiled once for every slope.</summary>
internal interface ISlopeKernel
{
    /// <summary>Does it with one slope.</summary>
    void Run<TSlope>(TSlope slope) where TSlope : unmanaged, ISlope<TSlope>;
}

/// <summary>
/// A pointwise slope h(x) that stands in for the derivative of sign in the backward pass. There is one file a slope, which adds its
/// kind here; devices resolve a kind once, outside their loops.
/// </summary>
public abstract partial class SlopeKind
{
    private SlopeKind(string name, int number) => (Name, Number) = (name, number);

    /// <summary>What people call it, and the file of its CUDA form.</summary>
    public string Name { get; }

    /// <summary>Its number in the CUDA kernels' table, <c>kernels/slopes.cuh</c>.</summary>
    internal int Number { get; }

    /// <summary>h(x) in double. NaN gives 0 where the slope depends on x at all.</summary>
    public abstract double Evaluate(double x, in SlopeParameters parameters);

    /// <inheritdoc/>
    public override string ToString() => Name;

    /// <summary>Runs a kernel with this slope.</summary>
    internal abstract void Run<TKernel>(in SlopeParameters parameters, TKernel kernel) where TKernel : struct, ISlopeKernel;

    private sealed class Of<TSlope>(string name, int number) : SlopeKind(name, number) where TSlope : unmanaged, ISlope<TSlope>
    {
        public override double Evaluate(double x, in SlopeParameters parameters) => TSlope.Create(parameters).Evaluate(x);

        internal override void Run<TKernel>(in SlopeParameters parameters, TKernel kernel) => kernel.Run(TSlope.Create(parameters));
    }
}
