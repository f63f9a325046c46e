using System.Globalization;
using ReSTE.Native.Devices;
using ReSTE.Native.Messages;

namespace ReSTE.Native.Training;

/// <summary>
/// A network, its data and its batch do not fit a device's memory; nothing of them has been kept there. The message is one line that says
/// what takes how much, and what would fit.
/// </summary>
public sealed class DeviceMemoryException : Exception
{
    /// <summary>Smaller batches were tried.</summary>
    /// <param name="device">The device's name.</param>
    /// <param name="batch">The batches that were asked for.</param>
    /// <param name="needs">What they take.</param>
    /// <param name="memory">What the device had free before.</param>
    /// <param name="fitting">The batches that would fit; null where none would.</param>
    /// <param name="inner">The failure to allocate; null where the needs were compared before.</param>
    internal DeviceMemoryException(
        string device, BatchSizes batch, MemoryNeeds needs, DeviceMemory memory, BatchSizes? fitting, Exception? inner)
        : this(device, batch, needs, memory, inner, fitting is { } fits ? $"{fits} fits"
            : needs.NetworkExceeds(memory.Free) ? "the network alone is too much"
            : needs.DataExceeds(memory.Free) ? "the data alone is too much"
            : "not even batches of 2 images fit") => Fitting = fitting;

    /// <summary>Nothing else was tried.</summary>
    internal DeviceMemoryException(string device, BatchSizes batch, MemoryNeeds needs, DeviceMemory? memory, Exception? inner)
        : this(device, batch, needs, memory, inner, "smaller batches need less")
    {
    }

    private DeviceMemoryException(string device, BatchSizes batch, MemoryNeeds needs, DeviceMemory? memory, Exception? inner, string advice)
        : base($"{device} has too little memory: {batch} needs {ByteSize.Text(needs.Total)} ({needs})"
            + (memory is { } known ? $", and {known} are free; {advice}" : $"; {advice}"), inner) =>
        (Device, Batch, Needs, Memory) = (device, batch, needs, memory);

    /// <summary>The device's name.</summary>
    public string Device { get; }

    /// <summary>The batches that were asked for.</summary>
    public BatchSizes Batch { get; }

    /// <summary>The memory they take.</summary>
    public MemoryNeeds Needs { get; }

    /// <summary>What the device had free before it was asked for anything; null where it cannot say.</summary>
    public DeviceMemory? Memory { get; }

    /// <summary>
    /// The largest batches of those that were tried, by halving, which fit; null where none do, and where none were tried.
    /// </summary>
    public BatchSizes? Fitting { get; }

    /// <summary>
    /// Bytes that another program took between the moment when there was room and the failure, so that <see cref="Memory"/> is what it
    /// left; 0 where it is not to blame.
    /// </summary>
    public long TakenMeanwhile { get; internal init; }

    /// <inheritdoc/>
    public override string Message => TakenMeanwhile == 0 ? base.Message
        : $"{base.Message}; another program took {ByteSize.Text(TakenMeanwhile)} meanwhile";

    /// <summary>
    /// Whether the data is too much beside the parameters, which have room: then fewer images are needed and not smaller batches.
    /// </summary>
    public bool IsDataTooLarge => Memory is { } known && Needs.DataExceeds(known.Free);

    /// <summary>Whether the program and its parameters are too much without an image: then nothing but more memory helps.</summary>
    public bool IsNetworkTooLarge => Memory is { } known && Needs.NetworkExceeds(known.Free);
}

/// <summary>Images at once.</summary>
/// <param name="Train">In a training step or a prediction; <see cref="Recipe.BatchSize"/>.</param>
/// <param name="Test">In an evaluation step, <see cref="Recipe.BatchSizeTest"/>; null where it is not what matters.</param>
public readonly record struct BatchSizes(int Train, int? Test = null)
{
    /// <summary>Such as "batch size 256 with test batch size 128".</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"batch size {Train}{(Test is { } test ? $" with test batch size {test}" : "")}");
}
