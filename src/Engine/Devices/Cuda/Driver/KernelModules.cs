using System.Security.Cryptography;
using System.Text;

namespace ReSTE.Native.Devices.Cuda;

/// <summary>
/// The kernels of one context: an image is loaded when the first of its kernels is asked for, and stays. For one thread at a time, as the
/// streams are.
/// </summary>
internal sealed unsafe class KernelModules(CudaContext context, KernelImages images) : IDisposable
{
    private readonly Dictionary<Type, CudaKernel> _kernels = [];
    private readonly Dictionary<string, (ModuleHandle Module, string File)> _modules = [];
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    /// <summary>The images loaded so far, such as <c>sign_pack.sm_90a.cubin</c>.</summary>
    internal IEnumerable<string> Loaded => _modules.Values.Select(m => m.File);

    /// <summary>The first digits of the SHA-256 of all images loaded so far, in their order: which kernels computed a result.</summary>
    internal string Digest => Convert.ToHexStringLower(_hash.GetCurrentHash())[..12];

    /// <summary>The kernel these arguments are for. Allocates nothing once it is known.</summary>
    internal CudaKernel Find<TArgs>() where TArgs : unmanaged, IKernelArgs =>
        _kernels.TryGetValue(typeof(TArgs), out CudaKernel? kernel) ? kernel : Load<TArgs>();

    /// <summary>Unloads the images.</summary>
    public void Dispose()
    {
        foreach (var (module, _) in _modules.Values)
            module.Dispose();
        _modules.Clear();
        _kernels.Clear();
        _hash.Dispose();
    }

    private CudaKernel Load<TArgs>() where TArgs : unmanaged, IKernelArgs
    {
        context.MakeCurrent();
        if (!_modules.TryGetValue(TArgs.Image, out (ModuleHandle Module, string File) loaded))
            _modules[TArgs.Image] = loaded = LoadImage(TArgs.Image);
        nint function;
        fixed (byte* name = Encoding.UTF8.GetBytes(TArgs.Entry + '\0'))
            Check.That(CudaDriver.cuModuleGetFunction(out function, loaded.Module.Value, name), $"{TArgs.Entry} of {loaded.File}");
        var kernel = new CudaKernel(TArgs.Entry, TArgs.Block, function, loaded.File);
        CheckBlock(kernel);
        return _kernels[typeof(TArgs)] = kernel;
    }

    /// <summary>The kernel's own launch bound is compiled in; a struct that asks for more would fail at every launch with less to say.</summary>
    private static void CheckBlock(CudaKernel kernel)
    {
        Check.That(CudaDriver.cuFuncGetAttribute(out int threads, CuFunctionAttribute.MaxThreadsPerBlock, kernel.Function), kernel.Entry);
        if (kernel.Block > threads)
            throw new InvalidOperationException($"{kernel.Entry}: {kernel.Block} threads a block, {kernel.ImageFile} was compiled for at most {threads}");
    }

    private (ModuleHandle Module, string File) LoadImage(string image)
    {
        // sm_90a code runs on 9.0 and on nothing else; PTX runs on 8.0 and everything later.
        string native = $"{image}.sm_90a.cubin";
        if (context.Info is { Major: 9, Minor: 0 } && images.Find(native) is { } binary)
        {
            CuResult result = LoadImage(binary, out nint module, out _);
            if (result == CuResult.CUDA_SUCCESS)
                return (new ModuleHandle(context.Handle, module), native);
            // A driver that does not know this form of binary may still compile the text; if it cannot, that says why.
            if (result is not (CuResult.CUDA_ERROR_INVALID_IMAGE or CuResult.CUDA_ERROR_NO_BINARY_FOR_GPU or CuResult.CUDA_ERROR_INVALID_PTX))
                throw new CudaException(result, nameof(CudaDriver.cuModuleLoadDataEx), native);
        }

        return LoadText($"{image}.ptx");
    }

    private (ModuleHandle Module, string File) LoadText(string file)
    {
        byte[] text = images.Find(file) ?? throw new InvalidOperationException($"the kernel image {file} is missing; images: {images.Describe()}");
        CuResult result = LoadImage(text, out nint module, out string log);
        if (result != CuResult.CUDA_SUCCESS)
            throw new CudaException(result, nameof(CudaDriver.cuModuleLoadDataEx), PtxFailure.Detail(result, file, text, context.DriverVersion, log));
        return (new ModuleHandle(context.Handle, module), file);
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
            CuResult result = CudaDriver.cuModuleLoadDataEx(out module, data, 2, options, values);
            log = Encoding.UTF8.GetString(errors).TrimEnd('\0');
            if (result == CuResult.CUDA_SUCCESS)
                _hash.AppendData(image);
            return result;
        }
    }
}
