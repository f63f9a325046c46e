using ReSTE.Native.Devices.Cuda;

namespace ReSTE.Native.Host;

/// <summary>
/// The machine's GPUs as the command uses them: one, opened when it is asked about, and handed to whoever computes on it.
/// </summary>
internal sealed class Gpus(CudaSettings settings) : IDisposable
{
    private CudaDevice? _opened;

    /// <summary>The first GPU that looks usable; 0 where none does.</summary>
    public static int First => CudaDevices.Probe().FirstUsable?.Ordinal ?? 0;

    /// <summary>
    /// Why a GPU cannot be used, in one clause; null where it can. Looking is not enough, for a driver may refuse the kernels: a GPU that
    /// looks usable is opened, and kept for <see cref="Take"/>.
    /// </summary>
    public string? WhyNot(int index)
    {
        var inventory = CudaDevices.Probe();
        if (inventory.WhyNot(index) is { } why)
            return inventory.Failure is null && index >= inventory.Devices.Count ? why + VisibleGpus.Note : why;
        try
        {
            Dispose();
            _opened = Open(index);
            return null;
        }
        catch (Exception problem) when (problem is CudaException or InvalidOperationException or EntryPointNotFoundException or IOException
            or UnauthorizedAccessException)
        {
            return problem is CudaException { RefusesImage: true, Detail.Length: > 0 } refusal
                ? $"{refusal.Status}: {refusal.Detail}"
                : problem.Message;
        }
    }

    /// <summary>A GPU to compute on, which is the caller's from then on.</summary>
    public CudaDevice Take(int index)
    {
        var device = _opened ?? Open(index);
        _opened = null;
        return device;
    }

    /// <summary>Gives back a GPU that was opened and not taken.</summary>
    public void Dispose()
    {
        _opened?.Dispose();
        _opened = null;
    }

    private CudaDevice Open(int index) => CudaDevice.Open(
        index, settings.KernelFolder, settings.Synchronous, settings.PlainKernels, settings.Tf32, settings.DependentLaunches);
}
