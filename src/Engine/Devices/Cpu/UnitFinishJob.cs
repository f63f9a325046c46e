using ReSTE.Native.Simd;

namespace ReSTE.Native.Devices.Cpu;

/// <summary>One image of a binary unit: batch norm, shortcut and the signs of the result; when evaluating the convolution before them.</summary>
internal readonly struct UnitFinishJob : IParallelJob
{
    public required XnorJob<BitSimd512> Conv { get; init; }

    /// <summary>Whether the convolution is still to be done.</summary>
    public required bool Convolve { get; init; }

    public required BatchNormNormaliseJob<Simd512> Normalise { get; init; }

    public required SignPackJob<Simd512> Pack { get; init; }

    public void Run(int part, int worker)
    {
        if (Convolve)
            Conv.Run(part, worker);
        Normalise.Run(part, worker);
        Pack.Run(part, worker);
    }
}
