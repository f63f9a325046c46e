using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using ReSTE.Native.Operations;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Devices;

/// <summary>
/// A place with memory of its own that networks run on: a CPU, a GPU. It serves one thread at a time; several devices serve several
/// threads at once, and the results of each are those it gives alone. Dispose of it last, after every trainer and predictor on it.
/// </summary>
public abstract class Device : IDisposable
{
    // The operations are the engine's own: no device comes from outside.
    internal Device()
    {
    }

    /// <summary>The name the command line knows: cpu, cuda:0, reference.</summary>
    public abstract string Name { get; }

    /// <summary>One line about the hardware and the code path it runs.</summary>
    public abstract string Description { get; }

    /// <summary>Element type of activations, weights and gradients: Float32, or Float64 on the reference device.</summary>
    internal abstract ElementType Real { get; }

    /// <summary>The operations.</summary>
    internal abstract IKernels Kernels { get; }

    /// <summary>Kernel launches asked for so far, recorded ones included; 0 on a device that has none.</summary>
    internal virtual long Launches => 0;

    /// <summary>The memory that is free, for all programs together, and that there is; null where the device cannot say.</summary>
    public virtual DeviceMemory? Memory => null;

    /// <summary>
    /// Bytes that a run takes of the device's memory beside its tensors, where memory that is not there shows only when it is used, by the
    /// death of the process: then a run's needs are compared with what is free before it takes anything. Null where the device itself
    /// refuses what it does not have.
    /// </summary>
    internal virtual long? MemoryBeside => null;

    /// <summary>
    /// How often the parameters on it, or other reals, may have been changed: by a training step or from the host. What was computed of
    /// parameters holds for as long as this stays.
    /// </summary>
    internal long Changes { get; private set; }

    /// <summary>Counts a change of parameters.</summary>
    internal void NoteChange() => Changes++;

    /// <summary>A tensor of this device that is not yet placed in memory.</summary>
    internal Tensor NewTensor(string name, Shape shape, ElementType type) => new(name, shape, type);

    /// <summary>A tensor of the device's real type that is not yet placed in memory.</summary>
    internal Tensor NewTensor(string name, Shape shape) => new(name, shape, Real);

    /// <summary>Copies a tensor's elements to the host. The element type must match the tensor's size.</summary>
    internal void Read<T>(Tensor tensor, Span<T> values) where T : unmanaged
    {
        CheckSpan(tensor, values.Length * (long)Unsafe.SizeOf<T>());
        Download(tensor.Address, MemoryMarshal.AsBytes(values));
    }

    /// <summary>Copies elements from the host into a tensor. The element type must match the tensor's size.</summary>
    internal void Write<T>(Tensor tensor, ReadOnlySpan<T> values) where T : unmanaged
    {
        CheckSpan(tensor, values.Length * (long)Unsafe.SizeOf<T>());
        Upload(tensor.Address, MemoryMarshal.AsBytes(values));
    }

    /// <summary>A tensor of reals as doubles, whatever the device stores.</summary>
    internal double[] ReadReals(Tensor tensor)
    {
        var values = new double[tensor.Shape.Count];
        if (tensor.Type == ElementType.Float64)
        {
            Read<double>(tensor, values);
            return values;
        }

        var singles = new float[values.Length];
        Read<float>(tensor, singles);
        for (int i = 0; i < values.Length; i++)
            values[i] = singles[i];
        return values;
    }

    /// <summary>Writes doubles into a tensor of reals, rounded to what the device stores.</summary>
    internal void WriteReals(Tensor tensor, ReadOnlySpan<double> values)
    {
        NoteChange();
        if (tensor.Type == ElementType.Float64)
        {
            Write(tensor, values);
            return;
        }

        var singles = new float[values.Length];
        for (int i = 0; i < values.Length; i++)
            singles[i] = (float)values[i];
        Write<float>(tensor, singles);
    }

    /// <summary>Waits until everything asked for so far is done. What returns numbers waits by itself.</summary>
    public virtual void Synchronize()
    {
    }

    /// <inheritdoc/>
    public abstract void Dispose();

    /// <summary>
    /// Makes a list of operations ready to run many times; every tensor it touches has its memory. The name is for messages.
    /// </summary>
    internal virtual Replay Prepare(string name, Action<IKernels> operations) => new DirectReplay(Kernels, operations);

    /// <summary>
    /// The launches that a list of operations asks for, in order; none of them runs. Empty on a device that has none.
    /// </summary>
    internal virtual IReadOnlyList<RecordedLaunch> List(string name, Action<IKernels, LaunchLog> operations) => [];

    /// <summary>A clock for pieces of its work.</summary>
    internal virtual WorkTimer NewTimer() => throw new NotSupportedException($"{Name} does not time its work");

    /// <summary>A mailbox for copies of a tensor, which may not have its memory yet.</summary>
    internal virtual Mailbox NewMailbox(Tensor tensor) => new HostMailbox(this, tensor);

    /// <summary>
    /// A way to stream bytes into tensors beside the device's work: rings of a number of slots along their first
    /// dimension, which have their memory.
    /// </summary>
    internal virtual Staging NewStaging(IReadOnlyList<Tensor> rings, int slots) => new HostStaging(rings, slots);

    /// <summary>Whether the device threw this because its memory is full.</summary>
    internal virtual bool IsOutOfMemory(Exception problem) => problem is OutOfMemoryException;

    /// <summary>Allocates zeroed memory, aligned to 64 bytes.</summary>
    internal abstract nint Allocate(long bytes);

    internal abstract void Free(nint address);

    internal abstract void Fill(nint address, byte value, long bytes);

    internal abstract void Upload(nint address, ReadOnlySpan<byte> bytes);

    internal abstract void Download(nint address, Span<byte> bytes);

    private static void CheckSpan(Tensor tensor, long bytes)
    {
        if (tensor.Address == 0)
            throw new InvalidOperationException($"{tensor} has no memory, not yet or no longer: commit its slab first");
        if (bytes != tensor.Bytes)
            throw new ArgumentException($"{tensor} has {tensor.Bytes} bytes, the span {bytes}");
    }
}
