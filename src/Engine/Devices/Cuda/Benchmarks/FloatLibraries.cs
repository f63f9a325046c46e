using ReSTE.Native.Operations;

namespace ReSTE.Native.Devices.Cuda;

/// <summary>The same products of reals by cuBLAS and cuDNN, each where it is found.</summary>
internal sealed class FloatLibraries : IDisposable
{
    // Every byte of 0.7470588: not zeros, which draw less power.
    private const byte Filling = 0x3F;

    private readonly CudaContext _context;
    private readonly CudaStream _stream;
    private readonly List<string> _notes = [];
    private readonly Cublas? _cublas;
    private readonly Cudnn? _cudnn;

    public FloatLibraries(CudaContext context, CudaStream stream)
    {
        (_context, _stream) = (context, stream);
        _cublas = Open(Cublas.Name, Cublas.Variable, Cublas.Files, library => new Cublas(library, stream.Value));
        _cudnn = Open(Cudnn.Name, Cudnn.Variable, Cudnn.Files, library => new Cudnn(library, stream.Value));
    }

    /// <summary>What was found, tried or refused, in lines.</summary>
    public IReadOnlyList<string> Notes => _notes;

    /// <summary>Times both; a library that refuses says so once in <see cref="Notes"/>.</summary>
    public FloatTimes Time(in ConvGeometry g, Func<Action, double[]> time)
    {
        ConvGeometry geometry = g;
        return new(_cublas == null ? null : Tried(() => Product(_cublas, geometry, time)),
            _cudnn == null ? null : Tried(() => Convolution(_cudnn, geometry, time)));
    }

    public void Dispose()
    {
        _cublas?.Dispose();
        _cudnn?.Dispose();
    }

    private T? Open<T>(string name, string variable, IReadOnlyList<string> files, Func<OptionalLibrary, T> open) where T : class
    {
        OptionalLibrary? library = OptionalLibrary.Find(name, variable, files, out string note);
        _notes.Add(note);
        return library == null ? null : Tried(() => open(library));
    }

    private T? Tried<T>(Func<T> work) where T : class
    {
        try
        {
            _context.MakeCurrent();
            return work();
        }
        catch (OptionalLibraryException problem)
        {
            Note(problem.Message);
        }
        catch (CudaException problem) when (problem.Result == CuResult.CUDA_ERROR_OUT_OF_MEMORY)
        {
            Note($"left out where memory is short: {problem.Message}");
        }

        return null;
    }

    private void Note(string text)
    {
        if (!_notes.Contains(text))
            _notes.Add(text);
    }

    // What the convolution amounts to: a row of x for each pixel of y, all that its taps read.
    private double[] Product(Cublas cublas, ConvGeometry g, Func<Action, double[]> time)
    {
        int m = checked((int)g.Output.Rows), k = g.K * g.K * g.I;
        using var x = new Block(this, (long)m * k * sizeof(float));
        using var w = new Block(this, g.Weight.Count * sizeof(float));
        using var y = new Block(this, g.Output.Count * sizeof(float));
        return time(() => cublas.Multiply(x.Address, w.Address, y.Address, m, k, g.O));
    }

    private double[] Convolution(Cudnn cudnn, ConvGeometry g, Func<Action, double[]> time)
    {
        using CudnnConvolution convolution = cudnn.Convolution(g);
        using var x = new Block(this, g.Input.Count * sizeof(float));
        using var w = new Block(this, g.Weight.Count * sizeof(float));
        using var y = new Block(this, g.Output.Count * sizeof(float));
        using var workspace = new Block(this, convolution.WorkspaceBytes);
        return time(() => convolution.Forward(x.Address, w.Address, y.Address, workspace.Address));
    }

    /// <summary>Device memory for the time of a measurement; none where none is wanted.</summary>
    private sealed class Block : IDisposable
    {
        private readonly FloatLibraries _owner;

        public Block(FloatLibraries owner, long bytes)
        {
            _owner = owner;
            if (bytes == 0)
                return;
            Address = owner._context.Allocate(bytes, "the comparison with a library");
            owner._stream.Fill(Address, Filling, bytes);
        }

        public nint Address { get; }

        public void Dispose()
        {
            if (Address != 0 && _owner._stream.Drain())
                _owner._context.Free(Address);
        }
    }
}
