using System.Diagnostics.CodeAnalysis;
using ReSTE.Native.Operations;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Devices.Cuda;

/// <summary>The operations as launches, one file an operation: its kernels' arguments and their grids. What all share stands here.</summary>
internal sealed partial class CudaKernels(CudaStream stream) : IKernels
{
    private static readonly Grid OneBlock = new(1);

    /// <summary>Launches asked for so far, recorded ones included.</summary>
    public long Launches { get; private set; }

    public long ScratchBytes(ScratchUse use, in ConvGeometry g) => use switch
    {
        ScratchUse.ConvWeightGrad or ScratchUse.BinaryConvWeightGrad => WeightGradBytes(g),
        _ => 0,
    };

    public long ScratchBytes(ScratchUse use, Shape x) => RowSumBytes(x);

    /// <summary>Blocks of so many that cover a number of things.</summary>
    internal static uint Blocks(long count, int each) => checked((uint)((count + each - 1) / each));

    private static Grid Blocks<TArgs>(long threads) where TArgs : IKernelArgs => new(Blocks(threads, (int)TArgs.Block));

    private static Ptr<float> Reals(Tensor tensor) => new(tensor.Address);

    private static Ptr<float> RealsOrNull(Tensor? tensor) => new(tensor?.Address ?? 0);

    private static Ptr<double> Doubles(Tensor tensor) => new(tensor.Address);

    private static Ptr<uint> Words(Tensor tensor) => new(tensor.Address);

    // Kernels count elements in 32 bits.
    private static uint Count(Tensor tensor) => tensor.Shape.Count <= uint.MaxValue
        ? (uint)tensor.Shape.Count
        : throw new NotSupportedException($"{tensor} has more elements than the CUDA kernels can count, {uint.MaxValue}; a smaller batch has fewer");

    private static uint Rows(Tensor tensor) => Count(tensor) / (uint)tensor.Shape.Last;

    private static uint Channels(Tensor tensor) => (uint)tensor.Shape.Last;

    private static uint Flag(bool value) => value ? 1u : 0u;

    /// <summary>Asks for one launch.</summary>
    internal void Launch<[DynamicallyAccessedMembers(KernelLayout.Needed)] TArgs>(in TArgs args, Grid grid)
        where TArgs : unmanaged, IKernelArgs
    {
        stream.Launch(args, grid);
        Launches++;
    }
}
