using ReSTE.Native.Operations;

namespace ReSTE.Native.Devices;

/// <summary>A launch that was asked for, with a way to ask for it again.</summary>
/// <param name="Launch">What it was.</param>
/// <param name="Arguments">Its arguments in words, addresses among them: what differs in them is another launch.</param>
/// <param name="Forward">The convolution that it computes forward, a product of matrices as one of single pixels; null for others.</param>
/// <param name="Repeat">Queues it once more, with the same arguments; the memory that it was recorded on must be there.</param>
internal sealed record RecordedLaunch(KernelLaunch Launch, string Arguments, ConvGeometry? Forward, Action Repeat);

/// <summary>Where a device notes its launches while somebody wants to know them.</summary>
internal sealed class LaunchLog
{
    private readonly List<RecordedLaunch> _launches = [];

    /// <summary>What the operation under way is called.</summary>
    public string Layer { get; set; } = "";

    /// <summary>What was asked for, in order.</summary>
    public IReadOnlyList<RecordedLaunch> Launches => _launches;

    /// <summary>Notes one.</summary>
    public void Add(RecordedLaunch launch) => _launches.Add(launch);
}
