using System.Runtime.InteropServices;
using ReSTE.Native.Operations;

namespace ReSTE.Native.Devices.Cuda;

/// <summary>The descriptors of one convolution, and the algorithm for it.</summary>
internal sealed unsafe class CudnnConvolution : IDisposable
{
    // CUDNN_TENSOR_NHWC, CUDNN_DATA_FLOAT, CUDNN_CROSS_CORRELATION: networks do not flip their filters.
    private const int ChannelsLast = 1, Float = 0, CrossCorrelation = 1;

    // CUDNN_CONVOLUTION_FWD_ALGO_COUNT.
    private const int MostAlgorithms = 8;

    private readonly OptionalLibrary _library;
    private readonly nint _handle;
    private readonly Descriptor _x, _w, _y, _convolution;
    private readonly delegate* unmanaged<nint, float*, nint, nint, nint, nint, nint, int, nint, nuint, float*, nint, nint, int> _forward;
    private readonly int _algorithm;

    public CudnnConvolution(OptionalLibrary library, nint handle, in ConvGeometry g)
    {
        (_library, _handle) = (library, handle);
        try
        {
            _x = Tensor(g.N, g.I, g.H, g.W);
            _y = Tensor(g.N, g.O, g.OH, g.OW);
            _w = new Descriptor(library, "Filter");
            var setFilter = (delegate* unmanaged<nint, int, int, int, int, int, int, int>)library.Function("cudnnSetFilter4dDescriptor");
            library.Check(setFilter(_w.Value, Float, ChannelsLast, g.O, g.I, g.K, g.K), "cudnnSetFilter4dDescriptor");
            _convolution = new Descriptor(library, "Convolution");
            var setConvolution = (delegate* unmanaged<nint, int, int, int, int, int, int, int, int, int>)
                library.Function("cudnnSetConvolution2dDescriptor");
            library.Check(setConvolution(_convolution.Value, g.Padding, g.Padding, g.Stride, g.Stride, 1, 1, CrossCorrelation, Float),
                "cudnnSetConvolution2dDescriptor");
            _algorithm = Choose();
            WorkspaceBytes = Workspace();
            _forward = (delegate* unmanaged<nint, float*, nint, nint, nint, nint, nint, int, nint, nuint, float*, nint, nint, int>)
                library.Function("cudnnConvolutionForward");
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Bytes of working memory that the algorithm wants.</summary>
    public long WorkspaceBytes { get; }

    /// <summary>Queues it.</summary>
    public void Forward(nint x, nint w, nint y, nint workspace)
    {
        float one = 1, zero = 0;
        _library.Check(_forward(_handle, &one, _x.Value, x, _w.Value, w, _convolution.Value, _algorithm, workspace, (nuint)WorkspaceBytes,
            &zero, _y.Value, y), "cudnnConvolutionForward");
    }

    public void Dispose()
    {
        foreach (Descriptor? descriptor in (Descriptor?[])[_convolution, _w, _y, _x])
            descriptor?.Dispose(); // where making them failed, some are not there
    }

    private Descriptor Tensor(int n, int c, int h, int w)
    {
        var descriptor = new Descriptor(_library, "Tensor");
        var set = (delegate* unmanaged<nint, int, int, int, int, int, int, int>)_library.Function("cudnnSetTensor4dDescriptor");
        _library.Check(set(descriptor.Value, ChannelsLast, Float, n, c, h, w), "cudnnSetTensor4dDescriptor");
        return descriptor;
    }

    // The first of the heuristics' list that works, with the instructions that it is for.
    private int Choose()
    {
        var choose = (delegate* unmanaged<nint, nint, nint, nint, nint, int, int*, Performance*, int>)
            _library.Function("cudnnGetConvolutionForwardAlgorithm_v7");
        int count = 0;
        Performance* found = stackalloc Performance[MostAlgorithms];
        _library.Check(choose(_handle, _x.Value, _w.Value, _convolution.Value, _y.Value, MostAlgorithms, &count, found),
            "cudnnGetConvolutionForwardAlgorithm_v7");
        int best = 0;
        while (best < count && found[best].Status != 0)
            best++;
        if (best == count)
            throw new OptionalLibraryException($"{Cudnn.Name}: no algorithm for a convolution of channels last in single precision");
        var setMath = (delegate* unmanaged<nint, int, int>)_library.Function("cudnnSetConvolutionMathType");
        _library.Check(setMath(_convolution.Value, found[best].MathType), "cudnnSetConvolutionMathType");
        return found[best].Algorithm;
    }

    private long Workspace()
    {
        var ask = (delegate* unmanaged<nint, nint, nint, nint, nint, int, nuint*, int>)
            _library.Function("cudnnGetConvolutionForwardWorkspaceSize");
        nuint bytes = 0;
        _library.Check(ask(_handle, _x.Value, _w.Value, _convolution.Value, _y.Value, _algorithm, &bytes),
            "cudnnGetConvolutionForwardWorkspaceSize");
        return (long)bytes;
    }

    /// <summary>One of the library's descriptors, by the middle of its functions' names.</summary>
    private sealed class Descriptor : IDisposable
    {
        private readonly OptionalLibrary _library;
        private readonly string _kind;

        public Descriptor(OptionalLibrary library, string kind)
        {
            (_library, _kind) = (library, kind);
            nint value = 0;
            string create = $"cudnnCreate{kind}Descriptor";
            library.Check(((delegate* unmanaged<nint*, int>)library.Function(create))(&value), create);
            Value = value;
        }

        public nint Value { get; }

        public void Dispose() => _ = ((delegate* unmanaged<nint, int>)_library.Function($"cudnnDestroy{_kind}Descriptor"))(Value);
    }

    /// <summary>cudnnConvolutionFwdAlgoPerf_t.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct Performance
    {
        public int Algorithm;
        public int Status;
        public float Time;
        public nuint Memory;
        public int Determinism;
        public int MathType;
        public int Reserved0, Reserved1, Reserved2;
    }
}
