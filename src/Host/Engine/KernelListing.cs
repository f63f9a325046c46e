using ReSTE.Native.Devices;

namespace ReSTE.Native.Host;

/// <summary>The launches of one training step.</summary>
/// <param name="Device">The device in words.</param>
/// <param name="Launches">In order; empty on a device that has none.</param>
internal sealed record KernelListing(string Device, IReadOnlyList<KernelLaunch> Launches);
