using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace ReSTE.Native.Devices.Cuda;

/// <summary>The kernels of one context: every image is loaded when it is made, so that what is wrong with one shows at once.</summary>
internal sealed unsafe class KernelModules : IDisposable
{
    private readonly CudaContext _context;
    private readonly KernelImages _images;
    private readonly string _origin;
    private readonly Dictionary<string, CudaKernel> _kernels = [];
    private readonly Dictionary<Type, CudaKernel> _known = [], _checked = [];
    private readonly List<(ModuleHandle Module, string File)> _modules = [];
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    /// <summary>Loads all images there are.</summary>
    internal KernelModules(CudaContext context, KernelImages images)
    {
        (_context, _images, _origin) = (context, images, images.Describe());
        context.MakeCurrent();
        try
        {
            foreach (string image in images.Names())
                Load(image);
            if (_kernels.Count == 0)
                throw new KernelImageException($"there are no kernels to run: {_origin}");
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The images, such as <c>sign_pack.sm_90a.cubin</c>.</summary>
    internal IEnumerable<string> Loaded => _modules.Select(m => m.File);

    /// <summary>The kernels.</summary>
    internal IEnumerable<CudaKernel> Kernels => _kernels.Values;

    /// <summary>The first digits of the SHA-256 of all images, in the order of their names: which kernels computed a result.</summary>
    internal string Digest => Convert.ToHexStringLower(_hash.GetCurrentHash())[..12];

    /// <summary>The name of the kernel that a struct of arguments is for: binary_conv for BinaryConv.</summary>
    internal static string EntryOf(string name) =>
        string.Concat(name.Select((c, i) => char.IsAsciiLetterUpper(c) ? (i == 0 ? "" : "_") + char.ToLowerInvariant(c) : c.ToString()));

    /// <summary>The kernel these arguments are for. Allocates nothing once it is known.</summary>
    internal CudaKernel Find<TArgs>() where TArgs : unmanaged, IKernelArgs
    {
        if (_known.TryGetValue(typeof(TArgs), out CudaKernel? kernel))
            return kernel;
        string entry = EntryOf(typeof(TArgs).Name);
        if (!_kernels.TryGetValue(entry, out kernel))
            throw new KernelImageException($"there is no kernel {entry}: {_origin}");
        return _known[typeof(TArgs)] = kernel;
    }

    /// <summary>
    /// The same for a launch: a kernel of another version, whose parameters lie elsewhere, would read and write anywhere.
    /// </summary>
    internal CudaKernel FindToLaunch<[DynamicallyAccessedMembers(KernelLayout.Needed)] TArgs>() where TArgs : unmanaged, IKernelArgs
    {
        if (_checked.TryGetValue(typeof(TArgs), out CudaKernel? kernel))
            return kernel;
        kernel = Find<TArgs>();
        int[] taken = kernel.Text.Parameters[kernel.Entry], given = [.. KernelLayout<TArgs>.Parameters.Select(p => p.Size)];
        if (!taken.AsSpan().SequenceEqual(given))
        {
            throw new KernelImageException($"{kernel.Entry} of {kernel.ImageFile} takes parameters of {string.Join(' ', taken)} bytes, "
                + $"this version's of {string.Join(' ', given)}: it is of another version; {_origin}");
        }

        return _checked[typeof(TArgs)] = kernel;
    }

    /// <summary>The driver's own word on how many threads a block of a function may have.</summary>
    internal uint LargestBlock(nint function)
    {
        int threads;
        Check.That(_context.Driver.cuFuncGetAttribute(&threads, CuFunctionAttribute.MaxThreadsPerBlock, function));
        return (uint)threads;
    }

    /// <summary>Unloads the images.</summary>
    public void Dispose()
    {
        foreach (var (module, _) in _modules)
            module.Dispose();
        _modules.Clear();
        _kernels.Clear();
        _known.Clear();
        _checked.Clear();
        _hash.Dispose();
    }

    private void Load(string image)
    {
        byte[] text = _images.Find($"{image}.ptx")!;
        var says = KernelText.Of(text);
        // What is for newer GPUs only is for plans that are chosen there.
        if (says.Capability > Capability)
            return;
        (ModuleHandle Module, string File, bool Waits) loaded = LoadImage(image, text);
        _modules.Add((loaded.Module, loaded.File));
        foreach (var (entry, block) in says.Blocks)
        {
            nint function;
            fixed (byte* name = Encoding.UTF8.GetBytes(entry + '\0'))
                Check.That(_context.Driver.cuModuleGetFunction(&function, loaded.Module.Value, name), $"{entry} of {loaded.File}");
            var kernel = new CudaKernel(entry, block, function, loaded.File, says, loaded.Waits);
            CheckBlock(kernel);
            if (!_kernels.TryAdd(entry, kernel))
            {
                throw new KernelImageException(
                    $"the kernel {entry} is in {_kernels[entry].ImageFile} and in {loaded.File}: one of them is of another version");
            }
        }
    }

    /// <summary>The GPU's compute capability, 90 for 9.0.</summary>
    private int Capability => 10 * _context.Info.Major + _context.Info.Minor;

    // Text and binary may be of different builds: a launch would fail with less to say, or compute with threads that are not there.
    private void CheckBlock(CudaKernel kernel)
    {
        uint most = LargestBlock(kernel.Function);
        if (kernel.Block != most)
        {
            throw new KernelImageException(
                $"{kernel.Entry}: {kernel.Block} threads a block, {kernel.ImageFile} was compiled for {most}");
        }
    }

    private (ModuleHandle Module, string File, bool Waits) LoadImage(string image, byte[] text)
    {
        // Machine code is taken for the very GPU it is of, of code with its own features (sm_90a) first; PTX runs on everything later too.
        foreach (string native in new[] { $"{image}.sm_{Capability}a.cubin", $"{image}.sm_{Capability}.cubin" })
        {
            if (_images.Find(native) is not { } binary)
                continue;
            CuResult result = LoadImage(binary, out nint module, out _);
            if (result == CuResult.CUDA_SUCCESS)
                return (new ModuleHandle(_context.Handle, module), native, KernelText.Waits(binary));
            // A driver that does not know this form of binary may still compile the text; if it cannot, that says why.
            if (result is not (CuResult.CUDA_ERROR_INVALID_IMAGE or CuResult.CUDA_ERROR_NO_BINARY_FOR_GPU
                or CuResult.CUDA_ERROR_INVALID_PTX))
                throw new CudaException(result, nameof(CudaDriver.cuModuleLoadDataEx), native);
        }

        return LoadText($"{image}.ptx", text);
    }

    private (ModuleHandle Module, string File, bool Waits) LoadText(string file, byte[] text)
    {
        CuResult result = LoadImage(text, out nint module, out string log);
        if (result != CuResult.CUDA_SUCCESS)
            throw new CudaException(result, nameof(CudaDriver.cuModuleLoadDataEx),
                PtxFailure.Detail(result, file, text, _context.DriverVersion, log));
        return (new ModuleHandle(_context.Handle, module), file, KernelText.Waits(text));
    }

    private CuResult LoadImage(byte[] image, out nint module, out string log)
    {
        const int LogBytes = 8192;
        var errors = new byte[LogBytes];
        // Text ends with a zero byte for the driver; a binary carries its length and ignores it.
        var terminated = new byte[image.Length + 1];
        image.CopyTo(terminated, 0);
        CuJitOption* options = stackalloc CuJitOption[] { CuJitOption.ErrorLogBuffer, CuJitOption.ErrorLogBufferBytes };
        fixed (byte* data = terminated, errorText = errors)
        {
            nint* values = stackalloc nint[] { (nint)errorText, LogBytes };
            nint made;
            CuResult result = _context.Driver.cuModuleLoadDataEx(&made, data, 2, options, values);
            module = made;
            log = Encoding.UTF8.GetString(errors).TrimEnd('\0');
            if (result == CuResult.CUDA_SUCCESS)
                _hash.AppendData(image);
            return result;
        }
    }
}
