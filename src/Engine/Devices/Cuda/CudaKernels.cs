using System.Diagnostics.CodeAnalysis;
using ReSTE.Native.Operations;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Devices.Cuda;

/// <summary>
/// The operations as launches, one file an operation: its kernels' arguments and their grids, or, where there may be several ways, its
/// plans. What all share stands here.
/// </summary>
/// <param name="stream">Where they are queued.</param>
/// <param name="modules">The compiled kernels.</param>
/// <param name="gpu">What they run on, for the choice of plans.</param>
/// <param name="forms">Which of several kernels serve.</param>
/// <param name="common">Memory that launches share.</param>
internal sealed partial class CudaKernels(
    CudaStream stream, KernelModules modules, CudaDeviceInfo gpu, KernelForms forms, CudaCommonMemory common) : IKernels
{
    private static readonly Grid OneBlock = new(1);

    /// <summary>What they run on.</summary>
    public CudaDeviceInfo Gpu => gpu;

    /// <summary>Memory that launches share.</summary>
    public CudaCommonMemory Common => common;

    /// <summary>Which of several kernels serve.</summary>
    public KernelForms Forms => forms;

    /// <summary>Whether plans may use the tensor cores, which every GPU that is opened has, bf16 among their forms.</summary>
    public bool HasTensorCores => !forms.Plain;

    /// <summary>Launches asked for so far, recorded ones included.</summary>
    public long Launches { get; private set; }

    /// <summary>Where launches are noted; null, as in training, for nowhere.</summary>
    public LaunchLog? Log { get; set; }

    public long ScratchBytes(ScratchUse use, in ConvGeometry g) => use switch
    {
        ScratchUse.ConvForward => _conv.For(this, g).ScratchBytes,
        ScratchUse.ConvInputGrad => _convInputGrad.For(this, g).ScratchBytes,
        ScratchUse.ConvWeightGrad => _convWeightGrad.For(this, g).ScratchBytes,
        ScratchUse.SignConvForward => _signConv.For(this, g).ScratchBytes,
        ScratchUse.BinaryConvForward => _binaryConv.For(this, g).ScratchBytes,
        ScratchUse.BinaryConvInputGrad => _binaryConvInputGrad.For(this, g).ScratchBytes,
        ScratchUse.BinaryConvWeightGrad => _binaryConvWeightGrad.For(this, g).ScratchBytes,
        ScratchUse.BinaryUnitBackward => UnitOf(g)!.Gradients.ScratchBytes,
        ScratchUse.BinaryUnitBackwardOfSlices => UnitSumBytes(g),
        _ => 0,
    };

    public long ScratchBytes(ScratchUse use, Shape x) => RowSumBytes(x);

    /// <summary>Blocks that cover a number of things, a number of them each.</summary>
    internal static uint Blocks(long count, uint each) => Grid.Blocks(count, each);

    /// <summary>Blocks of the size the kernel was compiled for that cover a number of threads.</summary>
    internal Grid Blocks<TArgs>(long threads) where TArgs : unmanaged, IKernelArgs => new(Blocks(threads, modules.Find<TArgs>().Block));

    /// <summary>Threads of a block of a kernel.</summary>
    internal uint BlockOf<TArgs>() where TArgs : unmanaged, IKernelArgs => modules.Find<TArgs>().Block;

    /// <summary>A constant of the kernel's source that was exported for the host.</summary>
    internal uint Constant<TArgs>(string name) where TArgs : unmanaged, IKernelArgs => modules.Find<TArgs>().Constant(name);

    /// <summary>Asks for one launch.</summary>
    internal void Launch<[DynamicallyAccessedMembers(KernelLayout.Needed)] TArgs>(in TArgs args, Grid grid)
        where TArgs : unmanaged, IKernelArgs
    {
        stream.Launch(args, grid);
        Launches++;
        if (Log != null)
            Note(args, grid, Log);
    }

    // A method of its own: what captures the arguments is allocated on entry.
    private void Note<[DynamicallyAccessedMembers(KernelLayout.Needed)] TArgs>(TArgs args, Grid grid, LaunchLog log)
        where TArgs : unmanaged, IKernelArgs
    {
        CudaKernel kernel = modules.Find<TArgs>();
        var launch = new KernelLaunch(kernel.Entry, log.Layer, grid.X, grid.Y, grid.Z, kernel.Block, KernelWork.Of(args, grid));
        log.Add(new(launch, $"{args}", KernelWork.Forward(args), () => stream.Launch(args, grid)));
    }

    internal static Ptr<float> Reals(Tensor tensor) => new(tensor.Address);

    internal static Ptr<float> RealsOrNull(Tensor? tensor) => new(tensor?.Address ?? 0);

    internal static Ptr<double> Doubles(Tensor tensor) => new(tensor.Address);

    internal static Ptr<uint> Words(Tensor tensor) => new(tensor.Address);

    private static Ptr<uint> WordsOrNull(Tensor? tensor) => new(tensor?.Address ?? 0);

    // Kernels count elements in 32 bits.
    private static uint Count(Tensor tensor) => tensor.Shape.Count <= uint.MaxValue
        ? (uint)tensor.Shape.Count
        : throw new NotSupportedException(
            $"{tensor} has more elements than the CUDA kernels can count, {uint.MaxValue}; a smaller batch has fewer");

    private static uint Rows(Tensor tensor) => Count(tensor) / (uint)tensor.Shape.Last;

    private static uint Channels(Tensor tensor) => (uint)tensor.Shape.Last;

    private static (uint N, uint H, uint W, uint C) Dimensions(Tensor x) =>
        ((uint)x.Shape[0], (uint)x.Shape[1], (uint)x.Shape[2], (uint)x.Shape[3]);

    internal static uint Flag(bool value) => value ? 1u : 0u;
}
