using ReSTE.Native.Operations;

namespace ReSTE.Native.Devices;

/// <summary>A fixed list of operations that a device has made ready to run again and again.</summary>
internal abstract class Replay : IDisposable
{
    /// <summary>Asks for all of them once; <see cref="Device.Synchronize"/> waits for them. Allocates nothing.</summary>
    public abstract void Run();

    /// <summary>Gives back what was made ready.</summary>
    public virtual void Dispose()
    {
    }
}

/// <summary>Calls the operations one by one, each time anew: for devices that gain nothing from knowing the list.</summary>
internal sealed class DirectReplay(IKernels kernels, Action<IKernels> operations) : Replay
{
    public override void Run() => operations(kernels);
}
